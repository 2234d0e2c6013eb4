"""The table of organisations that want two pairs of eyes on what they award."""

from sqlalchemy import Column, ForeignKey, Integer, Table

from issuer.db.columns import Instant
from issuer.db.tables import metadata

__all__ = ["four_eyes"]

four_eyes = Table(
    "four_eyes",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("above", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""More awards than `above` at once wait for a second person; no row = nothing waits."""
