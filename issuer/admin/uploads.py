"""Uploaded award lists, kept between the dry run and the award, and not longer than an hour.

Shape: ``data/uploads/<SHA-256 of account and token>/``: the file as it came, the sheet that was
read (CSV), what is known of it (JSON). Only the account that sent a list can name it.
"""

import hashlib
import secrets
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import orjson

from issuer.awarding.columns import Chosen, Column
from issuer.awarding.workbook import convert, is_workbook, require_readable
from issuer.errors import InvalidUpload, NotFound
from issuer.instance import Instance
from issuer.organisations.roles import Staff

__all__ = ["MAX_BYTES", "About", "Kept", "change", "find", "forget", "keep", "submission_of"]

LIFETIME = timedelta(hours=1)

MAX_BYTES = 15 * 2**20
"""Largest file that the page takes; longer lists go by `learnseal batch submit`."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an uploaded list."""

    slug: str
    """The organisation it was sent for."""

    achievement: str
    name: str
    sheets: tuple[str, ...] = ()
    """Sheets of the workbook; none of a CSV file."""

    sheet: str = ""
    columns: Chosen | None = None
    """What each column means, if somebody has said so."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded list."""

    token: str
    folder: Path
    about: About

    @property
    def path(self) -> Path:
        """Return the list itself, as CSV."""
        sheet = self.folder / "sheet.csv"
        return sheet if sheet.exists() else self.folder / "list"


def submission_of(staff: Staff, token: str) -> str:
    """Return the digest by which a list sent twice is known."""
    return hashlib.sha256(f"{staff.account_id}:{token}".encode("utf-8", "replace")).hexdigest()


def keep(instance: Instance, staff: Staff, content: BinaryIO, about: About) -> Kept:
    """Keep a list for this account; lists that nobody came back for are deleted.

    Raises:
        InvalidUpload: it is too large, or a workbook that cannot be read; nothing is kept.
    """
    root = _root(instance)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(root, instance.now())
    token = secrets.token_urlsafe(16)
    folder = root / submission_of(staff, token)
    folder.mkdir(mode=0o700)
    kept = Kept(token, folder, about)
    try:
        _write(folder / "list", content)
        require_readable(folder / "list")
        return _read_sheet(kept, None)
    except InvalidUpload:
        forget(kept)
        raise


def _write(path: Path, content: BinaryIO) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        left = MAX_BYTES
        while block := content.read(2**20):
            left -= len(block)
            if left < 0:
                raise InvalidUpload(f"the file is larger than {MAX_BYTES // 2**20} MB: split it")
            file.write(block)


def _read_sheet(kept: Kept, sheet: str | None) -> Kept:
    about = kept.about
    if is_workbook(kept.folder / "list"):
        found = convert(kept.folder / "list", kept.folder / "sheet.csv", sheet)
        about = replace(about, sheets=found.sheets, sheet=found.sheet, columns=None)
    return change(kept, about)


def change(kept: Kept, about: About) -> Kept:
    """Keep something else about a list; another sheet of the workbook is read at once.

    Raises:
        InvalidUpload: that sheet cannot be read.
    """
    if about.sheet != kept.about.sheet and kept.about.sheets:
        return _read_sheet(replace(kept, about=replace(about, sheet="", sheets=())), about.sheet)
    (kept.folder / "about.json").write_bytes(orjson.dumps(asdict(about)))
    return replace(kept, about=about)


def find(instance: Instance, staff: Staff, token: str, slug: str) -> Kept:
    """Return a list this account has sent for this organisation.

    Raises:
        NotFound: it was awarded, is too old, or was sent by somebody else or for another.
    """
    folder = _root(instance) / submission_of(staff, token)
    try:
        told = orjson.loads((folder / "about.json").read_bytes())
    except FileNotFoundError:
        told = {}
    if told.get("slug") != slug:
        raise NotFound("upload the list again: it is kept for an hour, until it is awarded")
    columns = told.pop("columns")
    chosen = None if columns is None else tuple(Column(c) if c else None for c in columns)
    sheets = tuple(told.pop("sheets"))
    return Kept(token, folder, About(**told, sheets=sheets, columns=chosen))


def forget(kept: Kept) -> None:
    """Delete a list."""
    shutil.rmtree(kept.folder, ignore_errors=True)


def _root(instance: Instance) -> Path:
    return instance.settings.data / "uploads"


def _forget_old(root: Path, now: datetime) -> None:
    for path in root.iterdir():
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - LIFETIME:
            shutil.rmtree(path, ignore_errors=True)
