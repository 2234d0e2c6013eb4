"""Sealed European Digital Credentials.

Revision: 0003, after 0002.
"""

from alembic import op

from issuer.db.edc_tables import TABLES
from issuer.db.tables import metadata

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of sealed files."""
    metadata.create_all(op.get_bind(), tables=list(TABLES))
