"""Reserve places, revoke, suspend and reinstate.

Everything here happens in the caller's unit of work, with its audit lines; what must be published
afterwards is left in the outbox (`issuer.status.publication` does it).
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from badges.status.bits import MIN_ENTRIES
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db import outbox
from issuer.errors import AlreadyRevoked, NotSuspendable
from issuer.status import store
from issuer.status.model import Entry, Purpose, Reason, StatusList
from issuer.status.shuffle import place
from issuer.status.store import Allocation

__all__ = ["CHANGED", "Act", "reinstate", "reserve", "revoke", "suspend", "take"]


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes a status, when, and why."""

    actor: str
    now: datetime
    reason: Reason = Reason.UNSPECIFIED
    """Told to everybody who asks."""

    note: str = ""
    """For the office only."""


CHANGED = "status.changed"
"""Outbox topic: a list is to be published; the payload names it."""


def reserve(
    connection: Connection,
    organisation_id: int,
    purpose: Purpose,
    issuance_ids: Sequence[int],
    now: datetime,
) -> list[Entry]:
    """Give each issuance a place of its own, in an order that tells nothing."""
    places = take(connection, organisation_id, purpose, len(issuance_ids), now)
    entries = [
        Entry(of.id, index, issuance_id, of.purpose)
        for issuance_id, (of, index) in zip(issuance_ids, places, strict=True)
    ]
    store.add_entries(connection, entries)
    return entries


def take(
    connection: Connection, organisation_id: int, purpose: Purpose, count: int, now: datetime
) -> list[tuple[StatusList, int]]:
    """Give out `count` places of an organisation's lists: each a list and an index."""
    taken: list[tuple[StatusList, int]] = []
    while len(taken) < count:
        found = store.open_list(connection, organisation_id, purpose)
        allocation = found or _new_list(connection, organisation_id, purpose, now)
        first = allocation.allocated
        last = min(allocation.list.size, first + count - len(taken))
        store.set_allocated(connection, allocation.list.id, last)
        of, key = allocation.list, allocation.shuffle_key
        taken += [
            (of, of.index_of(place(key, of.size, position))) for position in range(first, last)
        ]
    return taken


def _new_list(
    connection: Connection, organisation_id: int, purpose: Purpose, now: datetime
) -> Allocation:
    public_id = secrets.token_hex(12)
    new = StatusList(0, public_id, organisation_id, purpose, MIN_ENTRIES, 0, None)
    kept = store.add_list(connection, Allocation(new, 0, secrets.token_bytes(32)), now)
    outbox.post(connection, CHANGED, {"list": kept.list.id}, now)
    return kept


def revoke(connection: Connection, entries: Iterable[Entry], act: Act) -> list[Entry]:
    """Revoke these credentials, all or none, for ever.

    Raises:
        AlreadyRevoked: one of them was revoked before.
    """
    every = list(entries)
    wanted = [entry for entry in every if entry.purpose is Purpose.REVOCATION]
    changed = [entry.revoke(act.reason, act.note, act.now) for entry in wanted]
    kept = _keep(connection, changed, "credential.revoked", act)
    _announce(connection, (e.list_id for e in every if e.purpose is Purpose.SUSPENSION), act.now)
    return kept


def suspend(connection: Connection, entries: Iterable[Entry], act: Act) -> list[Entry]:
    """Suspend these credentials for the time being.

    Raises:
        AlreadyRevoked: one of them is for ever out of force.
        AlreadySuspended: one of them is.
        NotSuspendable: one was issued without a place in a suspension list.
    """
    changed = [entry.suspend(act.reason, act.note, act.now) for entry in _suspendable(entries)]
    return _keep(connection, changed, "credential.suspended", act)


def reinstate(connection: Connection, entries: Iterable[Entry], act: Act) -> list[Entry]:
    """Put suspended credentials in force again.

    Raises:
        AlreadyRevoked: one of them is for ever out of force.
        NotSuspended: one of them is in force.
        NotSuspendable: one was issued without a place in a suspension list.
    """
    changed = [entry.reinstate() for entry in _suspendable(entries)]
    return _keep(connection, changed, "credential.reinstated", act)


def _suspendable(entries: Iterable[Entry]) -> list[Entry]:
    every = list(entries)
    for entry in every:
        if entry.purpose is Purpose.REVOCATION and entry.set_at:
            raise AlreadyRevoked(f"revoked {entry.set_at:%Y-%m-%d}: that is for ever")
    wanted = [entry for entry in every if entry.purpose is Purpose.SUSPENSION]
    if {entry.issuance_id for entry in every} != {entry.issuance_id for entry in wanted}:
        raise NotSuspendable(
            "it was issued without a place in a suspension list: revoke it and issue it again"
        )
    return wanted


def _keep(connection: Connection, changed: list[Entry], action: str, act: Act) -> list[Entry]:
    store.save_all(connection, changed)
    append(connection, [_event(entry, action, act) for entry in changed], act.now)
    _announce(connection, (entry.list_id for entry in changed), act.now)
    return changed


def _announce(connection: Connection, list_ids: Iterable[int], now: datetime) -> None:
    """Ask for these lists to be published."""
    for list_id in sorted(set(list_ids)):
        outbox.post(connection, CHANGED, {"list": list_id}, now)


def _event(entry: Entry, action: str, act: Act) -> Event:
    reason = entry.public_reason or ""
    detail: dict[str, str | int] = {"list": entry.list_id, "index": entry.index, "reason": reason}
    return Event(act.actor, action, f"issuance:{entry.issuance_id}", detail)
