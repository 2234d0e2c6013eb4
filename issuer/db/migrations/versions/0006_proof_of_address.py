"""How learners come in: what their organisation asks for, and addresses proved by mail.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "claiming_rules",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("prove_email", sa.Boolean(), nullable=False),
        sa.Column("wallet_code", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_claiming_rules_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_claiming_rules")),
    )
    op.create_table(
        "claim_proof",
        sa.Column("id", Id, nullable=False),
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proved_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_proof_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_proof")),
        sa.UniqueConstraint("name", name=op.f("uq_claim_proof_name")),
    )
    op.create_index(op.f("ix_claim_proof_claim_id"), "claim_proof", ["claim_id"])
