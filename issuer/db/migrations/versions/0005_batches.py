"""Batches that are awarded in the background.

Revision: 0005, after 0004.
"""

from alembic import op

from issuer.db.job_tables import TABLES
from issuer.db.tables import metadata

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables of batches."""
    metadata.create_all(op.get_bind(), tables=list(TABLES))
