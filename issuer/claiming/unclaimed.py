"""Awards nobody has taken yet: how far each learner has come, reminding them, giving them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding.standing import Change, change_in
from issuer.claiming import mailing, notices_store
from issuer.claiming.notices_store import NoticeKind
from issuer.claiming.service import withdraw_claims
from issuer.db.after_tables import aftercare, notice
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import achievement, award, claim, issuance, mail, status_entry
from issuer.instance import Instance
from issuer.status.model import Purpose
from issuer.status.publication import publish_due
from issuer.status.service import Act

__all__ = [
    "Progress",
    "cancel_awards",
    "is_revoked",
    "is_unclaimed",
    "progress_of",
    "remind_due",
    "resend",
    "unclaimed",
    "was_taken",
]

LATE = timedelta(days=14)
"""A reminder whose day is longer ago than this is not given any more."""

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a learner has come with one award."""

    award_id: int
    queued_at: datetime | None = None
    sent_at: datetime | None = None
    """The last mail with a link that was handed over."""

    trouble: str = ""
    """Why the last mail did not arrive."""

    bounced: bool = False
    opened_at: datetime | None = None
    link_ends: datetime | None = None
    reminders: int = 0


def is_unclaimed() -> ColumnElement[bool]:
    """Tell of an award that it was issued, is in force or suspended, and nobody has taken it."""
    return award.c.erased_at.is_(None) & _published().exists() & ~was_taken() & ~is_revoked()


def was_taken() -> ColumnElement[bool]:
    """Tell of an award that its learner saved a file of it, or a wallet holds it."""
    kept = select(claim.c.id).where(claim.c.award_id == award.c.id, claim.c.kept_at.is_not(None))
    held = _published().where(issuance.c.holder != "")
    return kept.exists() | held.exists()


def is_revoked() -> ColumnElement[bool]:
    """Tell of an award that it is out of force for ever."""
    query = (
        select(status_entry.c.index)
        .join(issuance, issuance.c.id == status_entry.c.issuance_id)
        .where(issuance.c.award_id == award.c.id, status_entry.c.purpose == Purpose.REVOCATION)
        .where(status_entry.c.set_at.is_not(None))
    )
    return query.exists()


def _published() -> Select[tuple[int]]:
    of_award = issuance.c.award_id == award.c.id
    return select(issuance.c.id).where(of_award, issuance.c.state == "published")


def unclaimed(
    connection: Connection, organisation_id: int, limit: int, before: int | None = None
) -> list[int]:
    """Return an organisation's awards that nobody has taken, newest first."""
    query = (
        select(award.c.id)
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(achievement.c.organisation_id == organisation_id, is_unclaimed())
    )
    if before is not None:
        query = query.where(award.c.id < before)
    return list(connection.scalars(query.order_by(award.c.id.desc()).limit(limit)))


def progress_of(connection: Connection, award_ids: Sequence[int]) -> dict[int, Progress]:
    """Return how far the learners of these awards have come."""
    found: dict[int, dict[str, Any]] = {number: {"award_id": number} for number in award_ids}
    links = (
        select(
            claim.c.award_id,
            func.min(claim.c.opened_at).label("opened_at"),
            func.max(claim.c.expires_at).label("link_ends"),
        )
        .where(claim.c.award_id.in_(award_ids), claim.c.withdrawn_at.is_(None))
        .group_by(claim.c.award_id)
    )
    for row in connection.execute(links):
        found[row.award_id] |= {"opened_at": row.opened_at, "link_ends": row.link_ends}
    for row in connection.execute(_mails(award_ids)):
        found[row.award_id] |= _mailed(row)
    counted = (
        select(notice.c.award_id, func.count().label("given"))
        .where(notice.c.award_id.in_(award_ids), notice.c.kind == NoticeKind.REMINDER)
        .group_by(notice.c.award_id)
    )
    for row in connection.execute(counted):
        found[row.award_id]["reminders"] = row.given
    return {number: Progress(**facts) for number, facts in found.items()}


def _mails(award_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """Select the mails with a link to these awards, in the order they were queued."""
    columns = (mail.c.id, mail.c.created_at, mail.c.done_at, mail.c.last_error, mail.c.bounced_at)
    first = select(mail.c.subject_id.label("award_id"), *columns).where(
        mail.c.kind == mailing.KIND, mail.c.subject_id.in_(award_ids)
    )
    later = (
        select(notice.c.award_id, *columns)
        .join(notice, notice.c.id == mail.c.subject_id)
        .where(mail.c.kind == notices_store.KIND, notice.c.award_id.in_(award_ids))
        .where(notice.c.kind.in_([NoticeKind.LINK, NoticeKind.REMINDER]))
    )
    both = first.union_all(later).subquery()
    return select(both).order_by(both.c.id)


def _mailed(row: Any) -> dict[str, Any]:
    arrived = row.done_at and not row.last_error
    said: dict[str, Any] = {"queued_at": row.created_at, "trouble": row.last_error}
    said["bounced"] = row.bounced_at is not None
    return said | ({"sent_at": row.done_at} if arrived else {})


def resend(connection: Connection, award_ids: Sequence[int], actor: str, now: datetime) -> int:
    """Queue the link again for these awards; return how many."""
    queued = notices_store.add(connection, award_ids, NoticeKind.LINK, now)
    append(connection, [Event(actor, "claim.resent", f"award:{n}") for n in award_ids], now)
    return queued


def cancel_awards(instance: Instance, award_ids: Sequence[int], act: Act) -> list[int]:
    """Give up those of these awards that nobody has taken, in one commit; return which.

    Their links and offers end, nothing of them can be taken any more, and the same people can be
    awarded again.
    """
    with unit_of_work(instance.engine) as connection:
        query = select(award.c.id).where(award.c.id.in_(award_ids), is_unclaimed())
        waiting = sorted(connection.scalars(query))
        done = change_in(instance, connection, waiting, Change.CANCEL, act)
        for number in done:
            withdraw_claims(instance, connection, number)
        events = [Event(act.actor, "award.cancelled", f"award:{number}") for number in done]
        append(connection, events, act.now)
    publish_due(instance, act.actor)
    return done


def remind_due(instance: Instance) -> int:
    """Queue the reminders whose day has come, each once; return how many."""
    with reading(instance.engine) as connection:
        query = select(aftercare.c.organisation_id, aftercare.c.reminder_days)
        wanted = {
            row.organisation_id: sorted(map(int, row.reminder_days.split()), reverse=True)
            for row in connection.execute(query)
        }
    return sum(
        _remind(instance, organisation_id, days)
        for organisation_id, steps in wanted.items()
        for days in steps
    )


def _remind(instance: Instance, organisation_id: int, days: int) -> int:
    """Remind of awards whose first mail went out so many days ago; later steps come first."""
    now = instance.now()
    due = now - timedelta(days=days)
    given = select(notice.c.id).where(
        notice.c.award_id == award.c.id,
        notice.c.kind == NoticeKind.REMINDER,
        notice.c.step >= days,
    )
    query = (
        select(award.c.id)
        .join(mail, (mail.c.subject_id == award.c.id) & (mail.c.kind == mailing.KIND))
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(achievement.c.organisation_id == organisation_id, is_unclaimed(), ~given.exists())
        .where(mail.c.done_at <= due, mail.c.done_at > due - LATE, mail.c.last_error == "")
        .order_by(award.c.id)
        .limit(AT_ONCE)
    )
    with unit_of_work(instance.engine) as connection:
        numbers = list(connection.scalars(query))
        return notices_store.remind(connection, numbers, days, now)
