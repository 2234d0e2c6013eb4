"""The rows of a batch's list: who waits, what became of each, what was wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Decision, State
from issuer.awarding.person_row import Mend, Problem
from issuer.db.job_tables import batch_job, batch_row
from issuer.db.rows import insert_many
from issuer.db.tables import issuance

__all__ = [
    "Counts",
    "Waiting",
    "add_rows",
    "chunks_left",
    "counts",
    "erase_before",
    "forget",
    "issuances_of",
    "mark_awarded",
    "mark_duplicate",
    "people",
    "problems",
    "to_mend",
    "waiting",
    "wind_up",
]

OPEN = (State.RESERVED, State.INTENDED, State.SIGNED)


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


def wind_up(connection: Connection, batch_id: int) -> bool:
    """Tell whether nothing of a batch is left to do; then the cells of what is issued go."""
    if connection.scalar(_left(batch_id, batch_row.c.number).limit(1)) is not None:
        return False
    done = select(issuance.c.id).where(
        issuance.c.id == batch_row.c.issuance_id, issuance.c.state == State.PUBLISHED
    )
    issued = (batch_row.c.batch_id == batch_id) & done.exists()
    connection.execute(update(batch_row).where(issued).values(cells=None))
    return True


def forget(connection: Connection, batch_id: int) -> None:
    """Delete the rows of a batch."""
    connection.execute(delete(batch_row).where(batch_row.c.batch_id == batch_id))


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
