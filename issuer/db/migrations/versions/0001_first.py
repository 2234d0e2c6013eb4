"""The first schema: organisations, achievements, awards, issuances, status, audit.

Revision: 0001, after nothing.
"""

from alembic import op

from issuer.db.tables import audit_head, metadata
from issuer.db.triggers import create_triggers

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    metadata.create_all(op.get_bind())
    create_triggers(op.get_bind())
    op.execute(audit_head.insert().values(id=1, seq=0, hash=bytes(32)))
