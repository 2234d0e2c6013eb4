"""Lead issuances through their life: reserved → intended → signed → published.

Each step is one commit and asks for the state before it, so a step that is repeated (after a crash,
or by a second worker) changes nothing. What is signed is read back from the committed intent.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from badges.errors import BadgeError
from issuer.audit.model import Event
from issuer.audit.store import Head, append, head
from issuer.awarding import life_store, store
from issuer.awarding.drafting import intend_many, keep
from issuer.awarding.formats import FORMATS, Prepared
from issuer.awarding.life_store import Sealed, Unsigned
from issuer.awarding.model import Issuance
from issuer.awarding.own_check import OwnCheck
from issuer.awarding.seats import Room
from issuer.awarding.steps import Refused, each
from issuer.db import outbox
from issuer.db.session import bulk_work, reading, settling_work
from issuer.errors import KeyCompromised, SelfCheckFailed, StoredBytesChanged
from issuer.instance import Instance
from issuer.status import store as status
from issuer.status.publication import MAX_AGE
from issuer.status.publication import publish as publish_list
from issuer.status.reconciling import mark
from issuer.webhooks import events as happened

__all__ = ["ISSUED", "Outcome", "finish", "issue_batch", "publish", "resume", "sign"]

ISSUED = "credential.issued"
"""Outbox topic: credentials are out; the payload names their issuances."""

CHUNK = 500
"""Issuances of one commit."""

FINAL = (BadgeError, StoredBytesChanged, SelfCheckFailed, KeyCompromised)
"""What makes an intent void; anything else may pass, and the intent waits for the next try."""

Document = tuple[Issuance, tuple[bytes, bytes] | None]
"""An issuance with its draft and proof, once it is signed."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What became of the issuances of one call."""

    published: list[int] = field(default_factory=list)
    refused: Refused = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    """Of those that somebody waits for (`finish`): as the publishing commit left them."""


def issue_batch(instance: Instance, numbers: Sequence[int], actor: str = "service") -> Outcome:
    """Bring reserved issuances all the way, a chunk at a time; refused ones are voided and told."""
    outcome = Outcome()
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        prepared, refused = _intend(instance, chunk, actor)
        outcome.refused |= refused | sign(instance, chunk, actor, prepared)
        outcome.published += publish(instance, chunk)
    return outcome


def _intend(
    instance: Instance, numbers: Sequence[int], actor: str
) -> tuple[dict[int, Prepared], Refused]:
    """Write and check, then keep what no other worker was sooner with."""
    with reading(instance.engine) as connection:
        written = intend_many(instance, connection, numbers, actor)
    with bulk_work(instance.engine) as connection:
        mine = life_store.still_reserved(connection, [*written.intents, *written.refused])
        refused = {number: written.refused[number] for number in mine if number in written.refused}
        kept = [number for number in mine if number in written.intents]
        keep(connection, written, kept)
        append(connection, _void(connection, refused, actor), instance.now())
    return {number: written.prepared[number] for number in kept}, refused


def finish(
    instance: Instance,
    numbers: Sequence[int],
    actor: str,
    prepared: dict[int, Prepared] | None = None,
    beside: Callable[[Connection], None] | None = None,
) -> Outcome:
    """Sign what is intended and publish it in the same commit: somebody waits for it.

    `beside` keeps more in that commit, unless something was refused.
    """
    sealed, refused = _seal(instance, numbers, actor, prepared or {})
    now = instance.now()
    with settling_work(instance.engine) as connection:
        head = _keep(connection, sealed, refused, now, actor)
        published = _release(connection, numbers, now)
        documents = {number: store.with_parts(connection, number) for number in numbers}
        if beside is not None and not refused:
            beside(connection)
    mark(instance, head)
    return Outcome(published, refused, documents)


def resume(instance: Instance, actor: str = "service") -> int:
    """Finish what a stopped process left on its way; return how many were finished."""
    finished, after = 0, 0
    while True:
        with reading(instance.engine) as connection:
            numbers = life_store.open_numbers(connection, after, CHUNK)
        if not numbers:
            return finished
        finished += len(issue_batch(instance, numbers, actor).published)
        after = numbers[-1]


def sign(
    instance: Instance, numbers: Sequence[int], actor: str, prepared: dict[int, Prepared]
) -> Refused:
    """Sign intended issuances, check each with our own verifier, and keep the proofs.

    The commit that publishes them waits for the disk for this one too. Returns what must not be
    signed and why: those issuances are void, and an alarm is logged.
    """
    sealed, refused = _seal(instance, numbers, actor, prepared)
    with bulk_work(instance.engine, lasting=False) as connection:
        _keep(connection, sealed, refused, instance.now(), actor)
    return refused


def _seal(
    instance: Instance, numbers: Sequence[int], actor: str, prepared: dict[int, Prepared]
) -> tuple[list[Sealed], Refused]:
    """Publish lists nobody has seen yet, or that grew old, and sign: nothing points at nothing."""
    with reading(instance.engine) as connection:
        unseen = status.lists_due(connection, numbers, instance.now() - MAX_AGE)
        if not unseen:
            return _sign_all(instance, connection, numbers, prepared)
    for list_id in unseen:
        publish_list(instance, list_id, actor)
    with reading(instance.engine) as connection:
        return _sign_all(instance, connection, numbers, prepared)


def _sign_all(
    instance: Instance,
    connection: Connection,
    numbers: Sequence[int],
    prepared: dict[int, Prepared],
) -> tuple[list[Sealed], Refused]:
    """Sign all, then look at all: a step finds its code at hand when it was just made."""
    refused: Refused = {}
    room = Room(instance, connection)
    intents = life_store.intents(connection, numbers)
    check = OwnCheck(instance, connection, alone=len(intents) == 1, documents=room.documents)
    proofs = each(intents, lambda of: _sign_one(room, of, prepared.get(of.id)), FINAL, refused)
    signed = [intent for intent in intents if intent.id in proofs]
    valid = each(
        signed, lambda of: check.require_valid(of, of.draft, proofs[of.id]), FINAL, refused
    )
    for number, error in refused.items():
        log.error("issuance %d must not go out and is void", number, exc_info=error)
    return [Sealed(number, proofs[number]) for number in valid], refused


def _sign_one(room: Room, intent: Unsigned, held: Prepared | None) -> bytes:
    """Sign exactly the stored bytes: `held` was prepared by this process and must equal them."""
    if held is not None and held.draft != intent.draft:
        raise StoredBytesChanged("the stored draft is not the one that was prepared")
    hashed = held.draft_hash if held is not None else hashlib.sha256(intent.draft).digest()
    if hashed != intent.draft_hash:
        raise StoredBytesChanged("the stored draft is not the one whose hash was stored")
    made = FORMATS[intent.format]
    _, seat = room.seat(intent.organisation_id, intent.signing_key_id)
    if held is None:
        held = made.prepare(intent.draft, seat, intent.intended_at)
    return made.sign(held, seat, intent.intended_at)


def _keep(
    connection: Connection, sealed: list[Sealed], refused: Refused, now: datetime, actor: str
) -> Head | None:
    """Keep proofs, and give up what was refused; return where the audit log ends with that."""
    kept = life_store.save_sealed(connection, sealed, now)
    events: list[Event] = []
    if kept:
        detail = {"first": kept[0], "last": kept[-1], "count": len(kept)}
        events = [Event(actor, "issuances.signed", "issuances", detail)]
    events += _void(connection, refused, actor)
    return append(connection, events, now)


def publish(instance: Instance, numbers: Sequence[int]) -> list[int]:
    """Let learners have these signed issuances."""
    with bulk_work(instance.engine) as connection:
        published = _release(connection, numbers, instance.now())
        end = head(connection)
    mark(instance, end)
    return published


def _release(connection: Connection, numbers: Sequence[int], now: datetime) -> list[int]:
    """Publish what is signed; what follows (mail, offers) is in the outbox."""
    published = life_store.mark_published(connection, numbers, now)
    if published:
        outbox.post(connection, ISSUED, {"issuances": published}, now)
        happened.issued(connection, published, now)
    return published


def _void(connection: Connection, refused: Refused, actor: str) -> list[Event]:
    """Give these issuances up; return what the audit log is to tell of it."""
    for number, error in refused.items():
        life_store.void(connection, number, f"{error.code}: {error}")
    return [
        Event(actor, "issuance.voided", f"issuance:{number}", {"code": str(error.code)})
        for number, error in refused.items()
    ]
