"""The table of how lists were read: which heading an organisation took for what."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from issuer.db.columns import Instant
from issuer.db.tables import metadata

__all__ = ["list_layout"]

list_layout = Table(
    "list_layout",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("header_digest", String(64), primary_key=True),
    Column("columns", Text, nullable=False),
    Column("used_at", Instant, nullable=False),
)
"""`columns`: JSON, in the order of the list: what each column means, null where it is not used."""
