"""The intent: write what is to be signed, check it, and keep it before any key is used.

The audit line of an intent is written in the same commit: no audit line, no signature.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from badges.errors import BadgeError
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import store
from issuer.awarding.formats import FORMATS, Facts, Prepared
from issuer.awarding.seats import Room
from issuer.awarding.store import Intent, Pending
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.status import store as status
from issuer.status.model import Purpose

__all__ = ["intend"]


def intend(
    instance: Instance, connection: Connection, numbers: Sequence[int], actor: str
) -> tuple[dict[int, Prepared], dict[int, BadgeError | IssuerError]]:
    """Write, check and keep the bytes to be signed; return them, and what was refused and why."""
    now = instance.now().replace(microsecond=0)
    room = Room(instance, connection)
    waiting = store.pending(connection, numbers)
    entries = _status_entries(instance, connection, [found.issuance.id for found in waiting])
    prepared: dict[int, Prepared] = {}
    refused: dict[int, BadgeError | IssuerError] = {}
    intents, events = [], []
    for found in waiting:
        number = found.issuance.id
        try:
            key_id, made = _prepare(room, found, entries.get(number), now)
        except BadgeError as error:
            refused[number] = error
            continue
        prepared[number] = made
        intent = _intent(number, made.draft, key_id, now)
        intents.append(intent)
        events.append(_event(actor, "issuance.intended", found, intent))
    store.save_intents(connection, intents)
    append(connection, events, now)
    return prepared, refused


def _status_entries(
    instance: Instance, connection: Connection, numbers: Sequence[int]
) -> dict[int, dict[str, object]]:
    """Return the one status each credential carries: its suspension's, which tells of both."""
    places = status.places_of(connection, numbers)
    places.sort(key=lambda place: place[2].purpose is Purpose.SUSPENSION)  # the later one stays
    origin = instance.settings.origin
    return {issuance_id: of.entry(origin, index) for issuance_id, index, of in places}


def _prepare(
    room: Room, found: Pending, entry: dict[str, object] | None, now: datetime
) -> tuple[int, Prepared]:
    issuance = found.issuance
    key_id, seat = room.seat(issuance.organisation_id)
    facts = Facts(
        award=room.award(issuance, found.achievement_id, found.decision),
        credential_id=issuance.credential_id,
        valid_from=now,
        status=entry,
        holder=issuance.holder,
    )
    made = FORMATS[issuance.format]
    return key_id, made.prepare(made.draft(facts, seat), seat, now)


def _intent(number: int, draft: bytes, key_id: int, now: datetime) -> Intent:
    return Intent(
        number, draft, hashlib.sha256(draft).digest(), secrets.token_bytes(16), key_id, now
    )


def _event(actor: str, action: str, found: Pending, intent: Intent) -> Event:
    keyed = hmac.digest(intent.salt, intent.draft_hash, "sha256").hex()
    detail: dict[str, str | int] = {"key": intent.signing_key_id, "draft": keyed}
    return Event(actor, action, found.issuance.credential_id, detail)
