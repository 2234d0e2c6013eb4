"""Read an award list: find out encoding and delimiter, give the rows, keep little in memory.

A workbook (XLSX) is read by `issuer.awarding.workbook`, which makes CSV of it.

Shape: the first line names the columns; rows are numbered as a spreadsheet shows them (the first
person is in row 2). UTF-8 and UTF-16 with or without a byte order mark are read; what is not valid
UTF-8 is taken as Windows-1252, as office programs in Western Europe write it.
"""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from issuer.awarding.workbook import convert, is_workbook, require_readable
from issuer.errors import InvalidUpload

__all__ = ["MAX_CELL", "Line", "Sheet", "open_sheet"]

MAX_BYTES = 512 * 2**20
"""Longest list we read: more than a million people."""

MAX_HEADER = 64 * 2**10
MAX_COLUMNS = 100
MAX_CELL = 2_000

DELIMITERS = ";,\t"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open award list."""

    header: tuple[str, ...]
    lines: Iterator[Line]


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """Open the list at `path`: CSV, or the first sheet of a workbook.

    Raises:
        InvalidUpload: it cannot be read, is no table, or is too long; the message says which.
    """
    require_readable(path)
    if not is_workbook(path):
        with _open_csv(path) as sheet:
            yield sheet
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sheet.csv"
        convert(path, target)
        with _open_csv(target) as sheet:
            yield sheet


@contextmanager
def _open_csv(path: Path) -> Iterator[Sheet]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(MAX_HEADER)
        if "\0" in start:
            raise InvalidUpload("this is not a text file: save the list as CSV (UTF-8)")
        file.seek(0)
        reader = csv.reader(file, delimiter=_delimiter(start), strict=True)
        rows = _rows(reader)
        header = next(rows, None)
        if header is None:
            raise InvalidUpload("the list is empty: its first line names the columns")
        yield Sheet(header.cells, rows)


def _encoding(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise InvalidUpload(f"{path} cannot be read: {error.strerror}") from error
    if size > MAX_BYTES:
        raise InvalidUpload(f"the list is longer than {MAX_BYTES // 2**20} MiB: split it")
    for found, encoding in _MARKS:
        if mark.startswith(found):
            return _checked(path, encoding)
    return "utf-8" if _decodes(path, "utf-8") else _checked(path, "cp1252")


def _checked(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise InvalidUpload("the list is in an unknown encoding: save it as CSV (UTF-8)")
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(2**20):
                pass
    except (UnicodeDecodeError, UnicodeError):
        return False
    return True


def _delimiter(start: str) -> str:
    """Return the delimiter the first line uses most, outside quotes."""
    first = next((line for line in io.StringIO(start) if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _rows(reader: Iterator[list[str]]) -> Iterator[Line]:
    """Give the rows that are not empty."""
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidUpload(f"row {number + 1} is not CSV: {error}") from error
        number += 1
        if len(cells) > MAX_COLUMNS:
            raise InvalidUpload(f"row {number} has {len(cells)} columns; at most {MAX_COLUMNS}")
        if any(cell.strip() for cell in cells):
            yield Line(number, tuple(cell.strip() for cell in cells))
