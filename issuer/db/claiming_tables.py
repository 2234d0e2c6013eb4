"""The tables of how learners come in: what their organisation asks for, and addresses proved.

Shape: no address and no code is here; both are made again from a keyed hash when a mail is written.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "claim_proof", "claiming_rules"]

claiming_rules = Table(
    "claiming_rules",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("prove_email", Boolean(create_constraint=False), nullable=False),
    Column("wallet_code", Boolean(create_constraint=False), nullable=False),
)
"""What an organisation asks of learners; no row = nothing beyond the link."""

claim_proof = Table(
    "claim_proof",
    metadata,
    Column("id", Id, primary_key=True),
    Column("claim_id", ForeignKey("claim.id"), nullable=False, index=True),
    Column("name", String(22), nullable=False, unique=True),
    Column("browser_hash", LargeBinary(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("proved_at", Instant),
)
"""One mail that lets one browser prove the learner's address. `name` is random, opens nothing."""

TABLES = (claiming_rules, claim_proof)
