"""Files the commands are given: read with a limit, and told apart from what is not a file."""

import sys
from pathlib import Path
from typing import Any

from badges.errors import MalformedCredential
from badges.strict_json import loads
from issuer.errors import InvalidUpload

__all__ = ["MAX_BYTES", "read_bytes", "read_object"]

MAX_BYTES = 16 * 2**20
"""Largest input a command reads."""


def read_bytes(path: str) -> bytes:
    """Return what is in the file, or on standard input for ``-``.

    Raises:
        InvalidUpload: it is not there, not a file, empty, or too large.
    """
    if path == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        file = Path(path)
        if not file.is_file():
            raise InvalidUpload(f"{path}: there is no such file")
        with file.open("rb") as handle:
            content = handle.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InvalidUpload(f"{path}: larger than {MAX_BYTES // 2**20} MiB")
    if not content.strip():
        raise InvalidUpload(f"{path}: empty")
    return content


def read_object(path: str) -> dict[str, Any]:
    """Return the JSON object in the file.

    Raises:
        InvalidUpload: it cannot be read, or holds something else.
    """
    try:
        value = loads(read_bytes(path))
    except MalformedCredential as error:
        raise InvalidUpload(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise InvalidUpload(
            f"{path}: a credential is one JSON object, this is a {type(value).__name__}"
        )
    return value
