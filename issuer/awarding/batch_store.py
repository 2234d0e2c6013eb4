"""The rows of batches: what waits, what became of each row, how far a batch is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update

from issuer.awarding.approval import Approval, Decided
from issuer.awarding.columns import Layout
from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Decision, Order, State
from issuer.awarding.person_row import Mend, Problem
from issuer.db.edc_tables import edc_job, edc_refusal
from issuer.db.job_tables import batch_job, batch_row
from issuer.db.rows import insert_many
from issuer.db.tables import achievement, award, batch, issuance
from issuer.errors import NotFound
from issuer.status.model import Purpose

__all__ = [
    "Counts",
    "Job",
    "Ready",
    "Waiting",
    "add_job",
    "add_rows",
    "another_run",
    "by_number",
    "chunks_left",
    "counts",
    "discard",
    "erase_before",
    "finish",
    "hand_over",
    "is_cancelled",
    "issuances_of",
    "listed",
    "make_ready",
    "mark_awarded",
    "mark_duplicate",
    "people",
    "problems",
    "resume",
    "set_cancelled",
    "set_start",
    "submitted",
    "to_mend",
    "unfinished",
    "waiting",
    "want_edc",
]

OPEN = (State.RESERVED, State.INTENDED, State.SIGNED)


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that is to be awarded."""

    number: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a batch are where."""

    waiting: int = 0
    awarded: int = 0
    issued: int = 0
    refused: int = 0
    duplicate: int = 0
    invalid: int = 0


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


def add_rows(connection: Connection, batch_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep rows of a list."""
    full = [
        {
            "batch_id": batch_id,
            "content": None,
            "problems": None,
            "cells": None,
            "issuance_id": None,
            **row,
        }
        for row in rows
    ]
    insert_many(connection, batch_row, full)


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
    connection.execute(delete(batch_row).where(batch_row.c.batch_id == batch_id))
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


def people(connection: Connection, batch_id: int, after: int, limit: int) -> list[Waiting]:
    """Return rows that wait, in the order of the list."""
    query = select(batch_row.c.number, batch_row.c.content).where(
        batch_row.c.batch_id == batch_id,
        batch_row.c.state == "waiting",
        batch_row.c.number > after,
    )
    found = connection.execute(query.order_by(batch_row.c.number).limit(limit))
    return [Waiting(row.number, from_json(row.content)) for row in found]


def to_mend(connection: Connection, batch_id: int) -> Iterator[Mend]:
    """Yield the rows that were not awarded, as they came, and why."""
    cells = select(batch_row.c.number, batch_row.c.cells).where(
        batch_row.c.batch_id == batch_id, batch_row.c.cells.is_not(None)
    )
    cells = cells.outerjoin(issuance, issuance.c.id == batch_row.c.issuance_id).where(
        batch_row.c.problems.is_not(None) | issuance.c.void_reason.is_not(None)
    )
    came = {row.number: row.cells for row in connection.execute(cells)}
    for number, told in groupby(problems(connection, batch_id), lambda found: found.row):
        yield Mend(number, tuple(orjson.loads(came.get(number, "[]"))), tuple(told))


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


def chunks_left(connection: Connection, batch_id: int, size: int) -> list[tuple[int, int]]:
    """Return first and last numbers of what is left to do, `size` rows at a time."""
    left = _left(batch_id, batch_row.c.number).order_by(batch_row.c.number)
    numbers = list(connection.scalars(left))
    starts = range(0, len(numbers), size)
    return [(numbers[at], numbers[min(at + size, len(numbers)) - 1]) for at in starts]


def waiting(connection: Connection, batch_id: int, first: int, last: int) -> list[Waiting]:
    """Return the rows that wait, locked: of two workers on one chunk, the second finds none."""
    query = (
        select(batch_row.c.number, batch_row.c.content)
        .where(*_between(batch_id, first, last), batch_row.c.state == "waiting")
        .order_by(batch_row.c.number)
        .with_for_update()
    )
    return [Waiting(row.number, from_json(row.content)) for row in connection.execute(query)]


def mark_awarded(connection: Connection, batch_id: int, issued: Mapping[int, int]) -> None:
    """Say which issuance each row became; its personal data is with the award now."""
    change = (
        update(batch_row)
        .where(batch_row.c.batch_id == batch_id, batch_row.c.number == bindparam("at_row"))
        .values(state="awarded", content=None, issuance_id=bindparam("became"))
    )
    rows = [{"at_row": number, "became": found} for number, found in issued.items()]
    if rows:
        connection.execute(change, rows)


def mark_duplicate(connection: Connection, batch_id: int, rows: Sequence[int]) -> None:
    """Say that these people have it already."""
    change = update(batch_row).where(
        batch_row.c.batch_id == batch_id, batch_row.c.number == bindparam("at_row")
    )
    change = change.values(state="duplicate", content=None, problems=bindparam("told"))
    reason, fix = "was awarded before, for this date", "nothing to do"
    found = [Problem(number, "", "", reason, fix, code="duplicate") for number in rows]
    told = [{"at_row": p.row, "told": orjson.dumps([asdict(p)]).decode()} for p in found]
    if told:
        connection.execute(change, told)


def issuances_of(connection: Connection, batch_id: int, first: int, last: int) -> list[int]:
    """Return the issuances of these rows that are still on their way."""
    query = (
        select(issuance.c.id)
        .join(batch_row, batch_row.c.issuance_id == issuance.c.id)
        .where(*_between(batch_id, first, last), issuance.c.state.in_(OPEN))
    )
    return list(connection.scalars(query.order_by(issuance.c.id)))


def counts(connection: Connection, batch_id: int) -> Counts:
    """Count the rows of a batch."""
    query = (
        select(batch_row.c.state, issuance.c.state.label("issued"), func.count().label("rows"))
        .outerjoin(issuance, issuance.c.id == batch_row.c.issuance_id)
        .where(batch_row.c.batch_id == batch_id)
        .group_by(batch_row.c.state, issuance.c.state)
    )
    found: dict[str, int] = {}
    for row in connection.execute(query):
        found[row.state] = found.get(row.state, 0) + row.rows
        if row.issued in (State.PUBLISHED, State.VOID):
            found["issued" if row.issued == State.PUBLISHED else "refused"] = row.rows
    return Counts(**found)


def finish(connection: Connection, batch_id: int, now: datetime) -> bool:
    """Say that a batch is done if nothing of it is left; tell whether that was news."""
    left = connection.scalar(_left(batch_id, batch_row.c.number).limit(1))
    if left is not None:
        return False
    done = select(issuance.c.id).where(
        issuance.c.id == batch_row.c.issuance_id, issuance.c.state == State.PUBLISHED
    )
    issued = (batch_row.c.batch_id == batch_id) & done.exists()
    connection.execute(update(batch_row).where(issued).values(cells=None))
    change = update(batch_job).where(
        batch_job.c.batch_id == batch_id, batch_job.c.finished_at.is_(None)
    )
    return connection.execute(change.values(finished_at=now)).rowcount == 1


def problems(connection: Connection, batch_id: int, after: int = 0) -> Iterator[Problem]:
    """Yield what was wrong with rows, in order: from the list, and from issuing."""
    query = (
        select(batch_row.c.number, batch_row.c.problems, issuance.c.void_reason)
        .outerjoin(issuance, issuance.c.id == batch_row.c.issuance_id)
        .where(batch_row.c.batch_id == batch_id, batch_row.c.number > after)
        .where(batch_row.c.problems.is_not(None) | issuance.c.void_reason.is_not(None))
    )
    for row in connection.execute(query.order_by(batch_row.c.number)):
        if row.problems:
            yield from (Problem(**found) for found in orjson.loads(row.problems))
        if row.void_reason:
            yield Problem(row.number, "", "", row.void_reason, "correct the row")


def erase_before(connection: Connection, moment: datetime) -> int:
    """Delete the rows of batches that finished before: what was awarded stays with the awards."""
    old = select(batch_job.c.batch_id).where(batch_job.c.finished_at < moment)
    return connection.execute(delete(batch_row).where(batch_row.c.batch_id.in_(old))).rowcount


def _left(batch_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Select rows that wait, or whose credential is on its way."""
    return (
        select(*columns)
        .outerjoin(issuance, issuance.c.id == batch_row.c.issuance_id)
        .where(batch_row.c.batch_id == batch_id)
        .where((batch_row.c.state == "waiting") | issuance.c.state.in_(OPEN))
    )


def _between(batch_id: int, first: int, last: int) -> tuple[Any, ...]:
    return batch_row.c.batch_id == batch_id, batch_row.c.number.between(first, last)


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
