"""Accounts, roles and sessions of the staff.

Revision: 0006, after 0005.
"""

from alembic import op

from issuer.db.staff_tables import TABLES
from issuer.db.tables import metadata

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables of the staff."""
    metadata.create_all(op.get_bind(), tables=list(TABLES))
