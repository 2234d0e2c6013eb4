"""Clients of the integrators' API.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables of clients, tokens and used assertions."""
    op.create_table(
        "api_client",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("rotated_at", Instant, nullable=True),
        sa.Column("used_at", Instant, nullable=True),
        sa.Column("closed_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_api_client_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_client_client_id")),
    )
    op.create_index(op.f("ix_api_client_organisation_id"), "api_client", ["organisation_id"])
    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_id", Id, nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_token_client_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_token")),
    )
    op.create_index(op.f("ix_api_token_client_id"), "api_token", ["client_id"])
    op.create_index(op.f("ix_api_token_expires_at"), "api_token", ["expires_at"])
    op.create_table(
        "api_assertion",
        sa.Column("client_id", Id, autoincrement=False, nullable=False),
        sa.Column("jti_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_assertion_client_id")
        ),
        sa.PrimaryKeyConstraint("client_id", "jti_hash", name=op.f("pk_api_assertion")),
    )
    op.create_index(op.f("ix_api_assertion_expires_at"), "api_assertion", ["expires_at"])
