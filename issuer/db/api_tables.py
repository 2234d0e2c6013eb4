"""The tables of the integrators' API: clients, their tokens, the assertions they used up.

Shape: of every secret and token only a SHA-256 is kept; both are 256 random bits.
"""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "api_assertion", "api_client", "api_token"]

api_client = Table(
    "api_client",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("client_id", String(40), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("secret_hash", LargeBinary(32)),
    Column("public_key", Text),
    Column("created_at", Instant, nullable=False),
    Column("rotated_at", Instant),
    Column("used_at", Instant),
    Column("closed_at", Instant),
)
"""One program of an organisation; it has a secret, or a public key (JWK)."""

api_token = Table(
    "api_token",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("client_id", ForeignKey("api_client.id"), nullable=False, index=True),
    Column("scopes", String(200), nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

api_assertion = Table(
    "api_assertion",
    metadata,
    Column("client_id", ForeignKey("api_client.id"), primary_key=True, autoincrement=False),
    Column("jti_hash", LargeBinary(32), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""An assertion by which a client has signed in: not good for a second time."""

TABLES = (api_client, api_token, api_assertion)
