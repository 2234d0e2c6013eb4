"""The rows of notices: what learners are told by mail about an award, by numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from issuer.db.after_tables import notice
from issuer.db.rows import insert_new
from issuer.mail import store as mails

__all__ = ["KIND", "Notice", "NoticeKind", "add", "by_number"]

KIND = "notice"
"""The kind of mail; its subject is the notice."""


class NoticeKind(StrEnum):
    """What a learner is told."""

    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REPLACED = "replaced"
    LINK = "link"
    """The link again, because somebody at the office sent it."""

    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a learner is told."""

    id: int
    award_id: int
    kind: NoticeKind
    public_reason: str | None
    created_at: datetime


def add(  # noqa: PLR0913 - the facts of a notice, each named
    connection: Connection,
    award_ids: Sequence[int],
    kind: NoticeKind,
    now: datetime,
    *,
    reason: str | None = None,
    step: int = 0,
) -> int:
    """Queue a notice for each award; a reminder that was given is not given again."""
    new = []
    for award_id in award_ids:
        row = {
            "award_id": award_id,
            "kind": kind,
            "step": step,
            "public_reason": reason,
            "created_at": now,
        }
        if insert_new(connection, notice, row):
            newest = select(notice.c.id).where(notice.c.award_id == award_id)
            new.append(connection.scalars(newest.order_by(notice.c.id.desc()).limit(1)).one())
    mails.add(connection, KIND, new, now)
    return len(new)


def by_number(connection: Connection, number: int) -> Notice | None:
    """Return a notice."""
    row = connection.execute(select(notice).where(notice.c.id == number)).one_or_none()
    if row is None:
        return None
    return Notice(row.id, row.award_id, NoticeKind(row.kind), row.public_reason, row.created_at)
