"""The table of sealed European Digital Credentials.

Shape: the text that is to be sealed is kept first; the sealed file joins it once, and neither
changes afterwards.
"""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table

from issuer.db.columns import Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "edc_file"]

edc_file = Table(
    "edc_file",
    metadata,
    Column("issuance_id", ForeignKey("issuance.id"), primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_hash", LargeBinary(32), nullable=False),
    Column("intended_at", Instant, nullable=False),
    Column("sealed", LargeBinary),
    Column("sealed_at", Instant),
)
"""One EDC for one issued Open Badge, which travels inside."""

TABLES = (edc_file,)
