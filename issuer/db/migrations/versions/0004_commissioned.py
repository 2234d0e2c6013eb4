"""Status of what integrators had us sign.

Revision: 0004, after 0003.
"""

from alembic import op

from issuer.db.tables import commissioned_entry, metadata
from issuer.db.triggers import COMMISSIONED, create_triggers

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of their places in status lists, and its rules."""
    metadata.create_all(op.get_bind(), tables=[commissioned_entry])
    create_triggers(op.get_bind(), COMMISSIONED)
