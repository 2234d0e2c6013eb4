"""The table of mandates: who lets the alliance sign in their stead, and the paper that says so."""

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String, Table, Text, text

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "mandate"]

mandate = Table(
    "mandate",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("signer_id", ForeignKey("organisation.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""`signer_id` signs what `organisation_id` awards; the document is a PDF, `digest` its SHA-256."""

Index(
    "uq_mandate_in_force",
    mandate.c.organisation_id,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

TABLES = (mandate,)
