"""The rows of notices: what learners are told by mail about an award, by numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from issuer.db.after_tables import notice
from issuer.db.rows import insert_new
from issuer.mail import store as mails

__all__ = ["KIND", "Notice", "NoticeKind", "add", "by_number", "remind"]

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


def add(
    connection: Connection,
    award_ids: Sequence[int],
    kind: NoticeKind,
    now: datetime,
    reason: str | None = None,
) -> int:
    """Queue a notice for each award; return how many."""
    if not award_ids:
        return 0
    rows = [_row(award_id, kind, now) | {"public_reason": reason} for award_id in award_ids]
    new = list(connection.scalars(insert(notice).returning(notice.c.id), rows))
    mails.add(connection, KIND, new, now)
    return len(new)


def remind(connection: Connection, award_ids: Sequence[int], step: int, now: datetime) -> int:
    """Queue a reminder for each award, but for those that had it."""
    new = []
    for award_id in award_ids:
        row = _row(award_id, NoticeKind.REMINDER, now) | {"step": step}
        if insert_new(connection, notice, row):
            mine = (notice.c.award_id == award_id) & (notice.c.step == step)
            found = select(notice.c.id).where(mine, notice.c.kind == NoticeKind.REMINDER)
            new.append(connection.scalars(found).one())
    mails.add(connection, KIND, new, now)
    return len(new)


def _row(award_id: int, kind: NoticeKind, now: datetime) -> dict[str, Any]:
    return {"award_id": award_id, "kind": kind, "created_at": now}


def by_number(connection: Connection, number: int) -> Notice | None:
    """Return a notice."""
    row = connection.execute(select(notice).where(notice.c.id == number)).one_or_none()
    if row is None:
        return None
    return Notice(row.id, row.award_id, NoticeKind(row.kind), row.public_reason, row.created_at)
