"""How organisations appear: logo, colours, sender, languages, mail texts.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "branding",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("colour", sa.String(7), nullable=True),
        sa.Column("dark_colour", sa.String(7), nullable=True),
        sa.Column("page_colour", sa.String(7), nullable=True),
        sa.Column("sender_name", sa.String(120), nullable=True),
        sa.Column("sender_address", sa.String(254), nullable=True),
        sa.Column("languages", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_branding_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_branding")),
    )
    op.create_table(
        "branding_mail",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_branding_mail_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "language", name=op.f("pk_branding_mail")),
    )
