"""Batches in the background: keep a whole list first, then award it a chunk at a time.

Shape: every row of the list is kept before anything is awarded, so that an upload that is
acknowledged is never lost. Each chunk is found again by what its rows say, never by what a job
says: doing a chunk twice, or by two workers at once, awards nobody twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import approval, batch_row_store
from issuer.awarding import batch_store as store
from issuer.awarding.approval import Approval
from issuer.awarding.award_store import awarded_before
from issuer.awarding.batch_row_store import Counts, Waiting
from issuer.awarding.batch_store import Job, Ready
from issuer.awarding.bulk import BulkReport, Person, Upload, new_batch, plan_of, readable_chunks
from issuer.awarding.columns import Chosen, Layout, guess
from issuer.awarding.decision_json import to_json
from issuer.awarding.issuing import issue_batch
from issuer.awarding.model import Order
from issuer.awarding.person import natural_key
from issuer.awarding.person_row import Problem
from issuer.awarding.recording import Recording, person_secret, record
from issuer.awarding.service import Wish
from issuer.awarding.sheet import open_sheet
from issuer.catalogue import service as catalogue_service
from issuer.catalogue import store as catalogue
from issuer.db.session import bulk_work, reading, unit_of_work
from issuer.errors import AlreadyBegun, ApprovalDecided
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.four_eyes import forbids
from issuer.signing.sealer import has_sealer
from issuer.webhooks import events as happened

__all__ = [
    "CHUNK",
    "Progress",
    "Stage",
    "cancel",
    "do_chunk",
    "plan",
    "problems_of",
    "progress_of",
    "reschedule",
    "resume",
    "submit",
    "submit_one",
    "submitted",
]

CHUNK = 250
"""Rows of one job: what a crash makes us look at again."""

AT_ONCE = 5_000
"""Rows of a list that are kept in one commit: each commit waits for the disk."""

EUROPASS = "ldp_vc"
"""The format of which Europass takes a second form (`issuer.edc`), where this service seals."""


class Stage:
    """Where a batch is, for people."""

    READING = "reading"
    APPROVAL = "awaiting approval"
    SENT_BACK = "sent back"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    batch_id: int
    stage: str
    rows: int
    counts: Counts


def submit(instance: Instance, upload: Upload, starts_at: datetime | None = None) -> int:
    """Keep a list to be awarded in the background; return the number of its batch.

    The same form sent again gives the batch it made the first time.

    Raises:
        InvalidUpload: it is no list of people; nothing of it was kept for awarding.
        NotFound, MayNotAward: this achievement cannot be awarded so.
    """
    if (known := submitted(instance, upload.submission)) is not None:
        return known
    plan, report = plan_of(instance, upload), BulkReport()
    with open_sheet(upload.path) as sheet:
        chunks = readable_chunks(plan, sheet, report)
        first = next(chunks, [])  # what is no list at all is told before anything is kept
        batch_id = new_batch(instance, plan, upload)
        layout = _layout(report, upload.columns)
        with unit_of_work(instance.engine) as connection:
            store.add_job(connection, batch_id, upload.order, starts_at, layout)
            _want_edc(instance, connection, batch_id, upload.order)
        good, rows = 0, list[dict[str, Any]]()
        for chunk in chain([first], chunks):
            good += len(chunk)
            rows += _rows(chunk, report)
            report.problems.clear()
            report.cells.clear()
            if len(rows) >= AT_ONCE:
                _keep(instance, batch_id, rows)
        _keep(instance, batch_id, rows)
    ready = Ready(report.rows, good, upload.submission)
    try:
        with unit_of_work(instance.engine) as connection:
            _ready(instance, connection, plan.recording, batch_id, ready)
    except IntegrityError:  # the same form was sent twice at once, and the other was faster
        return _yield(instance, batch_id, upload.submission)
    return batch_id


def _keep(instance: Instance, batch_id: int, rows: list[dict[str, Any]]) -> None:
    """Write rows in a commit of their own, and make room for the next."""
    with unit_of_work(instance.engine) as connection:
        batch_row_store.add_rows(connection, batch_id, rows)
    rows.clear()


def submit_one(instance: Instance, wish: Wish, submission: str) -> int:
    """Keep one award to be made in the background, or when a second person has approved it.

    Raises:
        NotFound, MayNotAward: this achievement cannot be awarded so.
    """
    if (known := submitted(instance, submission)) is not None:
        return known
    with unit_of_work(instance.engine) as connection:
        version = catalogue_service.find(connection, wish.achievement)
        issuer = catalogue_service.issuer_for(connection, version, wish.issuer)
        row = {
            "organisation_id": issuer.id,
            "achievement_id": version.id,
            "actor": wish.actor,
            "source_name": "",
            "source_digest": submission,
            "created_at": instance.now(),
        }
        batch_id = store.add_batch(connection, row)
        store.add_job(connection, batch_id, wish.order, None)
        _want_edc(instance, connection, batch_id, wish.order)
        waiting = {"number": 1, "state": "waiting", "content": to_json(wish.decision)}
        batch_row_store.add_rows(connection, batch_id, [waiting])
        recording = Recording(version, issuer, wish.order, wish.actor)
        _ready(instance, connection, recording, batch_id, Ready(1, 1, submission))
    return batch_id


def submitted(instance: Instance, submission: str | None) -> int | None:
    """Return the batch that a form made when it was sent before; None of a new one."""
    if submission is None:
        return None
    with reading(instance.engine) as connection:
        return store.submitted(connection, submission)


def _yield(instance: Instance, batch_id: int, submission: str | None) -> int:
    with unit_of_work(instance.engine) as connection:
        store.discard(connection, batch_id, instance.now())
        return store.submitted(connection, submission or "") or batch_id


def _want_edc(instance: Instance, connection: Connection, batch_id: int, order: Order) -> None:
    if has_sealer(instance) and order.format == EUROPASS and not order.holder:
        store.want_edc(connection, batch_id)


def _ready(
    instance: Instance,
    connection: Connection,
    recording: Recording,
    batch_id: int,
    ready: Ready,
) -> None:
    """Say that all rows are kept; from here on workers have the batch, or its approver."""
    now, actor = instance.now(), recording.actor
    parties = recording.issuer.id, recording.version.organisation_id
    if forbids(connection, parties, ready.awards):
        ready = replace(ready, awaits=actor)
    store.make_ready(connection, batch_id, ready, now)
    _tell(connection, "batch.submitted", batch_id, actor, now, rows=ready.rows)


def _layout(report: BulkReport, chosen: Chosen | None) -> Layout:
    meant = chosen or guess(report.header)
    return Layout(tuple(zip(report.header, meant, strict=True)))


def _rows(chunk: Sequence[Person], report: BulkReport) -> Iterator[dict[str, Any]]:
    for person in chunk:
        yield {
            "number": person.row,
            "state": "waiting",
            "content": to_json(person.decision),
            "cells": orjson.dumps(person.cells).decode(),
        }
    found: dict[int, list[Problem]] = {}
    for problem in report.problems:
        found.setdefault(problem.row, []).append(problem)
    for number, told in found.items():
        state = "duplicate" if told[0].code == "duplicate" else "invalid"
        text = orjson.dumps([asdict(problem) for problem in told]).decode()
        cells = orjson.dumps(report.cells[number]).decode()
        yield {"number": number, "state": state, "problems": text, "cells": cells}


def plan(instance: Instance, batch_id: int) -> list[tuple[int, int]]:
    """Return the chunks that are left of a batch; one that has nothing left is done."""
    with unit_of_work(instance.engine) as connection:
        if _is_held(connection, batch_id):
            return []
        left = batch_row_store.chunks_left(connection, batch_id, CHUNK)
        if not left:
            _finish(connection, batch_id, instance.now())
    return left


def do_chunk(instance: Instance, batch_id: int, first: int, last: int) -> None:
    """Award the rows from `first` to `last` that wait, and issue what is on its way."""
    with reading(instance.engine) as connection:
        if _is_held(connection, batch_id):
            return
        job = store.by_number(connection, batch_id)
    with bulk_work(instance.engine, lasting=False) as connection:  # the intents wait for it
        rows = batch_row_store.waiting(connection, batch_id, first, last)
        if rows:
            _award(instance, connection, job, rows)
    with reading(instance.engine) as connection:
        numbers = batch_row_store.issuances_of(connection, batch_id, first, last)
    issue_batch(instance, numbers, job.actor)
    with bulk_work(instance.engine) as connection:
        _finish(connection, batch_id, instance.now())


def _award(instance: Instance, connection: Connection, job: Job, rows: Sequence[Waiting]) -> None:
    """Record the decisions of these rows: row, award, issuance and place in one commit."""
    version = catalogue.by_number(connection, job.achievement_id)
    issuer = organisations.by_id(connection, job.organisation_id)
    pepper = person_secret(instance, connection)
    keys = {row.number: natural_key(pepper, version.key, row.decision) for row in rows}
    known = awarded_before(connection, list(keys.values()))
    batch_row_store.mark_duplicate(
        connection, job.batch_id, [row.number for row in rows if keys[row.number] in known]
    )
    fresh = [row for row in rows if keys[row.number] not in known]
    if not fresh:
        return
    recording = Recording(version, issuer, job.order, job.actor, batch_id=job.batch_id)
    lines = [row.number for row in fresh]
    numbers = record(instance, connection, recording, [row.decision for row in fresh], lines)
    batch_row_store.mark_awarded(connection, job.batch_id, dict(zip(lines, numbers, strict=True)))


def _is_held(connection: Connection, batch_id: int) -> bool:
    """Tell whether nobody (more) of a batch may be awarded."""
    if store.is_cancelled(connection, batch_id):
        return True
    found = approval.read(connection, batch_id)
    return found is not None and found.is_held


def cancel(instance: Instance, batch_id: int, actor: str) -> None:
    """Stop a batch: chunks that run are ended, the rest is not begun. What is issued stays.

    Raises:
        NotFound: there is no such batch.
    """
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        store.by_number(connection, batch_id)
        store.set_cancelled(connection, batch_id, now)
        _tell(connection, "batch.cancelled", batch_id, actor, now)


def resume(instance: Instance, batch_id: int, actor: str) -> None:
    """Go on with a batch that was cancelled, or that workers gave up; harmless when it is done.

    Raises:
        NotFound: there is no such batch.
        ApprovalDecided: it was sent back, which is its end.
    """
    with unit_of_work(instance.engine) as connection:
        if store.by_number(connection, batch_id).approval.state is Approval.SENT_BACK:
            raise ApprovalDecided("this list was sent back: mend it and send it anew")
        store.resume(connection, batch_id)
        _tell(connection, "batch.resumed", batch_id, actor, instance.now())


def progress_of(instance: Instance, batch_id: int) -> Progress:
    """Return how far a batch is, counted on its rows.

    Raises:
        NotFound: there is no such batch.
    """
    with reading(instance.engine) as connection:
        job = store.by_number(connection, batch_id)
        counts = batch_row_store.counts(connection, batch_id)
    return Progress(batch_id, _stage(job, instance.now()), job.rows, counts)


def _stage(job: Job, now: datetime) -> str:
    if job.finished_at:
        return Stage.DONE
    if job.cancelled_at:
        return Stage.CANCELLED
    if not job.ready_at:
        return Stage.READING
    if job.approval.is_held:
        return Stage.APPROVAL if job.approval.state is Approval.WAITING else Stage.SENT_BACK
    return Stage.SCHEDULED if job.starts_at and job.starts_at > now else Stage.RUNNING


def problems_of(instance: Instance, batch_id: int) -> list[Problem]:
    """Return what is to be mended, row by row.

    Raises:
        NotFound: there is no such batch.
    """
    with reading(instance.engine) as connection:
        store.by_number(connection, batch_id)
        return list(batch_row_store.problems(connection, batch_id))


def reschedule(instance: Instance, batch_id: int, starts_at: datetime | None, actor: str) -> None:
    """Let a batch begin at another time, or at once. One that has begun goes on.

    Raises:
        NotFound: there is no such batch.
        AlreadyBegun: workers have it.
    """
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        store.by_number(connection, batch_id)
        if not store.set_start(connection, batch_id, starts_at):
            raise AlreadyBegun(f"batch {batch_id} has begun, is stopped, or done")
        _tell(connection, "batch.rescheduled", batch_id, actor, now)


def _finish(connection: Connection, batch_id: int, now: datetime) -> None:
    if store.finish(connection, batch_id, now):
        _tell(connection, "batch.finished", batch_id, "worker", now)
        happened.batch_finished(connection, batch_id, now)


def _tell(
    connection: Connection, action: str, batch_id: int, actor: str, now: datetime, **detail: int
) -> None:
    append(connection, [Event(actor, action, f"batch:{batch_id}", detail)], now)
