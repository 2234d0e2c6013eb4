"""Further artefacts of an award: another format, or bound to a wallet's key.

Shape: two commits for as many as are asked at once. The intents are kept before anything is signed,
and what the caller keeps `Beside` them counts only together with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from issuer.awarding import award_store, store
from issuer.awarding.credential import Credential, as_credential
from issuer.awarding.drafting import intend
from issuer.awarding.issuing import finish
from issuer.awarding.model import Issuance, Order
from issuer.awarding.recording import record_issuances
from issuer.db.session import settling_work
from issuer.errors import AlreadyRevoked, AlreadySuspended, NotFound, NotIssued
from issuer.instance import Instance
from issuer.status import store as places
from issuer.status.model import Purpose
from issuer.status.reconciling import require_reconciled

__all__ = ["ALONE", "Beside", "issue_again", "issue_copies"]


def _nothing(_connection: Connection) -> None:
    """Keep nothing beside."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept in the same two commits as new copies: all of it together, or nothing."""

    intended: Callable[[Connection], None] = _nothing
    """Comes first in the commit of the intents, and may raise: nothing is kept then."""

    published: Callable[[Connection], None] = _nothing
    """Comes last in the commit that publishes; not called when a copy was refused."""


ALONE = Beside()
"""Nothing is kept beside."""


def issue_again(
    instance: Instance, award_id: int, order: Order, actor: str = "service"
) -> Credential:
    """Issue another artefact of an award: another format, or bound to a wallet's key.

    Asking again for the same format and holder gives the same credential.

    Raises:
        NotFound: there is no such award.
        NotIssued: its learner was erased.
        AlreadyRevoked, AlreadySuspended: the award is not in force, and there is no such artefact
            of it yet.
        BadgeError: what would be signed is not right.
    """
    (copy,) = issue_copies(instance, award_id, [order], actor)
    return copy


def issue_copies(
    instance: Instance,
    award_id: int,
    orders: Sequence[Order],
    actor: str = "service",
    beside: Beside = ALONE,
) -> list[Credential]:
    """Issue several artefacts of an award at once, in the order asked.

    Raises:
        The same as `issue_again`, for the first that is refused, and what `beside` raises.
    """
    with settling_work(instance.engine) as connection:
        beside.intended(connection)
        require_reconciled(instance, connection)
        numbers = _artefacts(instance, connection, award_id, orders)
        prepared, refused = intend(instance, connection, numbers, actor)
        for error in refused.values():
            raise error
    outcome = finish(instance, numbers, actor, prepared, beside.published)
    return [as_credential(*outcome.documents[number]) for number in numbers]


def _artefacts(
    instance: Instance, connection: Connection, award_id: int, orders: Sequence[Order]
) -> list[int]:
    """Return the issuance of each order: the one there is, or a new one."""
    siblings = store.of_award(connection, award_id)
    known = {(found.format, found.holder): found.id for found in reversed(siblings)}
    for order in orders:
        if (order.format, order.holder) not in known:
            number = _sibling(instance, connection, siblings, order)
            known[order.format, order.holder] = number
    return [known[order.format, order.holder] for order in orders]


def _sibling(
    instance: Instance, connection: Connection, siblings: list[Issuance], order: Order
) -> int:
    if not siblings:
        raise NotFound("there is no such award")
    first = siblings[0]
    if award_store.is_erased(connection, first.award_id):
        raise NotIssued("the learner of this award was erased: nothing new is issued of it")
    entries = places.entries_of(connection, [first.id])
    if any(entry.set_at and entry.purpose is Purpose.REVOCATION for entry in entries):
        raise AlreadyRevoked("this award was revoked: nothing new is issued of it")
    if any(entry.set_at for entry in entries):
        raise AlreadySuspended("this award is suspended: nothing new is issued of it for now")
    (number,) = record_issuances(
        connection, first.organisation_id, [first.award_id], order, instance.now()
    )
    return number
