"""The rows of batches that get EDC: what is left to seal, what cannot be, how far a batch is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from issuer.awarding.model import State
from issuer.db.edc_tables import edc_file, edc_job, edc_refusal
from issuer.db.job_tables import batch_job
from issuer.db.rows import insert_new
from issuer.db.tables import award, batch, issuance
from issuer.edc.store import OPEN_BADGE

__all__ = [
    "Job",
    "Progress",
    "another_run",
    "chunks_left",
    "finish",
    "hand_over",
    "keep_refusals",
    "left",
    "progress",
    "refusals",
    "unfinished",
]


@dataclass(frozen=True, slots=True)
class Job:
    """A batch whose awards are to have an EDC each."""

    batch_id: int
    run: int
    handed_run: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many awards of a batch have their EDC."""

    wanted: int
    sealed: int
    refused: int
    is_done: bool


def unfinished(connection: Connection) -> list[Job]:
    """Return the batches that are awarded and not sealed, oldest first."""
    query = (
        select(edc_job.c.batch_id, edc_job.c.run, edc_job.c.handed_run)
        .join(batch_job, batch_job.c.batch_id == edc_job.c.batch_id)
        .join(batch, batch.c.id == edc_job.c.batch_id)
        .where(
            edc_job.c.finished_at.is_(None),
            batch_job.c.finished_at.is_not(None),
            batch.c.cancelled_at.is_(None),
        )
        .order_by(edc_job.c.batch_id)
    )
    return [Job(row.batch_id, row.run, row.handed_run) for row in connection.execute(query)]


def hand_over(connection: Connection, batch_id: int, run: int) -> None:
    """Say that the engine has this run."""
    change = update(edc_job).where(edc_job.c.batch_id == batch_id, edc_job.c.handed_run < run)
    connection.execute(change.values(handed_run=run))


def another_run(connection: Connection, batch_id: int, after: int) -> None:
    """Let the engine get another run of a batch that stands still, unless somebody saw to it."""
    change = update(edc_job).where(
        edc_job.c.batch_id == batch_id, edc_job.c.run == after, edc_job.c.finished_at.is_(None)
    )
    connection.execute(change.values(run=after + 1))


def left(connection: Connection, batch_id: int, first: int, last: int) -> list[int]:
    """Return the issuances from `first` to `last` whose award has no EDC yet."""
    query = _left(batch_id, issuance.c.id).where(issuance.c.id.between(first, last))
    return list(connection.scalars(query.order_by(issuance.c.id)))


def chunks_left(connection: Connection, batch_id: int, size: int) -> list[tuple[int, int]]:
    """Return first and last issuances of what is left to seal, `size` at a time."""
    numbers = list(connection.scalars(_left(batch_id, issuance.c.id).order_by(issuance.c.id)))
    starts = range(0, len(numbers), size)
    return [(numbers[at], numbers[min(at + size, len(numbers)) - 1]) for at in starts]


def keep_refusals(connection: Connection, reasons: Mapping[int, str], now: datetime) -> list[int]:
    """Keep why issuances get no EDC; return the awards of which that is news."""
    query = select(issuance.c.id, issuance.c.award_id).where(issuance.c.id.in_(reasons))
    new = []
    for number, award_id in connection.execute(query).all():
        row = {"award_id": award_id, "reason": reasons[number], "refused_at": now}
        if insert_new(connection, edc_refusal, row):
            new.append(award_id)
    return new


def refusals(connection: Connection, batch_id: int) -> Sequence[tuple[int, str]]:
    """Return the rows of a list whose award gets no EDC, and what is to be mended."""
    query = (
        select(award.c.row_number, edc_refusal.c.reason)
        .join(award, award.c.id == edc_refusal.c.award_id)
        .where(award.c.batch_id == batch_id)
        .order_by(award.c.row_number)
    )
    return [(row.row_number, row.reason) for row in connection.execute(query)]


def finish(connection: Connection, batch_id: int, now: datetime) -> bool:
    """Say that a batch is sealed if nothing of it is left; tell whether that was news."""
    if connection.scalar(_left(batch_id, issuance.c.id).limit(1)) is not None:
        return False
    change = update(edc_job).where(edc_job.c.batch_id == batch_id, edc_job.c.finished_at.is_(None))
    return connection.execute(change.values(finished_at=now)).rowcount == 1


def progress(connection: Connection, batch_id: int) -> Progress | None:
    """Count what is sealed of a batch; None where it gets no EDC."""
    job = connection.execute(select(edc_job).where(edc_job.c.batch_id == batch_id)).one_or_none()
    if job is None:
        return None
    query = (
        select(
            func.count(issuance.c.id).label("wanted"),
            func.count(edc_file.c.sealed_at).label("sealed"),
            func.count(edc_refusal.c.award_id).label("refused"),
        )
        .select_from(_awards())
        .where(*_of(batch_id))
    )
    row = connection.execute(query).one()
    return Progress(row.wanted, row.sealed, row.refused, job.finished_at is not None)


def _awards() -> Any:
    return (
        issuance.join(award, award.c.id == issuance.c.award_id)
        .outerjoin(edc_file, edc_file.c.award_id == award.c.id)
        .outerjoin(edc_refusal, edc_refusal.c.award_id == award.c.id)
    )


def _of(batch_id: int) -> tuple[ColumnElement[bool], ...]:
    """Say which artefacts of a batch get an EDC: published Open Badges bound to no wallet."""
    return (
        award.c.batch_id == batch_id,
        award.c.erased_at.is_(None),
        issuance.c.state == State.PUBLISHED,
        issuance.c.format == OPEN_BADGE,
        issuance.c.holder == "",
    )


def _left(batch_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(_awards())
        .where(*_of(batch_id), edc_file.c.sealed_at.is_(None), edc_refusal.c.award_id.is_(None))
    )
