"""Award a whole list: look at every row first, award the good ones, tell about the others.

The same list again awards nobody twice, whatever happened the first time. Memory does not grow
with the list but for a short number per person (to find people listed twice).
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, islice
from pathlib import Path

from sqlalchemy import Connection

from badges.award import Achievement
from issuer.awarding import award_store, batch_store
from issuer.awarding.approval import require_approved
from issuer.awarding.columns import Chosen, map_columns
from issuer.awarding.issuing import issue_batch
from issuer.awarding.model import Decision, Order
from issuer.awarding.person import natural_key
from issuer.awarding.person_row import Mend, Problem, Reader
from issuer.awarding.recording import Recording, person_secret, record
from issuer.awarding.sheet import Line, Sheet, open_sheet
from issuer.catalogue.service import achievement_of, find, issuer_for
from issuer.db.session import bulk_work, reading, unit_of_work
from issuer.instance import Instance

__all__ = [
    "BulkReport",
    "Person",
    "Plan",
    "Upload",
    "award_list",
    "dry_run",
    "error_sheet",
    "new_batch",
    "plan_of",
    "readable_chunks",
    "rows_to_mend",
]

CHUNK = 500
"""Rows of one commit."""

MOST_TOLD = 10_000
"""Problems kept for the report; more are only counted."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A list to be awarded."""

    path: Path
    achievement: str
    issuer: str | None = None
    order: Order = field(default_factory=Order)
    actor: str = "cli"
    name: str = ""
    """What the file was called where it came from."""

    columns: Chosen | None = None
    """What each column means; None = as their headings say."""

    submission: str | None = None
    """Digest of the form it was sent with: sent twice, it is one batch."""


@dataclass(slots=True)
class BulkReport:
    """What was found in a list and what became of it."""

    columns: dict[str, str] = field(default_factory=dict)
    """Heading in the list → what we took it for."""

    unused: tuple[str, ...] = ()
    rows: int = 0
    good: int = 0
    invalid: int = 0
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The rows with problems, as they came; whoever reads in chunks empties it."""

    header: tuple[str, ...] = ()
    batch_id: int | None = None
    issued: int = 0

    def tell(self, problems: Iterable[Problem]) -> None:
        """Note what is wrong with one row."""
        told = list(problems)
        if any(problem.code == "duplicate" for problem in told):
            self.duplicates += 1
        else:
            self.invalid += 1
        if len(self.problems) < MOST_TOLD:
            self.problems += told


def dry_run(instance: Instance, upload: Upload) -> BulkReport:
    """Read the whole list and tell what awarding it would do; nobody is awarded.

    Raises:
        InvalidUpload: it is no list of people.
        NotFound, MayNotAward: this achievement cannot be awarded so.
    """
    plan, report = plan_of(instance, upload), BulkReport()
    with open_sheet(upload.path) as sheet:
        for chunk in readable_chunks(plan, sheet, report):
            with reading(instance.engine) as connection:
                _new_people(connection, chunk, report)
            report.cells.clear()
    return report


def rows_to_mend(
    instance: Instance, upload: Upload, header: Callable[[tuple[str, ...]], None]
) -> Iterator[Mend]:
    """Give every row that would not be awarded, as it came, and why; `header` is told first.

    Raises:
        InvalidUpload: it is no list of people.
        NotFound, MayNotAward: this achievement cannot be awarded so.
    """
    plan, report = plan_of(instance, upload), BulkReport()
    with open_sheet(upload.path) as sheet:
        header(sheet.header)
        for chunk in readable_chunks(plan, sheet, report):
            with reading(instance.engine) as connection:
                _new_people(connection, chunk, report)
            for number, problems in groupby(sorted(report.problems), lambda found: found.row):
                yield Mend(number, report.cells[number], tuple(problems))
            report.problems.clear()
            report.cells.clear()


def award_list(
    instance: Instance, upload: Upload, progress: Callable[[BulkReport], None] | None = None
) -> BulkReport:
    """Award the good rows of a list and issue their credentials, a chunk at a time.

    Stopped half-way, give it the same list again: it goes on where it stopped.

    Raises:
        InvalidUpload: it is no list of people; nobody was awarded.
        NeedsApproval: a second person has to look at it first (`issuer.awarding.batches`).
        NotFound, MayNotAward: this achievement cannot be awarded so.
    """
    looked = dry_run(instance, upload)  # what is no list at all is found before the first award
    plan, report = plan_of(instance, upload), BulkReport()
    with reading(instance.engine) as connection:
        require_approved(connection, plan.parties, None, looked.good)
    report.batch_id = new_batch(instance, plan, upload)
    with open_sheet(upload.path) as sheet:
        for chunk in readable_chunks(plan, sheet, report):
            _award(instance, plan, chunk, report)
            report.cells.clear()
            if progress:
                progress(report)
    return report


@dataclass(frozen=True, slots=True)
class Plan:
    """What all rows of a list share."""

    recording: Recording
    achievement: Achievement
    today: date
    pepper: bytes
    columns: Chosen | None = None
    seen: set[int] = field(default_factory=set)
    """Shortened natural keys of the rows before."""

    @property
    def parties(self) -> tuple[int, int]:
        """Return the organisations whose rules hold: who signs, and who awards."""
        return self.recording.issuer.id, self.recording.version.organisation_id


@dataclass(frozen=True, slots=True)
class Person:
    """A readable row."""

    row: int
    decision: Decision
    key: bytes
    cells: tuple[str, ...] = ()


def plan_of(instance: Instance, upload: Upload) -> Plan:
    with unit_of_work(instance.engine) as connection:
        version = find(connection, upload.achievement)
        issuer = issuer_for(connection, version, upload.issuer)
        return Plan(
            recording=Recording(version, issuer, upload.order, upload.actor),
            achievement=achievement_of(instance, connection, version),
            today=instance.now().date(),
            pepper=person_secret(instance, connection),
            columns=upload.columns,
        )


def new_batch(instance: Instance, plan: Plan, upload: Upload) -> int:
    with upload.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with unit_of_work(instance.engine) as connection:
        return batch_store.add_batch(
            connection,
            {
                "organisation_id": plan.recording.issuer.id,
                "achievement_id": plan.recording.version.id,
                "actor": upload.actor,
                "source_name": upload.name or upload.path.name,
                "source_digest": digest,
                "created_at": instance.now(),
            },
        )


def readable_chunks(plan: Plan, sheet: Sheet, report: BulkReport) -> Iterator[list[Person]]:
    """Give the rows that can be awarded, as far as the list alone tells."""
    columns = map_columns(sheet.header, plan.columns)
    report.header = sheet.header
    report.columns = {sheet.header[place]: column for column, place in columns.places.items()}
    report.unused = columns.unused
    reader = Reader(columns, plan.achievement, plan.today)
    while lines := list(islice(sheet.lines, CHUNK)):
        report.rows += len(lines)
        chunk = []
        for line in lines:
            found = _person(plan, reader, line)
            if isinstance(found, Person):
                chunk.append(found)
            else:
                report.tell(found)
                report.cells[line.number] = line.cells
        yield chunk


def _person(plan: Plan, reader: Reader, line: Line) -> Person | list[Problem]:
    decision = reader.read(line)
    if isinstance(decision, list):
        return decision
    key = natural_key(plan.pepper, plan.recording.version.key, decision)
    short = int.from_bytes(key[:8])
    if short in plan.seen:
        return [_duplicate(line.number, decision, "is in the list twice", "nothing to do")]
    plan.seen.add(short)
    return Person(line.number, decision, key, line.cells)


def _new_people(
    connection: Connection, chunk: Sequence[Person], report: BulkReport
) -> list[Person]:
    """Leave out who has the achievement already."""
    known = award_store.awarded_before(connection, [person.key for person in chunk])
    for person in chunk:
        if person.key in known:
            reason = "was awarded before, for this date"
            report.tell([_duplicate(person.row, person.decision, reason, "nothing to do")])
            report.cells[person.row] = person.cells
    fresh = [person for person in chunk if person.key not in known]
    report.good += len(fresh)
    return fresh


def _duplicate(row: int, decision: Decision, reason: str, fix: str) -> Problem:
    who = decision.learner.email or decision.learner.name
    return Problem(row, "", who, reason, fix, code="duplicate")


def _award(instance: Instance, plan: Plan, chunk: Sequence[Person], report: BulkReport) -> None:
    with bulk_work(instance.engine, lasting=False) as connection:  # the intents wait for it
        fresh = _new_people(connection, chunk, report)
        recording = replace(plan.recording, batch_id=report.batch_id)
        decisions = [person.decision for person in fresh]
        rows = [person.row for person in fresh]
        numbers = record(instance, connection, recording, decisions, rows) if fresh else []
    outcome = issue_batch(instance, numbers, plan.recording.actor)
    report.issued += len(outcome.published)
    row_of = dict(zip(numbers, rows, strict=True))
    for number, error in outcome.refused.items():
        report.good -= 1
        report.tell([Problem(row_of[number], "", "", str(error), "correct the row")])


def error_sheet(report: BulkReport) -> str:
    """Return the rows that need mending as CSV; no cell of it is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", "column", "value", "reason", "fix"])
    for problem in report.problems:
        cells = (problem.row, problem.column, problem.value, problem.reason, problem.fix)
        writer.writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue()


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
