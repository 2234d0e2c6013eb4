"""JSON-LD contexts from our own pinned files; the network is never asked.

Spec: VC Data Integrity 1.0 §2.4 (contexts are known in advance and checked by digest).
Shape: ``lock.json`` maps a URL to the texts we accept for it, the current one first; older ones
       stay because credentials were signed under them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from contexts.errors import DigestMismatch, UnknownContext

__all__ = ["Vintage", "known", "load", "read_pinned", "urls", "vintages"]


@dataclass(frozen=True, slots=True)
class Vintage:
    """One text that was published at a URL."""

    url: str
    file: str
    """Below ``contexts/data``."""

    sha256: str
    """Of the bytes of the file."""

    canonical_sha256: str
    """Of its JSON with sorted keys and no spaces: equal for re-formatted copies."""

    origin: str
    licence: str
    first_seen: str


def load(url: str, sha256: str | None = None) -> dict[str, Any]:
    """Return a fresh copy of the context at `url`: the current text, or the one with `sha256`.

    Raises:
        UnknownContext: we hold no such text.
        DigestMismatch: our file was changed after it was pinned.
    """
    for vintage in vintages(url):
        if sha256 in (None, vintage.sha256):
            document: dict[str, Any] = json.loads(read_pinned(vintage.file, vintage.sha256))
            return document
    raise UnknownContext(f"{url} has no text with digest {sha256}")


def vintages(url: str) -> list[Vintage]:
    """Name every text we accept for `url`, the current one first.

    Raises:
        UnknownContext: we hold none.
    """
    if not known(url):
        raise UnknownContext(f"{url!r} is not among the contexts we hold")
    return list(_contexts()[url])


def known(url: object) -> bool:
    """Tell whether we hold a context for `url`."""
    return isinstance(url, str) and url in _contexts()


def urls() -> frozenset[str]:
    """Name all URLs we hold a context for."""
    return frozenset(_contexts())


@cache
def _contexts() -> Mapping[str, tuple[Vintage, ...]]:
    lock = json.loads(files("contexts").joinpath("lock.json").read_bytes())
    return {
        url: tuple(Vintage(url=url, **entry) for entry in entries)
        for url, entries in lock["contexts"].items()
    }


@cache
def read_pinned(file: str, sha256: str) -> bytes:
    """Return the bytes of a file below ``data``, checked against its pinned digest.

    Raises:
        DigestMismatch: the file was changed after it was pinned.
    """
    content = files("contexts").joinpath("data", file).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DigestMismatch(f"contexts/data/{file} is not the file that was pinned")
    return content
