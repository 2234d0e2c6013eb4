"""Award one person one achievement; revoke, suspend and reinstate what was awarded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from issuer.awarding import standing, store
from issuer.awarding.credential import Credential, as_credential
from issuer.awarding.drafting import intend
from issuer.awarding.idempotency import Repeat, remember, remembered
from issuer.awarding.issuing import finish
from issuer.awarding.model import Decision, Issuance, Order
from issuer.awarding.recording import Recording, record
from issuer.catalogue.service import find, issuer_for
from issuer.db.session import reading, unit_of_work
from issuer.errors import AlreadyAwarded
from issuer.instance import Instance
from issuer.status import service as status
from issuer.status import store as places
from issuer.status.model import Entry, Purpose
from issuer.status.publication import publish_due
from issuer.status.reconciling import require_reconciled
from issuer.status.service import Act

__all__ = [
    "Wish",
    "award_one",
    "reinstate",
    "revoke",
    "status_of",
    "suspend",
]

Change = Callable[[Connection, list[Entry], Act], list[Entry]]

_CHANGED_BY: dict[Change, tuple[Purpose, bool]] = {
    status.revoke: (Purpose.REVOCATION, False),
    status.suspend: (Purpose.SUSPENSION, False),
    status.reinstate: (Purpose.SUSPENSION, True),
}
"""What a change is about, and how a place stands that it has yet to reach."""

_WORDS: dict[Change, standing.Change] = {
    status.revoke: standing.Change.REVOKE,
    status.suspend: standing.Change.SUSPEND,
    status.reinstate: standing.Change.REINSTATE,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: this achievement for this person."""

    achievement: str
    """Its name in the catalogue; the newest version is awarded."""

    decision: Decision
    issuer: str | None = None
    """Slug of the organisation that signs, when it is not the awarding body."""

    order: Order = field(default_factory=Order)
    actor: str = "cli"
    repeat: Repeat | None = None
    """The caller's Idempotency-Key, if it gave one."""


def award_one(instance: Instance, wish: Wish) -> Credential:
    """Award, issue and return one credential; asking again with the same key gives the same one.

    Raises:
        NotFound: there is no such achievement or organisation.
        MayNotAward: this organisation may not issue it.
        AlreadyAwarded: the person has it for this date.
        IdempotencyConflict: the key was used for another request.
        BadgeError: what would be signed is not right (nothing was kept).
        NoSigningKey, KeyUnavailable: the organisation cannot sign.
    """
    try:
        number = _decide(instance, wish)
    except IntegrityError as error:
        raise AlreadyAwarded("this was awarded by somebody else just now") from error
    outcome = finish(instance, [number], wish.actor)
    if number in outcome.refused:
        raise outcome.refused[number]
    return as_credential(*outcome.documents[number])


def _decide(instance: Instance, wish: Wish) -> int:
    """Keep award, issuance and intent in one commit: all of it, or nothing."""
    with unit_of_work(instance.engine) as connection:
        version = find(connection, wish.achievement)
        issuer = issuer_for(connection, version, wish.issuer)
        if wish.repeat:
            known = remembered(connection, issuer.id, wish.repeat)
            if known is not None:
                return known
        recording = Recording(version, issuer, wish.order, wish.actor)
        (number,) = record(instance, connection, recording, [wish.decision])
        _, refused = intend(instance, connection, [number], wish.actor)
        if number in refused:
            raise refused[number]
        if wish.repeat:
            remember(connection, issuer.id, wish.repeat, number, instance.now())
    return number


def revoke(instance: Instance, credential_ids: Sequence[str], act: Act) -> None:
    """Revoke credentials and every other artefact of their awards, all or none, for ever.

    Published at once: a learner's copies in wallets and files end together.

    Raises:
        NotFound: one was not issued here.
        AlreadyRevoked: one was revoked before; the first reason and time stand.
    """
    _change(instance, credential_ids, act, status.revoke)


def suspend(instance: Instance, credential_ids: Sequence[str], act: Act) -> None:
    """Suspend credentials for the time being, and publish that at once.

    Raises:
        NotFound: one was not issued here.
        AlreadySuspended: one is.
        NotSuspendable: one was issued without a place in a suspension list.
    """
    _change(instance, credential_ids, act, status.suspend)


def reinstate(instance: Instance, credential_ids: Sequence[str], act: Act) -> None:
    """Put suspended credentials in force again, and publish that at once.

    Raises:
        NotFound: one was not issued here.
        NotSuspended: one is in force.
        NotSuspendable: one was issued without a place in a suspension list.
    """
    _change(instance, credential_ids, act, status.reinstate)


def _change(
    instance: Instance,
    credential_ids: Sequence[str],
    act: Act,
    change: Change,
) -> None:
    with unit_of_work(instance.engine) as connection:
        require_reconciled(instance, connection)
        numbers = store.numbers_of(connection, credential_ids)
        chunks = [numbers[start : start + 500] for start in range(0, len(numbers), 500)]
        for chunk in chunks:
            change(connection, places.entries_of(connection, chunk), act)
        for chunk in chunks:
            if others := _copies(connection, chunk, change):
                change(connection, others, act)
            awards = store.awards_of(connection, chunk)
            standing.told(connection, awards, _WORDS[change], act)
    publish_due(instance, act.actor)


def _copies(connection: Connection, numbers: Sequence[int], change: Change) -> list[Entry]:
    """Return the places of the awards' other artefacts that are still to be changed likewise."""
    purpose, is_set = _CHANGED_BY[change]
    others = store.siblings_of(connection, numbers)
    found = places.entries_of(connection, others)
    wanted = {e.issuance_id for e in found if e.purpose is purpose and bool(e.set_at) is is_set}
    return [entry for entry in found if entry.issuance_id in wanted]


def status_of(instance: Instance, credential_id: str) -> tuple[Issuance, list[Entry]]:
    """Return where a credential stands: its issuance and its places in status lists.

    Raises:
        NotFound: it was not issued here.
    """
    with reading(instance.engine) as connection:
        issuance = store.by_credential_id(connection, credential_id)
        return issuance, places.entries_of(connection, [issuance.id])
