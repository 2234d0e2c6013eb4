"""The way out for calls: public https addresses only; a demo may call its own machine.

Shape: `did.fetch` does the asking: names are resolved once and every address checked.
"""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from did.errors import FetchRefused
from issuer.instance import wall_clock
from issuer.settings import Settings
from issuer.webhooks.model import LANES, OF_ONE

if TYPE_CHECKING:
    from did.fetch import Policy, WebFetch
    from issuer.webhooks.delivering import Send

__all__ = ["is_allowed", "send_of"]

LOCAL = frozenset({"localhost", "127.0.0.1"})

AT_ONCE = LANES * OF_ONE
"""As many as are made at a time: waiting in line counts against a receiver's time."""

SECONDS = 10.0
"""Longest a receiver may take."""


def is_allowed(settings: Settings, url: str) -> bool:
    """Tell whether we would call `url`, as far as its text says."""
    try:
        policy = _policy(settings, url)
        target = policy.check(url)
    except (FetchRefused, ValueError):
        return False
    return policy.trusts(target) or target.host not in LOCAL


def send_of(settings: Settings) -> "Send":
    """Return what posts a call."""

    async def send(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        door = await asyncio.to_thread(lambda: _door(_policy(settings, url)))
        return await door.post(url, body, {**headers, "content-type": "application/json"})

    return send


@lru_cache(maxsize=16)
def _door(policy: "Policy") -> "WebFetch":
    from did.fetch import web_fetch  # noqa: PLC0415 - loaded when somebody is called

    return web_fetch(policy, now=wall_clock)


def _policy(settings: Settings, url: str) -> "Policy":
    from did.fetch import Policy  # noqa: PLC0415 - likewise

    at = urlsplit(url)
    demo = urlsplit(settings.origin).hostname in LOCAL and at.hostname in LOCAL
    trusted = frozenset({f"{at.scheme}://{at.netloc}"}) if demo else frozenset()
    return Policy(seconds=SECONDS, concurrency=AT_ONCE, trusted_origins=trusted)
