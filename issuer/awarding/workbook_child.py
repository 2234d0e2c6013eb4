"""Read one sheet of an XLSX workbook and write it as CSV: run as a process of its own.

A workbook of a few kB may claim a cell in the last column of the last row, or unpack to gigabytes:
this process bounds its memory and its time, and when it dies the service only learns that.

Shape: ``workbook_child.py WORKBOOK TARGET [SHEET]``; one JSON object on stdout. Row numbers and
columns stay what the office sees; dates become ISO dates, whole numbers have no ``.0``, a number
formatted with leading zeros keeps them; of a formula its last value is taken.
The only file that knows calamine. It imports nothing of ours, so that it starts fast.
"""

import csv
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.etree import ElementTree as ET

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MAX_MEMORY = 1_024 * 2**20
MAX_SECONDS = 60
MAX_EXPANDED = 256 * 2**20
MAX_PARTS = 2_000
MAX_COLUMNS = 100

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Refused(Exception):
    """This workbook is not read; the text is the reason's name."""


def main(path: str, target: str, wanted: str | None) -> dict[str, object]:
    """Convert a sheet, the first visible one unless told which."""
    _check_parts(path)
    book = CalamineWorkbook.from_path(path)
    sheets = [
        found.name
        for found in book.sheets_metadata
        if found.typ == SheetTypeEnum.WorkSheet and found.visible == SheetVisibleEnum.Visible
    ]
    if not sheets:
        raise Refused("empty")
    name = wanted if wanted is not None else sheets[0]
    if name not in sheets:
        raise Refused("no-such-sheet")
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None or sheet.end is None:
        raise Refused("empty")
    if sheet.end[1] >= MAX_COLUMNS:
        raise Refused("too-wide")
    widths = _padded(path, book.sheet_names.index(name))
    before = [""] * sheet.start[1]
    with open(target, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - starts faster
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for row, cells in enumerate(sheet.iter_rows()):
            texts = before + [
                _text(cell, widths.get((row, column), 0))
                for column, cell in enumerate(cells, start=sheet.start[1])
            ]
            writer.writerow(texts if any(texts) else [])
    return {"sheets": sheets, "sheet": name}


def _check_parts(path: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_EXPANDED:
            raise Refused("too-large")
        names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if "xl/workbook.xml" not in names:
        raise Refused("no-workbook")


def _text(cell: object, width: int) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}".rjust(width, "0") if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        day = cell.time() == time()
        return cell.date().isoformat() if day else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _padded(path: str, index: int) -> dict[tuple[int, int], int]:
    """Return the cells shown with leading zeros, and their width: ``0000000`` is a format."""
    with zipfile.ZipFile(path) as archive:
        styles = _padding_styles(archive)
        if not styles:
            return {}
        found = {}
        with archive.open(_sheet_part(archive, index)) as part:
            for _, element in ET.iterparse(part):  # noqa: S314 - bounded process
                if element.tag == f"{_NS}c" and (style := styles.get(element.get("s", ""))):
                    found[_place(element.get("r", ""))] = style
                if element.tag == f"{_NS}row":
                    element.clear()
    return found


def _padding_styles(archive: zipfile.ZipFile) -> dict[str, int]:
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = ET.fromstring(archive.read("xl/styles.xml"))  # noqa: S314 - bounded process
    formats = {
        found.get("numFmtId"): len(found.get("formatCode", ""))
        for found in root.iter(f"{_NS}numFmt")
        if re.fullmatch("0{2,}", found.get("formatCode", ""))
    }
    cells = root.find(f"{_NS}cellXfs")
    used = enumerate(() if cells is None else cells)
    return {
        str(at): formats[xf.get("numFmtId")] for at, xf in used if xf.get("numFmtId") in formats
    }


def _sheet_part(archive: zipfile.ZipFile, index: int) -> str:
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - bounded process
    sheet = list(book.iter(f"{_NS}sheet"))[index]
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next(link.get("Target", "") for link in links if link.get("Id") == sheet.get(_REL))
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :] or 0) - 1, column - 1


def _outcomes(arguments: list[str]) -> Iterator[dict[str, object]]:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    try:
        yield main(arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else None)
    except Refused as error:
        yield {"error": str(error)}
    except PasswordError:
        yield {"error": "password"}
    except (CalamineError, zipfile.BadZipFile, ET.ParseError, KeyError, IndexError):
        yield {"error": "broken"}
    except MemoryError:
        yield {"error": "too-large"}


if __name__ == "__main__":
    for outcome in _outcomes(sys.argv[1:]):
        sys.stdout.write(json.dumps(outcome))
