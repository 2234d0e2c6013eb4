"""What verification is given by the service around it: documents by address, and whom to trust.

The room itself reaches no network, no key and no database; `issuer.app` hands these in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request

from badges.verify import Policy
from badges.verify.key_history import Seen
from did.fetch import Fetched
from issuer.verify.pool import Pool

__all__ = ["Sources", "Verifier", "verifier_of"]


class Sources(Protocol):
    """Where evidence and trust come from."""

    async def documents(self, urls: Iterable[str]) -> Mapping[str, Fetched]:
        """Return what can be had of `urls`: our own from the store, the rest from the web."""
        ...

    async def known_keys(self, issuers: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the keys these issuers had before."""
        ...

    async def remember(self, seen: Mapping[str, Seen]) -> None:
        """Keep the keys that issuers have now."""
        ...

    def policy(self) -> Policy:
        """Return the register in force and what else we insist on."""
        ...


def nobody_counts(report: Mapping[str, Any]) -> None:
    """Do nothing with a report."""
    del report


@dataclass(frozen=True, slots=True)
class Verifier:
    """Everything the doors of this room need."""

    pool: Pool
    sources: Sources
    checked: Callable[[Mapping[str, Any]], None] = nobody_counts
    """Told of every report; what it does with it is the service's business."""


def verifier_of(request: Request) -> Verifier:
    """Return the verifier of the service this request came to."""
    verifier: Verifier = request.app.state.verifier
    return verifier
