"""Mail that waits to be sent.

Revision: 0007, after 0006.
"""

from alembic import op

from issuer.db.tables import mail, metadata

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the queue."""
    metadata.create_all(op.get_bind(), tables=[mail])
