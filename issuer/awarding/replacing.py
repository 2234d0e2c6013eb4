"""Correct an award: revoke it and award the corrected one, in one commit, linked both ways.

A crash before the commit leaves everything as it was; one after it leaves what every award leaves,
and the next process signs and publishes (`issuer.awarding.issuing.resume`).
"""

from sqlalchemy import Connection, select

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import award_store, store
from issuer.awarding.drafting import intend
from issuer.awarding.issuing import finish
from issuer.awarding.model import Decision, Order
from issuer.awarding.recording import Recording, record
from issuer.awarding.standing import Change, change_in
from issuer.catalogue import store as catalogue
from issuer.db.session import unit_of_work
from issuer.db.tables import award
from issuer.errors import AlreadyRevoked, NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.status.publication import publish_due
from issuer.status.service import Act

__all__ = ["replace_award", "replaced_by"]


def replace_award(instance: Instance, award_id: int, decision: Decision, act: Act) -> int:
    """Put a corrected award in the place of `award_id` and return its number.

    The version of the achievement stays the one that was awarded.

    Raises:
        NotFound: there is no such award.
        AlreadyRevoked: it was revoked, or replaced before.
        AlreadyAwarded: the corrected one was awarded already.
        BadgeError: what would be signed is not right (nothing was changed).
    """
    with unit_of_work(instance.engine) as connection:
        number = _decide(instance, connection, award_id, decision, act)
    outcome = finish(instance, [number], act.actor)
    publish_due(instance, act.actor)
    if number in outcome.refused:
        raise outcome.refused[number]
    with unit_of_work(instance.engine) as connection:
        return store.by_number(connection, number).award_id


def _decide(
    instance: Instance, connection: Connection, award_id: int, decision: Decision, act: Act
) -> int:
    row = connection.execute(select(award).where(award.c.id == award_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such award")
    if not change_in(instance, connection, [award_id], Change.REPLACE, act):
        raise AlreadyRevoked("this award is not in force any more: award it anew instead")
    award_store.free_keys(connection, [award_id])
    recording = Recording(
        catalogue.by_number(connection, row.achievement_id),
        organisations.by_id(connection, row.issuer_id),
        Order(),
        act.actor,
        replaces_id=award_id,
    )
    (number,) = record(instance, connection, recording, [decision])
    _, refused = intend(instance, connection, [number], act.actor)
    if number in refused:
        raise refused[number]
    made = store.by_number(connection, number).award_id
    event = Event(act.actor, "award.replaced", f"award:{award_id}", {"by": made})
    append(connection, [event], act.now)
    return number


def replaced_by(connection: Connection, award_id: int) -> int | None:
    """Return the award that took the place of this one."""
    return connection.scalar(select(award.c.id).where(award.c.replaces_id == award_id))
