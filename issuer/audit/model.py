"""One line of the audit log, and how lines are chained.

Shape: a line is compact JSON with sorted keys; its hash is SHA-256 of (the hash before it + the
line). No personal data: a credential is named by its id, its bytes by a keyed hash whose key is
kept with the issuance and goes when the learner is erased.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import orjson

__all__ = ["GENESIS", "Event", "chain", "line"]

GENESIS = bytes(32)
"""The hash before the first line."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done."""

    actor: str
    """Who did it: an account, ``cli``, ``worker`` … never a name or an address."""

    action: str
    """What was done: ``issuance.intended``, ``credential.revoked``, ``key.retired`` …"""

    subject: str
    """What it was done to: a credential id, a DID, a list."""

    detail: Mapping[str, str | int] = field(default_factory=dict)


def line(event: Event, seq: int, at: datetime) -> bytes:
    """Return line `seq` of the log."""
    return orjson.dumps(
        {
            "seq": seq,
            "at": _moment(at),
            "actor": event.actor,
            "action": event.action,
            "subject": event.subject,
            "detail": dict(event.detail),
        },
        option=orjson.OPT_SORT_KEYS,
    )


@lru_cache(maxsize=64)
def _moment(at: datetime) -> str:
    """Write a moment once for the many lines of one commit."""
    return at.astimezone(UTC).isoformat()


def chain(previous: bytes, text: bytes) -> bytes:
    """Return the hash of a line after `previous`."""
    return hashlib.sha256(previous + text).digest()
