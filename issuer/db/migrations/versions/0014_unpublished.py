"""The index of issuances on their way goes by their publication, not by their state.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("ix_issuance_open", table_name="issuance")
    op.create_index(
        "ix_issuance_open",
        "issuance",
        ["id"],
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
