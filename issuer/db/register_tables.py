"""The tables of whom to trust: registers that were imported, and issuers' keys seen before."""

from sqlalchemy import Boolean, Column, LargeBinary, String, Table

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "issuer_key", "trusted_register"]

trusted_register = Table(
    "trusted_register",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("publisher", String(2048), nullable=False),
    Column("version", Id, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("removed_at", Instant),
)
"""A register under the operator's name for it; one that was removed keeps its version."""

issuer_key = Table(
    "issuer_key",
    metadata,
    Column("issuer", String(2048), primary_key=True),
    Column("thumbprint", String(43), primary_key=True),
    Column("first_seen", Instant, nullable=False),
    Column("explained", Boolean, nullable=False),
)
"""One key of an issuer elsewhere, as first seen; `explained` is false for a sudden change."""

TABLES = (trusted_register, issuer_key)
