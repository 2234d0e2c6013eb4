"""Uploaded award lists, kept between the dry run and the award, and not longer than an hour.

Shape: ``data/uploads/<SHA-256 of account and token>``; only the account that sent a list can name
it. The token is in the form of the dry run, nowhere else.
"""

import hashlib
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations.roles import Staff

__all__ = ["Kept", "find", "forget", "keep"]

LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded list."""

    token: str
    path: Path


def keep(instance: Instance, staff: Staff, content: BinaryIO) -> Kept:
    """Keep a list for this account; lists that nobody came back for are deleted."""
    folder = _folder(instance)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder, instance.now())
    token = secrets.token_urlsafe(16)
    path = _path(instance, staff, token)
    with path.open("xb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(content, file)
    return Kept(token, path)


def find(instance: Instance, staff: Staff, token: str) -> Kept:
    """Return a list this account has sent.

    Raises:
        NotFound: it was awarded, is too old, or was sent by somebody else.
    """
    path = _path(instance, staff, token)
    if not path.is_file():
        raise NotFound("upload the list again: it is kept for an hour, until it is awarded")
    return Kept(token, path)


def forget(kept: Kept) -> None:
    """Delete a list."""
    kept.path.unlink(missing_ok=True)


def _folder(instance: Instance) -> Path:
    return instance.settings.data / "uploads"


def _path(instance: Instance, staff: Staff, token: str) -> Path:
    named = f"{staff.account_id}:{token}".encode("utf-8", "replace")
    return _folder(instance) / hashlib.sha256(named).hexdigest()


def _forget_old(folder: Path, now: datetime) -> None:
    for path in folder.iterdir():
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - LIFETIME:
            path.unlink(missing_ok=True)
