"""The tables of batches that are awarded in the background.

Shape: these rows are the truth; the job engine only knows their numbers and may lose or repeat
what it likes. A row's decision leaves this table for `award` in the commit that awards it.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "batch_job", "batch_row"]

batch_job = Table(
    "batch_job",
    metadata,
    Column("batch_id", ForeignKey("batch.id"), primary_key=True, autoincrement=False),
    Column("ordered", Text, nullable=False),
    Column("row_count", Integer, nullable=False, server_default="0"),
    Column("run", Integer, nullable=False, server_default="0"),
    Column("handed_run", Integer, nullable=False, server_default="0"),
    Column("starts_at", Instant),
    Column("ready_at", Instant),
    Column("finished_at", Instant),
    Column("approval", String(10), nullable=False, server_default="none"),
    Column("asked_by", String(200)),
    Column("decided_by", String(200)),
    Column("decided_at", Instant),
    Column("decided_why", Text),
    Column("submission", String(64), unique=True),
    Column("layout", Text),
    CheckConstraint("approval IN ('none', 'waiting', 'approved', 'sent-back')", name="approval"),
    CheckConstraint("handed_run = 0 OR approval IN ('none', 'approved')", name="unapproved_waits"),
    CheckConstraint(
        "approval <> 'approved' OR (asked_by IS NOT NULL AND decided_by IS NOT NULL"
        " AND decided_at IS NOT NULL AND decided_by <> asked_by)",
        name="two_people",
    ),
)
"""How far a batch is. `run` counts starts and resumptions, `handed_run` those the engine got.

`approval`: whether a second person has to look first; the engine never gets a batch that waits.
`submission`: digest of the form that sent the list, so that sending it twice makes one batch.
`layout`: JSON, the headings of the list and what each was taken for.
"""

Index(
    "ix_batch_job_open",
    batch_job.c.batch_id,
    sqlite_where=text("finished_at IS NULL"),
    postgresql_where=text("finished_at IS NULL"),
)

batch_row = Table(
    "batch_row",
    metadata,
    Column("batch_id", ForeignKey("batch.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("content", Text),
    Column("problems", Text),
    Column("cells", Text),
    Column("issuance_id", Id),
    CheckConstraint("state IN ('waiting', 'awarded', 'duplicate', 'invalid')", name="state"),
    sqlite_with_rowid=False,
)
"""One row of an uploaded list: its decision (JSON) while it waits, or what is wrong with it.

`cells`: JSON, the row as it came, so that it can be given back to be mended; gone once issued.
"""

Index(
    "ix_batch_row_waiting",
    batch_row.c.batch_id,
    batch_row.c.number,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)

TABLES = (batch_job, batch_row)
