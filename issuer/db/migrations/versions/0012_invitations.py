"""Invitations of staff by mail.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the table of who is sent a link."""
    op.create_table(
        "staff_invitation",
        sa.Column("link_id", Id, autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["staff_link.id"], name=op.f("fk_staff_invitation_link_id")
        ),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_staff_invitation")),
    )
