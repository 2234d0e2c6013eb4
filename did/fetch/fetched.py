"""What came back from an address, and the promise of whatever can bring it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["MAX_REDIRECTS", "REDIRECTS", "Fetch", "Fetched"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that send us to another address."""

MAX_REDIRECTS = 2
"""Most hops we follow; each is checked like the first address."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer; `url` is the address that was asked for, not where redirects led."""

    url: str
    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime


class Fetch(Protocol):
    """Brings documents from their addresses."""

    async def __call__(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return the answers by address; what cannot be had is left out."""
        ...
