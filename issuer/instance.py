"""One running service: what every door needs, made once by `app` or `cli`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from issuer.settings import Settings

__all__ = ["Fetch", "Instance", "nothing_reachable", "wall_clock"]

Fetch = Callable[[Iterable[str]], Awaitable[Mapping[str, Any]]]
"""`did.fetch.Fetch`: URLs → what could be had of them."""


def wall_clock() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


async def nothing_reachable(urls: Iterable[str]) -> Mapping[str, Any]:
    """Fetch nothing: a service that never talks to anyone."""
    del urls
    return {}


@dataclass(frozen=True, slots=True)
class Instance:
    """The settings, store, clock and doors of one service."""

    settings: Settings
    engine: Engine
    passphrase: str = field(default="", repr=False)
    """Opens the key files; read once, never logged."""

    now: Callable[[], datetime] = wall_clock
    fetch: Fetch = nothing_reachable
    key_cost: int = 2**17
    """Work of one guess at the passphrase of new key files (`did.signers.file`)."""

    kept: dict[str, Any] = field(default_factory=dict, repr=False)
    """What this process has opened or read and need not again: keys by URI, the rest by name."""
