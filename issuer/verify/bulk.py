"""Many credentials at once: what is in a ZIP or a CSV of links, and one row of answer for each.

Shape: entries are read with limits that count what comes out, never what the file says of itself;
answers come in the order of the entries, a few of them under way at any time; nothing is stored.
"""

import asyncio
import csv
import io
import zipfile
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from issuer.errors import CheckAborted, InvalidUpload, IssuerError, TooBusy, Unreachable
from issuer.verify.service import fetched, verify
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission, link_in

__all__ = ["COLUMNS", "MAX_ENTRIES", "Entry", "Row", "as_csv", "read_entries", "rows"]

MAX_ENTRIES = 1_000
MAX_ENTRY = 8 * 2**20
"""Most bytes of one file of a ZIP, unpacked."""

MAX_TOTAL = 64 * 2**20
"""Most bytes of all of them."""

AHEAD = 4
"""Entries under way at once, so that others who ask for one check are served too."""

COLUMNS = ("number", "input", "verdict", "summary", "issuer", "name", "learner", "checked_at")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to check: a file of the ZIP, or a link of the list."""

    name: str
    data: bytes = b""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The answer on one entry."""

    number: int
    total: int
    report: dict[str, Any]

    def cells(self) -> tuple[str, ...]:
        """Return the answer as the columns of `COLUMNS`."""
        said = self.report.get("credential", {})
        return (
            str(self.number),
            str(self.report["input"]),
            str(self.report["verdict"]),
            str(self.report["summary"]),
            _named(said.get("issuer")),
            str(said.get("name", "")),
            _named(said.get("learner")),
            str(self.report["checked_at"]),
        )


def _named(found: object) -> str:
    if not isinstance(found, dict):
        return ""
    return str(found.get("name") or found.get("id") or "")


def read_entries(data: bytes) -> Sequence[Entry]:
    """Return what is to be checked.

    Raises:
        InvalidUpload: neither ZIP nor list of links, too many entries, or too large when unpacked.
    """
    found = _zipped(data) if data.startswith(b"PK") else _listed(data)
    if not found:
        raise InvalidUpload("there is nothing to check in it: send a ZIP of files, or links")
    return found


def _zipped(data: bytes) -> list[Entry]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if _is_file(member)]
            _check_count(len(members))
            left, found = MAX_TOTAL, []
            for member in members:
                content = _unpacked(archive, member, min(left, MAX_ENTRY))
                left -= len(content)
                found.append(Entry(member.filename, content))
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise InvalidUpload("the ZIP is broken") from error
    except (NotImplementedError, RuntimeError, ValueError) as error:
        raise InvalidUpload("the ZIP is encrypted, or packed in a way we do not read") from error


def _is_file(member: zipfile.ZipInfo) -> bool:
    last = member.filename.rpartition("/")[2]
    return bool(last) and not last.startswith(".") and not member.filename.startswith("__MACOSX/")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Read one file, and no more of it than allowed, whatever its header says."""
    with archive.open(member) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise InvalidUpload(f"{member.filename[:80]!r} makes the ZIP too large when unpacked")
    return content


def _listed(data: bytes) -> list[Entry]:
    try:
        text = data.decode("utf-8-sig")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidUpload("this is neither a ZIP nor a CSV file in UTF-8") from error
    links = [link for line in lines for cell in line[:50] if (link := link_in(cell))]
    _check_count(len(links))
    return [Entry(link, link=link) for link in links]


def _check_count(count: int) -> None:
    if count > MAX_ENTRIES:
        raise InvalidUpload(f"it has {count} entries; at most {MAX_ENTRIES}: send it in parts")


async def rows(verifier: Verifier, entries: Sequence[Entry], now: datetime) -> AsyncIterator[Row]:
    """Give one row for each entry, in order, as soon as it is known."""
    waiting = list(entries)
    started: list[asyncio.Task[dict[str, Any]]] = []
    try:
        for number in range(1, len(entries) + 1):
            while waiting and len(started) < AHEAD:
                started.append(asyncio.create_task(_report(verifier, waiting.pop(0), now)))
            yield Row(number, len(entries), await started.pop(0))
    finally:
        for task in started:
            task.cancel()


async def _report(verifier: Verifier, entry: Entry, now: datetime) -> dict[str, Any]:
    try:
        submission = Submission(entry.data, entry.name)
        if entry.link:
            submission = await fetched(verifier, entry.link)
        return (await verify(verifier, submission, now)).report
    except (CheckAborted, TooBusy, Unreachable) as error:
        return _unanswered(entry, error, now)


def _unanswered(entry: Entry, error: IssuerError, now: datetime) -> dict[str, Any]:
    finding = {"check": "structure", "outcome": "unknown", "code": error.code, "detail": str(error)}
    return {
        "input": entry.name,
        "verdict": "could_not_check",
        "summary": f"It could not be checked: {error}.",
        "credential": {},
        "findings": [finding],
        "checked_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }


def as_csv(cells: Sequence[str]) -> str:
    """Write one line of CSV; no cell of it is taken for a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
