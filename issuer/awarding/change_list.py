"""A file that names awards to be changed: which are meant, and what is wrong with the other rows.

Shape: CSV as an award list; a column for the credential's id, or two for e-mail and achievement.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, select

from issuer.awarding.decision_json import from_json
from issuer.awarding.person_row import Problem
from issuer.awarding.sheet import Line, open_sheet
from issuer.awarding.standing import Change, standings
from issuer.db.tables import achievement, award, issuance
from issuer.errors import InvalidUpload

__all__ = ["ChangeReport", "read_change_list"]

_HEADINGS = {
    "credential": {"credential", "credential id", "id", "credentialid"},
    "email": {"e-mail", "email", "mail", "e-mail address"},
    "achievement": {"achievement", "achievement key"},
}
MOST_ROWS = 20_000


@dataclass(slots=True)
class ChangeReport:
    """What a file would do."""

    rows: int = 0
    awards: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Rows of the code ``duplicate`` stand so already, or are listed twice: nothing is to mend."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    column: str
    value: str
    awards: Sequence[int]


def read_change_list(
    connection: Connection, organisation_id: int | None, path: Path, change: Change
) -> ChangeReport:
    """Find the awards of an organisation (none: of all) that a file names and that can be changed.

    Raises:
        InvalidUpload: it cannot be read, is too long, or lacks the columns.
    """
    report = ChangeReport()
    with open_sheet(path) as sheet:
        places, lines = _places(sheet.header), _bounded(sheet.lines)
    by_id = _by_credential(connection, organisation_id, lines, places.get("credential"))
    by_person = _by_person(connection, organisation_id) if "email" in places else {}
    rows = [_meant(line, places, by_id, by_person) for line in lines]
    stand = standings(connection, sorted({n for row in rows for n in row.awards}))
    taken: set[int] = set()
    for row in rows:
        fit = [number for number in row.awards if stand[number].allows(change)]
        report.rows += 1
        done = bool(row.awards) and all(stand[number].stands_so(change) for number in row.awards)
        if problem := _problem(row, fit, taken, done=done):
            report.problems.append(problem)
        else:
            report.awards += fit
            taken.update(fit)
    return report


def _places(header: Sequence[str]) -> dict[str, int]:
    named = {cell.strip().casefold(): place for place, cell in enumerate(header)}
    places = {
        meaning: named[heading]
        for meaning, headings in _HEADINGS.items()
        for heading in headings
        if heading in named
    }
    if "credential" not in places and not {"email", "achievement"} <= places.keys():
        raise InvalidUpload(
            "the first line needs a column 'Credential', or the two 'E-mail' and 'Achievement'"
        )
    return places


def _bounded(lines: Iterator[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if len(kept) == MOST_ROWS:
            raise InvalidUpload(f"more than {MOST_ROWS} rows: split the file")
        kept.append(line)
    return kept


def _by_credential(
    connection: Connection, organisation_id: int | None, lines: Sequence[Line], place: int | None
) -> Mapping[str, int]:
    if place is None:
        return {}
    wanted = {_cell(line, place) for line in lines}
    found: dict[str, int] = {}
    ordered = sorted(wanted)
    for start in range(0, len(ordered), 500):
        some = ordered[start : start + 500]
        query = (
            select(issuance.c.credential_id, issuance.c.award_id)
            .join(award, award.c.id == issuance.c.award_id)
            .join(achievement, achievement.c.id == award.c.achievement_id)
            .where(*_of(organisation_id), issuance.c.credential_id.in_(some))
        )
        found.update((row.credential_id, row.award_id) for row in connection.execute(query))
    return found


def _of(organisation_id: int | None) -> Sequence[ColumnElement[bool]]:
    return () if organisation_id is None else (achievement.c.organisation_id == organisation_id,)


def _by_person(
    connection: Connection, organisation_id: int | None
) -> Mapping[tuple[str, str], Sequence[int]]:
    query = (
        select(award.c.id, award.c.content, achievement.c.key)
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(*_of(organisation_id), award.c.erased_at.is_(None))
    )
    found: dict[tuple[str, str], list[int]] = {}
    for row in connection.execute(query):
        email = from_json(row.content).learner.email
        if email:
            found.setdefault((email.casefold(), row.key), []).append(row.id)
    return found


def _cell(line: Line, place: int | None) -> str:
    return line.cells[place].strip() if place is not None and place < len(line.cells) else ""


def _meant(
    line: Line,
    places: Mapping[str, int],
    by_id: Mapping[str, int],
    by_person: Mapping[tuple[str, str], Sequence[int]],
) -> _Row:
    credential = _cell(line, places.get("credential"))
    if credential:
        number = by_id.get(credential)
        return _Row(line.number, "credential", credential, [] if number is None else [number])
    email, key = _cell(line, places.get("email")), _cell(line, places.get("achievement"))
    awards = by_person.get((email.casefold(), key), ())
    return _Row(line.number, "e-mail", email, awards)


def _problem(row: _Row, fit: Sequence[int], taken: set[int], *, done: bool) -> Problem | None:
    if not row.value:
        reason, fix = "names nobody", "write the credential's id, or e-mail and achievement"
    elif not row.awards:
        reason, fix = "no award of this organisation", "check the id, or address and achievement"
    elif done:
        return _nothing_to_mend(row, "stands so already")
    elif not fit:
        reason, fix = "cannot be changed so", "leave the row out"
    elif len(fit) > 1:
        reason, fix = "fits several awards", "name the credential's id instead"
    elif taken & set(fit):
        return _nothing_to_mend(row, "is listed twice")
    else:
        return None
    return Problem(row.number, row.column, row.value[:200], reason, fix)


def _nothing_to_mend(row: _Row, reason: str) -> Problem:
    return Problem(row.number, row.column, row.value[:200], reason, "leave it", code="duplicate")
