"""One row of an award list: read it into a decision, or say what to mend in which column."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from badges.award import Achievement, Evidence, Learner
from badges.credential import unsafe_character
from issuer.awarding.columns import Column, Mapped
from issuer.awarding.model import Decision
from issuer.awarding.sheet import MAX_CELL, Line

__all__ = ["Mend", "Problem", "Reader"]

_EMAIL = re.compile(r"[^@\s<>,;()\"]+@[^@\s<>,;()\"]+\.[^@\s<>,;()\"]+")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the reading direction: a name must not show as another name."""

_FORMULA = ("=", "+", "-", "@")
_OFFICE_ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a row is not awarded, and what to do about it."""

    row: int
    column: str
    value: str
    reason: str
    fix: str
    code: str = "invalid"
    """``invalid``, or ``duplicate`` when there is nothing to mend."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A row that is not awarded: as it came, and everything that is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]


class Unfit(Exception):
    """A cell does not say what its column should."""

    def __init__(self, column: Column, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.fix = column, reason, fix


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one list about one achievement."""

    columns: Mapped
    achievement: Achievement
    today: date

    def read(self, line: Line) -> Decision | list[Problem]:
        """Return the decision a row tells of, or everything that is wrong with the row."""
        found: dict[str, Any] = {}
        problems = []
        for name, (column, parse) in _FIELDS.items():
            cell = self.columns.cell(line.cells, column)
            try:
                _check_text(column, cell)
                found[name] = parse(self, column, cell)
            except Unfit as unfit:
                problems.append(self._problem(line, unfit))
        if not problems:
            try:
                return _decision(found)
            except Unfit as unfit:
                problems.append(self._problem(line, unfit))
        return problems

    def _problem(self, line: Line, unfit: Unfit) -> Problem:
        value = self.columns.cell(line.cells, unfit.column)
        return Problem(line.number, unfit.column, value[:200], unfit.reason, unfit.fix)


def _decision(found: dict[str, Any]) -> Decision:
    read = {name: found[name] for name in _OF_LEARNER}
    if not (read["given_name"] or read["family_name"] or read["full_name"]):
        raise Unfit(Column.GIVEN_NAME, "nobody is named", "write the person's name")
    number = found["student_number"]
    learner = Learner(**read, identifiers={"sourcedId": number} if number else {})
    rest = {name: value for name, value in found.items() if name in _OF_DECISION}
    return Decision(learner=learner, **rest)


def _check_text(column: Column, cell: str) -> None:
    if len(cell) > MAX_CELL:
        raise Unfit(column, f"longer than {MAX_CELL} characters", "shorten it")
    if found := unsafe_character(cell) or next((c for c in cell if c in _TURNING), None):
        found = found if found.isascii() else f"U+{ord(found):04X}"
        raise Unfit(column, f"holds the invisible character {found}", "type it anew")
    if cell in _OFFICE_ERRORS:
        raise Unfit(column, "is an error of your office program", "mend the formula behind it")
    if cell.startswith(_FORMULA):
        raise Unfit(column, "looks like a formula", "remove the first character")


def _text(_: Reader, _column: Column, cell: str) -> str:
    return " ".join(cell.split())


def _optional_text(reader: Reader, column: Column, cell: str) -> str | None:
    return _text(reader, column, cell) or None


def _email(_: Reader, column: Column, cell: str) -> str | None:
    if not cell:
        return None
    if len(cell) > 254 or not _EMAIL.fullmatch(cell):
        raise Unfit(column, "is not an e-mail address", "write it like name@university.example")
    name, _at, domain = cell.rpartition("@")
    return f"{name}@{domain.lower()}"


def _date(_: Reader, column: Column, cell: str) -> date | None:
    if not cell:
        return None
    parts = _ISO.fullmatch(cell)
    dotted = _DOTTED.fullmatch(cell)
    numbers = parts.groups() if parts else dotted.groups()[::-1] if dotted else None
    if numbers is None:
        raise Unfit(column, "is not a date we can be sure of", "write it like 2026-06-12")
    try:
        return date(*map(int, numbers))
    except ValueError as error:
        raise Unfit(column, "is not a day of the calendar", "check day and month") from error


def _awarded_on(reader: Reader, column: Column, cell: str) -> date:
    day = _date(reader, column, cell) or reader.today
    if day > reader.today:
        raise Unfit(column, "is in the future", "award it on the day, or correct the date")
    if day.year < 2000:
        raise Unfit(column, "is long ago", "check the year")
    return day


def _birth_date(reader: Reader, column: Column, cell: str) -> date | None:
    day = _date(reader, column, cell)
    if day and not 1900 < day.year <= reader.today.year - 5:
        raise Unfit(column, "is not a birth date", "check the year")
    return day


def _grade(reader: Reader, column: Column, cell: str) -> str | None:
    scheme = reader.achievement.grading
    if not cell or scheme is None:
        return cell or None
    if scheme.levels:
        return _level(reader, column, cell)
    try:
        number = float(cell.replace(",", "."))
    except ValueError as error:
        raise Unfit(column, "is not a number", "write the points, like 72") from error
    low, high = scheme.minimum or 0, scheme.maximum
    if number < low or (high is not None and number > high):
        raise Unfit(column, f"is not between {low:g} and {high or 0:g}", "check the points")
    if scheme.required and number < float(scheme.required):
        raise Unfit(column, f"is below {scheme.required}: not passed", "leave this person out")
    return f"{number:g}"


def _level(reader: Reader, column: Column, cell: str) -> str:
    scheme = reader.achievement.grading
    values = [level.value for level in scheme.levels] if scheme else []
    known = {value.casefold(): value for value in values}
    found = known.get(cell.casefold())
    if found is None:
        raise Unfit(column, "is not a grade of this achievement", f"one of: {', '.join(values)}")
    required = scheme.required if scheme else None
    failed = required in values and values.index(found) < values.index(required or "")
    if failed or found.casefold() in {"not passed", "failed", "fail"}:
        raise Unfit(column, f"{found} is not passed", "leave this person out")
    return found


def _evidence(_: Reader, column: Column, cell: str) -> tuple[Evidence, ...]:
    if not cell:
        return ()
    if not re.fullmatch(r"https://[^\s<>\"]+", cell):
        raise Unfit(column, "is not a web address", "write it like https://university.example/work")
    return (Evidence(name="Work of the learner", url=cell),)


def _language(_: Reader, column: Column, cell: str) -> str:
    if cell and not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z]{2})?", cell):
        raise Unfit(column, "is not a language code", "write it like en or pt-BR")
    return cell or "en"


_FIELDS: dict[str, tuple[Column, Callable[[Reader, Column, str], object]]] = {
    "given_name": (Column.GIVEN_NAME, _text),
    "family_name": (Column.FAMILY_NAME, _text),
    "full_name": (Column.FULL_NAME, _text),
    "email": (Column.EMAIL, _email),
    "birth_date": (Column.BIRTH_DATE, _birth_date),
    "student_number": (Column.STUDENT_NUMBER, _optional_text),
    "awarded_on": (Column.AWARDED_ON, _awarded_on),
    "grade": (Column.GRADE, _grade),
    "activity_start": (Column.START, _date),
    "activity_end": (Column.END, _date),
    "evidence": (Column.EVIDENCE, _evidence),
    "narrative": (Column.NARRATIVE, _text),
    "language": (Column.LANGUAGE, _language),
}
"""What a decision needs, where it stands in the list, and how it is read."""

_OF_LEARNER = ("given_name", "family_name", "full_name", "email", "birth_date")
_OF_DECISION = set(_FIELDS) - {*_OF_LEARNER, "student_number"}
