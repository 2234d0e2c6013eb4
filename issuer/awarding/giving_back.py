"""Sheets we give: the rows to mend as they came with the reason beside, and an empty one to fill.

Shape: CSV with a byte order mark, or XLSX. No cell is a formula: in CSV those that a spreadsheet
would take for one get an apostrophe, in XLSX every cell is text.
The only file that knows xlsxwriter.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from badges.award import Achievement
from issuer.awarding.columns import Column
from issuer.awarding.person_row import Mend
from issuer.web.i18n import gettext as _

__all__ = ["Given", "empty_sheet", "harmless", "mend_csv", "mend_xlsx"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Given:
    """A file to be taken home."""

    content: bytes
    media_type: str
    suffix: str


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def mend_csv(header: Sequence[str], rows: Iterable[Mend]) -> Given:
    """Write the rows to mend as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    for cells in _table(header, rows):
        writer.writerow([harmless(cell) for cell in cells])
    return Given(b"\xef\xbb\xbf" + text.getvalue().encode(), "text/csv", "csv")


def mend_xlsx(header: Sequence[str], rows: Iterable[Mend]) -> Given:
    """Write the rows to mend as a workbook; every cell is text, as it came."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.set_column(0, len(header) + 2, 22, book.add_format({"num_format": "@"}))
        bold = book.add_format({"bold": True, "num_format": "@"})
        for number, cells in enumerate(_table(header, rows)):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell, None if number else bold)
        book.close()
        return Given(path.read_bytes(), XLSX, "xlsx")


def _table(header: Sequence[str], rows: Iterable[Mend]) -> Iterable[Sequence[str]]:
    yield (*header, _("Row in your list"), _("Why it was not awarded"), _("What to do"))
    width = len(header)
    for row in rows:
        cells = (*row.cells[:width], *[""] * (width - len(row.cells)))
        named = [(f"{p.column}: " if p.column else "", p) for p in row.problems]
        reasons = "; ".join(f"{where}{problem.reason}" for where, problem in named)
        fixes = "; ".join(dict.fromkeys(f"{where}{problem.fix}" for where, problem in named))
        yield (*cells, str(row.number), reasons, fixes)


def empty_sheet(achievement: Achievement) -> Given:
    """Make a workbook to fill in for one achievement; a note on each heading explains it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet(_("People")[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        notes = column_notes(achievement)
        for place, (column, (heading, note)) in enumerate(notes.items()):
            dated = column in {Column.AWARDED_ON, Column.BIRTH_DATE}
            sheet.set_column(place, place, 20, day if dated else text)
            sheet.write_string(0, place, heading, bold)
            sheet.write_comment(0, place, note, {"x_scale": 2})
        levels = achievement.grading.levels if achievement.grading else ()
        if levels and sum(len(level.value) + 1 for level in levels) < 250:
            place = list(notes).index(Column.GRADE)
            choice = {"validate": "list", "source": [level.value for level in levels]}
            sheet.data_validation(1, place, 20_000, place, choice)
        guide = book.add_worksheet(_("Columns")[:31])
        guide.set_column(0, 0, 22)
        guide.set_column(1, 1, 90)
        for number, (heading, note) in enumerate(notes.values()):
            guide.write_string(number, 0, heading, bold)
            guide.write_string(number, 1, note)
        book.close()
        return Given(path.read_bytes(), XLSX, "xlsx")


def column_notes(achievement: Achievement) -> dict[Column, tuple[str, str]]:
    """Say which columns a list about an achievement has, and what goes into each."""
    return {
        Column.GIVEN_NAME: ("Given name", _("As it is to be printed. This or the family name.")),
        Column.FAMILY_NAME: ("Family name", _("As it is to be printed.")),
        Column.EMAIL: (
            "E-mail",
            _("Where the learner is told. Without it you hand over the link."),
        ),
        Column.AWARDED_ON: ("Awarded on", _("Day of the award, like 2026-06-12; empty is today.")),
        Column.GRADE: ("Result", _grade_note(achievement)),
        Column.STUDENT_NUMBER: ("Student number", _("Yours; leading zeros stay.")),
        Column.BIRTH_DATE: ("Birth date", _("Only if the credential is to show it.")),
        Column.LANGUAGE: ("Language", _("Of mail and credential: en, de, fr and so on.")),
        Column.EVIDENCE: ("Evidence", _("Web address of the learner's work, if there is one.")),
        Column.NARRATIVE: ("Narrative", _("How this learner earned it, if there is more to say.")),
    }


def _grade_note(achievement: Achievement) -> str:
    scheme = achievement.grading
    if scheme is None:
        return _("The grade, in your own words, or nothing.")
    if scheme.levels:
        return _("One of: %s") % ", ".join(level.value for level in scheme.levels)
    return _("A number from %(low)g to %(high)g") % {
        "low": scheme.minimum or 0,
        "high": scheme.maximum or 100,
    }
