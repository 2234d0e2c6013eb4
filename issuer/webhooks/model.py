"""What can be told, and to whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["LANES", "OF_ONE", "Delivery", "Kind", "State", "Webhook"]

OF_ONE = 10
"""Most calls of one webhook at a time."""

LANES = 10
"""Most webhooks at a time: a slow receiver holds up only itself."""


class Kind(StrEnum):
    """What happened."""

    ISSUED = "credential.issued"
    CLAIMED = "credential.claimed"
    REVOKED = "credential.revoked"
    SUSPENDED = "credential.suspended"
    REINSTATED = "credential.reinstated"
    FINISHED = "batch.finished"


class State(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that wants to be told."""

    id: int
    organisation_id: int
    name: str
    url: str
    kinds: frozenset[Kind]
    salt: bytes
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook."""

    id: int
    event_id: str
    kind: str
    body: str
    state: State
    tries: int
    due_at: datetime
    created_at: datetime
    last_code: int | None
    last_error: str
    hook: Webhook
