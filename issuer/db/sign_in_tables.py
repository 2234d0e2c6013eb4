"""The tables of signing in without a password: passkeys, identities elsewhere, open questions."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "staff_identity", "staff_passkey", "staff_question"]

staff_passkey = Table(
    "staff_passkey",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", ForeignKey("staff_account.id"), nullable=False, index=True),
    Column("credential_id", LargeBinary(1023), nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""A key in somebody's device; `public_key` as COSE."""

staff_identity = Table(
    "staff_identity",
    metadata,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", ForeignKey("staff_account.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
)
"""Who an account is at an OpenID provider."""

staff_question = Table(
    "staff_question",
    metadata,
    Column("answer_hash", LargeBinary(32), primary_key=True),
    Column("browser_hash", LargeBinary(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""What we asked a browser to bring back, once: a passkey's challenge, a provider's ``state``."""

TABLES = (staff_passkey, staff_identity, staff_question)
