"""The tables of sealed European Digital Credentials, and of batches whose awards are to have one.

Shape: the text that is to be sealed is kept first; the sealed file joins it once, and neither
changes afterwards. An award has one EDC: the database refuses a second.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from issuer.db.columns import Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "edc_file", "edc_job", "edc_refusal"]

edc_file = Table(
    "edc_file",
    metadata,
    Column("issuance_id", ForeignKey("issuance.id"), primary_key=True, autoincrement=False),
    Column("award_id", ForeignKey("award.id"), nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_hash", LargeBinary(32), nullable=False),
    Column("intended_at", Instant, nullable=False),
    Column("sealed", LargeBinary),
    Column("sealed_at", Instant),
)
"""The EDC of one award; the issued Open Badge that is named here travels inside."""

edc_refusal = Table(
    "edc_refusal",
    metadata,
    Column("award_id", ForeignKey("award.id"), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("refused_at", Instant, nullable=False),
)
"""Awards of batches that cannot become an EDC as they are, and what is to be mended."""

edc_job = Table(
    "edc_job",
    metadata,
    Column("batch_id", ForeignKey("batch.id"), primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False, server_default="1"),
    Column("handed_run", Integer, nullable=False, server_default="0"),
    Column("finished_at", Instant),
)
"""Batches that get EDC, decided when the list was kept; runs as in `batch_job`."""

Index(
    "ix_edc_job_open",
    edc_job.c.batch_id,
    sqlite_where=text("finished_at IS NULL"),
    postgresql_where=text("finished_at IS NULL"),
)

TABLES = (edc_file, edc_refusal, edc_job)
