"""Lead issuances through their life: reserved → intended → signed → published.

Each step is one commit and asks for the state before it, so a step that is repeated (after a crash,
or by a second worker) changes nothing. What is signed is read back from the committed intent.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from badges.errors import BadgeError
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import store
from issuer.awarding.drafting import intend
from issuer.awarding.formats import FORMATS, Prepared
from issuer.awarding.model import Issuance
from issuer.awarding.own_check import OwnCheck
from issuer.awarding.seats import Room
from issuer.awarding.store import Intent, Sealed
from issuer.db import outbox
from issuer.db.session import reading, unit_of_work
from issuer.errors import IssuerError, KeyCompromised, SelfCheckFailed, StoredBytesChanged
from issuer.instance import Instance
from issuer.status import store as status
from issuer.status.publication import MAX_AGE
from issuer.status.publication import publish as publish_list
from issuer.status.reconciling import mark

__all__ = ["ISSUED", "Outcome", "finish", "issue_batch", "publish", "resume", "sign"]

ISSUED = "credential.issued"
"""Outbox topic: credentials are out; the payload names their issuances."""

CHUNK = 500
"""Issuances of one commit."""

FINAL = (BadgeError, StoredBytesChanged, SelfCheckFailed, KeyCompromised)
"""What makes an intent void; anything else may pass, and the intent waits for the next try."""

Refused = dict[int, BadgeError | IssuerError]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What became of the issuances of one call."""

    published: list[int] = field(default_factory=list)
    refused: Refused = field(default_factory=dict)


def issue_batch(instance: Instance, numbers: Sequence[int], actor: str = "service") -> Outcome:
    """Bring reserved issuances all the way, a chunk at a time; refused ones are voided and told."""
    outcome = Outcome()
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        with unit_of_work(instance.engine) as connection:
            prepared, refused = intend(instance, connection, chunk, actor)
            _void(connection, refused, instance.now(), actor)
        done = finish(instance, chunk, actor, prepared)
        outcome.refused |= refused | done.refused
        outcome.published += done.published
    return outcome


def finish(
    instance: Instance,
    numbers: Sequence[int],
    actor: str,
    prepared: dict[int, Prepared] | None = None,
) -> Outcome:
    """Sign and publish issuances whose intent is committed."""
    _publish_new_lists(instance, numbers, actor)
    refused = sign(instance, numbers, actor, prepared or {})
    return Outcome(publish(instance, numbers), refused)


def resume(instance: Instance, actor: str = "service") -> int:
    """Finish what a stopped process left on its way; return how many were finished."""
    finished, after = 0, 0
    while True:
        with reading(instance.engine) as connection:
            numbers = store.open_numbers(connection, after, CHUNK)
        if not numbers:
            return finished
        finished += len(issue_batch(instance, numbers, actor).published)
        after = numbers[-1]


def _publish_new_lists(instance: Instance, numbers: Sequence[int], actor: str) -> None:
    """Publish lists nobody has seen yet, or that grew old: no credential points at nothing."""
    with reading(instance.engine) as connection:
        places = status.entries_of(connection, numbers)
        lists = status.lists(connection, {place.list_id for place in places})
    for found in lists.values():
        if found.published_at is None or found.published_at < instance.now() - MAX_AGE:
            publish_list(instance, found.id, actor)


def sign(
    instance: Instance, numbers: Sequence[int], actor: str, prepared: dict[int, Prepared]
) -> Refused:
    """Sign intended issuances, check each with our own verifier, and keep the proofs.

    Returns what must not be signed and why: those issuances are void, and an alarm is logged.
    """
    sealed: list[Sealed] = []
    refused: Refused = {}
    with reading(instance.engine) as connection:
        room = Room(instance, connection)
        intents = store.intents(connection, numbers)
        check = OwnCheck(instance, connection, alone=len(intents) == 1)
        for issuance, intent in intents:
            try:
                proof = _sign_one(room, issuance, intent, prepared.get(issuance.id))
                check.require_valid(issuance, intent.draft, proof)
            except FINAL as error:
                log.exception("issuance %d must not go out and is void", issuance.id)
                refused[issuance.id] = error
            else:
                sealed.append(Sealed(issuance.id, proof))
    _keep(instance, sealed, refused, actor)
    return refused


def _sign_one(room: Room, issuance: Issuance, intent: Intent, held: Prepared | None) -> bytes:
    """Sign exactly the stored bytes: `held` was prepared by this process and must equal them."""
    if hashlib.sha256(intent.draft).digest() != intent.draft_hash:
        raise StoredBytesChanged("the stored draft is not the one whose hash was stored")
    made = FORMATS[issuance.format]
    _, seat = room.seat(issuance.organisation_id, intent.signing_key_id)
    if held is None:
        held = made.prepare(intent.draft, seat, intent.intended_at)
    elif held.draft != intent.draft:
        raise StoredBytesChanged("the stored draft is not the one that was prepared")
    return made.sign(held, seat, intent.intended_at)


def _keep(instance: Instance, sealed: list[Sealed], refused: Refused, actor: str) -> None:
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        kept = store.save_sealed(connection, sealed, now)
        if kept:
            detail = {"first": kept[0], "last": kept[-1], "count": len(kept)}
            append(connection, [Event(actor, "issuances.signed", "issuances", detail)], now)
        _void(connection, refused, now, actor)


def publish(instance: Instance, numbers: Sequence[int]) -> list[int]:
    """Let learners have these signed issuances; what follows (mail, offers) is in the outbox."""
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        published = store.mark_published(connection, numbers, now)
        if published:
            outbox.post(connection, ISSUED, {"issuances": published}, now)
    mark(instance)
    return published


def _void(connection: Connection, refused: Refused, now: datetime, actor: str) -> None:
    events = []
    for number, error in refused.items():
        store.void(connection, number, f"{error.code}: {error}")
        events.append(
            Event(actor, "issuance.voided", f"issuance:{number}", {"code": str(error.code)})
        )
    append(connection, events, now)
