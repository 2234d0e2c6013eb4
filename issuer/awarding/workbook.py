"""Take an award list out of an XLSX workbook, in a process whose memory and time are bounded."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from issuer.errors import InvalidUpload

__all__ = ["Converted", "convert", "is_workbook", "require_readable"]

CHILD = Path(__file__).with_name("workbook_child.py")
MAX_SECONDS = 90
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_REASONS = {
    "broken": "this workbook is damaged: open it in your office program and save it anew",
    "empty": "this sheet is empty: its first line names the columns",
    "macros": "this workbook holds macros: save it as XLSX without macros",
    "no-such-sheet": "the workbook has no such sheet any more: choose another",
    "no-workbook": "this is neither CSV nor an XLSX workbook: save the list as one of them",
    "password": "this workbook is locked with a password: take the password off",
    "too-large": "this workbook unpacks to far more than a list of people: save it as CSV",
    "too-wide": "this sheet has more than 100 columns: remove what is not needed",
}


@dataclass(frozen=True, slots=True)
class Converted:
    """What was read: one sheet of these."""

    sheets: tuple[str, ...]
    sheet: str


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook and not text."""
    return _start(path).startswith(ZIP)


def require_readable(path: Path) -> None:
    """Refuse the old binary format of workbooks, which also holds those with a password.

    Raises:
        InvalidUpload: it is one.
    """
    if _start(path).startswith(OLE):
        raise InvalidUpload(
            "this is an old or a locked workbook: save it as XLSX without a password, or as CSV"
        )


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise InvalidUpload(f"{path} cannot be read: {error.strerror}") from error


def convert(path: Path, target: Path, sheet: str | None = None) -> Converted:
    """Write a sheet of a workbook to `target` as CSV: the first, or the one named.

    Raises:
        InvalidUpload: it cannot be read, or reading it takes more than any list of people needs.
    """
    command = [sys.executable, "-I", str(CHILD), str(path), str(target)]
    command += [] if sheet is None else [sheet]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program; names of sheets are one argument
            command, capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidUpload(_REASONS["too-large"]) from error
    except ValueError as error:
        raise InvalidUpload(_REASONS["no-such-sheet"]) from error
    if ended.returncode != 0:
        raise InvalidUpload(_REASONS["too-large"])
    told = json.loads(ended.stdout)
    if "error" in told:
        raise InvalidUpload(_REASONS[told["error"]])
    return Converted(tuple(told["sheets"]), told["sheet"])
