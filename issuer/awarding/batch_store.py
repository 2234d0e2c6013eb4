"""Batches: what they are issued as, who has them, how far they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from issuer.awarding import batch_row_store
from issuer.awarding.approval import Approval, Decided
from issuer.awarding.columns import Layout
from issuer.awarding.model import Order
from issuer.db.edc_tables import edc_job, edc_refusal
from issuer.db.job_tables import batch_job
from issuer.db.tables import achievement, award, batch
from issuer.errors import NotFound
from issuer.status.model import Purpose

__all__ = [
    "Job",
    "Ready",
    "add_batch",
    "add_job",
    "another_run",
    "by_number",
    "discard",
    "finish",
    "hand_over",
    "is_cancelled",
    "listed",
    "make_ready",
    "resume",
    "set_cancelled",
    "set_start",
    "submitted",
    "unfinished",
    "want_edc",
]


@dataclass(frozen=True, slots=True)
class Job:
    """A batch that is awarded in the background."""

    batch_id: int
    organisation_id: int
    """Who signs."""

    body_id: int
    """Who awards, and whose list it is."""

    achievement_id: int
    actor: str
    source_name: str
    order: Order
    rows: int
    run: int
    handed_run: int
    starts_at: datetime | None
    ready_at: datetime | None
    cancelled_at: datetime | None
    finished_at: datetime | None
    created_at: datetime
    approval: Decided
    layout: Layout | None


def add_batch(connection: Connection, row: dict[str, Any]) -> int:
    """Keep a new batch and return its number."""
    number = connection.execute(insert(batch).values(row).returning(batch.c.id)).scalar_one()
    return int(number)


def add_job(
    connection: Connection,
    batch_id: int,
    order: Order,
    starts_at: datetime | None,
    layout: Layout | None = None,
) -> None:
    """Keep what a batch is to be issued as, and how its list was read."""
    ordered = {"format": order.format, "holder": order.holder, "purposes": list(order.purposes)}
    row = {
        "batch_id": batch_id,
        "ordered": orjson.dumps(ordered).decode(),
        "starts_at": starts_at,
        "layout": orjson.dumps(layout.columns).decode() if layout else None,
    }
    connection.execute(insert(batch_job).values(row))


def want_edc(connection: Connection, batch_id: int) -> None:
    """Say that the awards of a batch are to have a European Digital Credential each."""
    connection.execute(insert(edc_job).values(batch_id=batch_id))


@dataclass(frozen=True, slots=True)
class Ready:
    """What is known of a batch when its whole list is kept."""

    rows: int
    awards: int
    """Rows that can be awarded, as far as the list alone tells."""

    submission: str | None = None
    awaits: str | None = None
    """Who asks a second person to look; None where nobody has to."""


def make_ready(connection: Connection, batch_id: int, ready: Ready, now: datetime) -> None:
    """Say that the whole list is kept: from now on workers, or its approver, may take it."""
    change = update(batch_job).where(batch_job.c.batch_id == batch_id)
    asked = {"approval": Approval.WAITING, "asked_by": ready.awaits} if ready.awaits else {}
    found = {"ready_at": now, "row_count": ready.rows, "submission": ready.submission, "run": 1}
    connection.execute(change.values(found | asked))


def submitted(connection: Connection, submission: str) -> int | None:
    """Return the batch a form was sent for before."""
    query = select(batch_job.c.batch_id).where(batch_job.c.submission == submission)
    return connection.scalar(query)


def discard(connection: Connection, batch_id: int, now: datetime) -> None:
    """Forget the rows of a list that was sent twice at once."""
    batch_row_store.forget(connection, batch_id)
    change = update(batch_job).where(batch_job.c.batch_id == batch_id)
    connection.execute(change.values(finished_at=now))
    set_cancelled(connection, batch_id, now)


def by_number(connection: Connection, batch_id: int) -> Job:
    """Return a batch.

    Raises:
        NotFound: there is none that runs in the background.
    """
    row = connection.execute(_jobs().where(batch_job.c.batch_id == batch_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no batch {batch_id}")
    return _read(row)


def listed(
    connection: Connection, organisation_id: int, limit: int, before: int | None = None
) -> list[Job]:
    """Return an organisation's batches whose lists are wholly kept, newest first."""
    query = _jobs().where(
        achievement.c.organisation_id == organisation_id, batch_job.c.ready_at.is_not(None)
    )
    if before is not None:
        query = query.where(batch_job.c.batch_id < before)
    found = connection.execute(query.order_by(batch_job.c.batch_id.desc()).limit(limit))
    return [_read(row) for row in found]


def unfinished(connection: Connection) -> list[Job]:
    """Return the batches that workers have to do with, oldest first."""
    query = _jobs().where(
        batch_job.c.finished_at.is_(None),
        batch_job.c.ready_at.is_not(None),
        batch_job.c.approval.in_((Approval.NONE, Approval.APPROVED)),
        batch.c.cancelled_at.is_(None),
    )
    return [_read(row) for row in connection.execute(query.order_by(batch_job.c.batch_id))]


def hand_over(connection: Connection, batch_id: int, run: int) -> None:
    """Say that the engine has this run."""
    change = update(batch_job).where(batch_job.c.batch_id == batch_id)
    connection.execute(change.where(batch_job.c.handed_run < run).values(handed_run=run))


def resume(connection: Connection, batch_id: int) -> None:
    """Open a batch again, with what got no EDC: the engine is to get another run of it."""
    connection.execute(update(batch).where(batch.c.id == batch_id).values(cancelled_at=None))
    change = update(batch_job).where(batch_job.c.batch_id == batch_id)
    connection.execute(change.values(run=batch_job.c.run + 1, finished_at=None))
    again = update(edc_job).where(edc_job.c.batch_id == batch_id)
    connection.execute(again.values(run=edc_job.c.run + 1, finished_at=None))
    awards = select(award.c.id).where(award.c.batch_id == batch_id)
    connection.execute(delete(edc_refusal).where(edc_refusal.c.award_id.in_(awards)))


def another_run(connection: Connection, batch_id: int, after: int) -> None:
    """Let the engine get another run of a batch that stands still, unless somebody saw to it."""
    change = update(batch_job).where(
        batch_job.c.batch_id == batch_id,
        batch_job.c.run == after,
        batch_job.c.finished_at.is_(None),
    )
    connection.execute(change.values(run=after + 1))


def set_cancelled(connection: Connection, batch_id: int, now: datetime) -> None:
    """Say that what is left of a batch is not wanted."""
    change = update(batch).where(batch.c.id == batch_id, batch.c.cancelled_at.is_(None))
    connection.execute(change.values(cancelled_at=now))


def set_start(connection: Connection, batch_id: int, starts_at: datetime | None) -> bool:
    """Let a batch that no worker has begin at another time; tell whether it was one."""
    wanted = select(batch.c.id).where(batch.c.id == batch_id, batch.c.cancelled_at.is_(None))
    change = update(batch_job).where(
        batch_job.c.batch_id.in_(wanted),
        batch_job.c.handed_run == 0,
        batch_job.c.finished_at.is_(None),
    )
    return connection.execute(change.values(starts_at=starts_at)).rowcount == 1


def is_cancelled(connection: Connection, batch_id: int) -> bool:
    """Tell whether the rest of a batch is not wanted."""
    query = select(batch.c.cancelled_at).where(batch.c.id == batch_id)
    return connection.scalar(query) is not None


def finish(connection: Connection, batch_id: int, now: datetime) -> bool:
    """Say that a batch is done if nothing of it is left; tell whether that was news."""
    if not batch_row_store.wind_up(connection, batch_id):
        return False
    change = update(batch_job).where(
        batch_job.c.batch_id == batch_id, batch_job.c.finished_at.is_(None)
    )
    return connection.execute(change.values(finished_at=now)).rowcount == 1


def _jobs() -> Select[*tuple[Any, ...]]:
    of_batch = (
        batch.c.organisation_id,
        achievement.c.organisation_id.label("body_id"),
        batch.c.achievement_id,
        batch.c.actor,
        batch.c.source_name,
        batch.c.cancelled_at,
        batch.c.created_at,
    )
    return (
        select(*batch_job.c, *of_batch)
        .join(batch, batch.c.id == batch_job.c.batch_id)
        .join(achievement, achievement.c.id == batch.c.achievement_id)
    )


def _read(row: Row[*tuple[Any, ...]]) -> Job:
    ordered = orjson.loads(row.ordered)
    purposes = tuple(Purpose(found) for found in ordered["purposes"])
    return Job(
        batch_id=row.batch_id,
        organisation_id=row.organisation_id,
        body_id=row.body_id,
        achievement_id=row.achievement_id,
        actor=row.actor,
        source_name=row.source_name,
        order=Order(ordered["format"], ordered["holder"], purposes),
        rows=row.row_count,
        run=row.run,
        handed_run=row.handed_run,
        starts_at=row.starts_at,
        ready_at=row.ready_at,
        cancelled_at=row.cancelled_at,
        finished_at=row.finished_at,
        created_at=row.created_at,
        approval=Decided(
            Approval(row.approval),
            row.asked_by,
            row.decided_by,
            row.decided_at,
            row.decided_why or "",
        ),
        layout=Layout(tuple(map(tuple, orjson.loads(row.layout)))) if row.layout else None,
    )
