"""The intent: write what is to be signed, check it, and keep it before any key is used.

The audit line of an intent is written in the same commit: no audit line, no signature.
A batch writes and checks before that commit begins: while it lasts nobody else may write.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from badges.errors import BadgeError
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import life_store
from issuer.awarding.formats import FORMATS, Facts, Prepared
from issuer.awarding.life_store import Intent, Pending
from issuer.awarding.seats import Room
from issuer.awarding.steps import Refused, each
from issuer.instance import Instance
from issuer.status import store as status
from issuer.status.model import Purpose

__all__ = ["Written", "intend", "intend_many", "keep"]

SALT = 16
"""Bytes of the salt that keys the hash of a draft in the audit log."""


@dataclass(slots=True)
class Written:
    """What is to be signed of some issuances: written and checked, and not kept yet."""

    now: datetime
    intents: dict[int, Intent] = field(default_factory=dict)
    prepared: dict[int, Prepared] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    refused: Refused = field(default_factory=dict)
    """Which are not fit to be signed, and why."""


def intend(
    instance: Instance, connection: Connection, numbers: Sequence[int], actor: str
) -> tuple[dict[int, Prepared], Refused]:
    """Write, check and keep the bytes to be signed; return them, and what was refused and why."""
    written = _write(instance, connection, life_store.pending(connection, numbers), actor)
    keep(connection, written, written.intents)
    return written.prepared, written.refused


def intend_many(
    instance: Instance, connection: Connection, numbers: Sequence[int], actor: str
) -> Written:
    """Write and check the bytes to be signed, for `keep` to keep in a commit of its own."""
    return _write(instance, connection, life_store.waiting(connection, numbers), actor)


def keep(connection: Connection, written: Written, numbers: Iterable[int]) -> None:
    """Keep these intents with their audit lines."""
    mine = [*numbers]
    life_store.save_intents(connection, [written.intents[number] for number in mine])
    append(connection, [written.events[number] for number in mine], written.now)


def _write(
    instance: Instance, connection: Connection, waiting: Sequence[Pending], actor: str
) -> Written:
    written = Written(instance.now().replace(microsecond=0))
    room = Room(instance, connection)
    entries = _status_entries(instance, connection, [found.id for found in waiting])
    salts = secrets.token_bytes(SALT * len(waiting))

    def draft(found: Pending) -> bytes:
        return _draft(room, found, entries.get(found.id), written.now)

    def check(found: Pending) -> Prepared:
        _, seat = room.seat(found.organisation_id)
        return FORMATS[found.format].prepare(drafts[found.id], seat, written.now)

    drafts = each(waiting, draft, (BadgeError,), written.refused)
    drafted = [found for found in waiting if found.id in drafts]
    written.prepared |= each(drafted, check, (BadgeError,), written.refused)
    for place, found in enumerate(waiting):
        number = found.id
        if number not in written.prepared:
            continue
        made, (key_id, _) = written.prepared[number], room.seat(found.organisation_id)
        salt = salts[place * SALT : place * SALT + SALT]
        intent = Intent(number, made.draft, made.draft_hash, salt, key_id, written.now)
        written.intents[number] = intent
        written.events[number] = _event(actor, "issuance.intended", found, intent)
    return written


def _status_entries(
    instance: Instance, connection: Connection, numbers: Sequence[int]
) -> dict[int, dict[str, object]]:
    """Return the one status each credential carries: its suspension's, which tells of both."""
    places = status.places_of(connection, numbers)
    places.sort(key=lambda place: place[2].purpose is Purpose.SUSPENSION)  # the later one stays
    origin = instance.settings.origin
    return {issuance_id: of.entry(origin, index) for issuance_id, index, of in places}


def _draft(room: Room, found: Pending, entry: dict[str, object] | None, now: datetime) -> bytes:
    _, seat = room.seat(found.organisation_id)
    facts = Facts(
        award=room.award(found, found.achievement_id, found.decision),
        credential_id=found.credential_id,
        valid_from=now,
        status=entry,
        holder=found.holder,
    )
    return FORMATS[found.format].draft(facts, seat)


def _event(actor: str, action: str, found: Pending, intent: Intent) -> Event:
    keyed = hmac.digest(intent.salt, intent.draft_hash, "sha256").hex()
    detail: dict[str, str | int] = {"key": intent.signing_key_id, "draft": keyed}
    return Event(actor, action, found.credential_id, detail)
