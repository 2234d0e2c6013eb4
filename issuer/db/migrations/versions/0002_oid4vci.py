"""Offers to wallets and what belongs to them.

Revision: 0002, after 0001.
"""

from alembic import op

from issuer.db.oid4vci_tables import TABLES
from issuer.db.tables import metadata

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of OpenID4VCI."""
    metadata.create_all(op.get_bind(), tables=list(TABLES))
