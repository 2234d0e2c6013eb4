"""Published lists as files: what is served even when the database is not there.

Shape: ``{data}/status/{public id}.json``, exactly the signed document; written beside and renamed,
so that a reader sees the old version or the new one and never half of one.
"""

import os
import re
import tempfile
import time
from pathlib import Path

import orjson

from issuer.errors import NotFound

__all__ = ["age", "issued", "path_of", "read", "touch", "write"]

_NAME = re.compile("[0-9a-f]{1,64}")


def path_of(folder: Path, public_id: str, suffix: str = ".json") -> Path:
    """Return the file of a list.

    Raises:
        NotFound: `public_id` cannot be the name of one.
    """
    if not _NAME.fullmatch(public_id):
        raise NotFound("there is no such status list")
    return folder / f"{public_id}{suffix}"


def read(folder: Path, public_id: str, suffix: str = ".json") -> bytes | None:
    """Return the published document of a list, None before its first publication."""
    try:
        return path_of(folder, public_id, suffix).read_bytes()
    except FileNotFoundError:
        return None


def age(folder: Path, public_id: str) -> float:
    """Return the seconds since the file was written or touched."""
    return time.time() - path_of(folder, public_id).stat().st_mtime


def touch(folder: Path, public_id: str) -> None:
    """Say that the file was compared with the store just now."""
    os.utime(path_of(folder, public_id))


def issued(document: bytes) -> str:
    """Return the time a list was published; these texts sort as the times do."""
    return str(orjson.loads(document)["validFrom"])


def write(folder: Path, public_id: str, document: bytes, suffix: str = ".json") -> None:
    """Put `document` in place of the last version, at once and durably."""
    path = path_of(folder, public_id, suffix)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".list-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(document)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
