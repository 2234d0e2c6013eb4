"""Whom to trust: imported registers, and the keys of issuers elsewhere as first seen.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "trusted_register",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("publisher", sa.String(length=2048), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_trusted_register")),
    )
    op.create_table(
        "issuer_key",
        sa.Column("issuer", sa.String(length=2048), nullable=False),
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("first_seen", Instant(), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "thumbprint", name=op.f("pk_issuer_key")),
    )
