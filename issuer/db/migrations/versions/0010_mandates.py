"""Mandates.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table of mandates."""
    op.create_table(
        "mandate",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("signer_id", Id, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mandate_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["signer_id"], ["organisation.id"], name=op.f("fk_mandate_signer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index(op.f("ix_mandate_organisation_id"), "mandate", ["organisation_id"])
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_mandate_in_force",
        "mandate",
        ["organisation_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
