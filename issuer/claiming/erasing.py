"""Erase learners: what is about the person goes, what others rely on stays.

Spec: GDPR article 17.
Goes: the decision, every stored credential, the salt of its audited hash, wallet keys, offers and
their traces, notes of the office, the key that tells duplicates. Stays: the award as a number, its
place in status lists (never given out again), times and counts, the audit log, which names nobody.
A copy in the learner's own hands goes on being checked like any other.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, delete, select, update

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding.standing import Change, change_in
from issuer.claiming import store as claims
from issuer.db.after_tables import aftercare
from issuer.db.claiming_tables import claim_proof
from issuer.db.edc_tables import edc_file, edc_refusal
from issuer.db.oid4vci_tables import (
    oid4vci_grant,
    oid4vci_log,
    oid4vci_notification,
    oid4vci_offer,
    oid4vci_token,
    oid4vci_transaction,
)
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import (
    achievement,
    award,
    claim,
    issuance,
    issuance_draft,
    issuance_proof,
    status_entry,
)
from issuer.instance import Instance
from issuer.status.publication import publish_due
from issuer.status.service import Act

__all__ = ["erase", "erase_due"]

AT_ONCE = 200
"""Awards of one commit of the nightly round."""

_OF_OFFERS = (
    oid4vci_log,
    oid4vci_notification,
    oid4vci_transaction,
    oid4vci_token,
    oid4vci_grant,
)


def erase(instance: Instance, award_ids: Sequence[int], act: Act, *, revoke: bool) -> int:
    """Erase the learners of these awards, in one commit; return how many awards were erased."""
    with unit_of_work(instance.engine) as connection:
        if revoke:
            change_in(instance, connection, award_ids, Change.CANCEL, act)
        done = _erase(connection, award_ids, act)
    if revoke:
        publish_due(instance, act.actor)
    return done


def _erase(connection: Connection, award_ids: Sequence[int], act: Act) -> int:
    query = select(award.c.id).where(award.c.id.in_(award_ids), award.c.erased_at.is_(None))
    numbers = sorted(connection.scalars(query))
    for number in numbers:
        claims.withdraw(connection, number, act.now)
        _forget_wallets(connection, number)
        _forget_credentials(connection, number)
        values = {"content": "{}", "natural_key": b"erased:%d" % number, "erased_at": act.now}
        connection.execute(update(award).where(award.c.id == number).values(values))
    events = [Event(act.actor, "learner.erased", f"award:{number}") for number in numbers]
    append(connection, events, act.now)
    return len(numbers)


def _forget_credentials(connection: Connection, award_id: int) -> None:
    for table in (edc_file, edc_refusal):
        connection.execute(delete(table).where(table.c.award_id == award_id))
    found = connection.execute(
        select(issuance.c.id, issuance.c.holder).where(issuance.c.award_id == award_id)
    ).all()
    for row in found:
        for table in (issuance_proof, issuance_draft):
            connection.execute(delete(table).where(table.c.issuance_id == row.id))
        values = {"salt": None, "draft_hash": None, "void_reason": None}
        unfinished = (issuance.c.id == row.id) & (issuance.c.state != "published")
        connection.execute(update(issuance).where(unfinished).values(state="void"))
        holder = {"holder": f"erased:{row.id}"} if row.holder else {}
        change = update(issuance).where(issuance.c.id == row.id)
        connection.execute(change.values(values | holder))
        note = update(status_entry).where(status_entry.c.issuance_id == row.id)
        connection.execute(note.values(internal_reason=None))


def _forget_wallets(connection: Connection, award_id: int) -> None:
    links = select(claim.c.id).where(claim.c.award_id == award_id)
    connection.execute(delete(claim_proof).where(claim_proof.c.claim_id.in_(links)))
    change = update(claim).where(claim.c.award_id == award_id)
    connection.execute(change.values(offer_name=None))
    offers = select(oid4vci_offer.c.id).where(oid4vci_offer.c.award_id == award_id)
    for table in _OF_OFFERS:
        connection.execute(delete(table).where(table.c.offer_id.in_(offers)))
    connection.execute(delete(oid4vci_offer).where(oid4vci_offer.c.award_id == award_id))


def erase_due(instance: Instance) -> int:
    """Erase what its organisation keeps no longer; return how many awards."""
    with reading(instance.engine) as connection:
        query = select(aftercare.c.organisation_id, aftercare.c.retention_years)
        query = query.where(aftercare.c.retention_years.is_not(None))
        kept = [(row.organisation_id, row.retention_years) for row in connection.execute(query)]
    return sum(_erase_before(instance, number, years) for number, years in kept)


def _erase_before(instance: Instance, organisation_id: int, years: int) -> int:
    now, done = instance.now(), 0
    before = _years_ago(now.date(), years)
    while True:
        query = (
            select(award.c.id)
            .join(achievement, achievement.c.id == award.c.achievement_id)
            .where(achievement.c.organisation_id == organisation_id, award.c.awarded_on < before)
            .where(award.c.erased_at.is_(None))
            .order_by(award.c.id)
            .limit(AT_ONCE)
        )
        with unit_of_work(instance.engine) as connection:
            numbers = list(connection.scalars(query))
            done += _erase(connection, numbers, Act("retention", now))
        if len(numbers) < AT_ONCE:
            return done


def _years_ago(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28) + timedelta(days=1)
