"""The rows of mail: whom and what by number only, never an address or a text."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from issuer.db.tables import mail

__all__ = [
    "Waiting",
    "add",
    "due",
    "give_up",
    "is_ours",
    "mark_bounced",
    "mark_sent",
    "postpone",
    "states",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail to be sent."""

    id: int
    kind: str
    subject_id: int
    token: str
    """The fixed part of its Message-ID."""

    attempts: int


def add(connection: Connection, kind: str, subject_ids: Iterable[int], now: datetime) -> int:
    """Queue one mail for each subject that never had one of this kind; return how many."""
    wanted = list(dict.fromkeys(subject_ids))
    there = select(mail.c.subject_id).where(mail.c.kind == kind, mail.c.subject_id.in_(wanted))
    known = set(connection.scalars(there))
    rows = [
        {
            "kind": kind,
            "subject_id": number,
            "token": secrets.token_hex(12),
            "created_at": now,
            "next_try_at": now,
        }
        for number in wanted
        if number not in known
    ]
    if rows:
        connection.execute(mail.insert(), rows)
    return len(rows)


def due(connection: Connection, now: datetime, limit: int) -> list[Waiting]:
    """Return the mails whose time has come, longest waiting first, locked."""
    query = select(mail).where(mail.c.done_at.is_(None), mail.c.next_try_at <= now)
    query = query.order_by(mail.c.next_try_at, mail.c.id).limit(limit)
    found = connection.execute(query.with_for_update(skip_locked=True))
    return [Waiting(r.id, r.kind, r.subject_id, r.token, r.attempts) for r in found]


def postpone(connection: Connection, number: int, until: datetime, error: str = "") -> None:
    """Count an attempt; the next one is not before `until`."""
    change = update(mail).where(mail.c.id == number)
    values = {"attempts": mail.c.attempts + 1, "next_try_at": until, "last_error": error}
    connection.execute(change.values(values))


def mark_sent(connection: Connection, number: int, now: datetime) -> None:
    """Say that a mail was handed over."""
    _done(connection, number, now, "")


def give_up(connection: Connection, number: int, now: datetime, why: str) -> None:
    """Say that a mail will never be sent, and why."""
    _done(connection, number, now, why[:200] or "given up")


def _done(connection: Connection, number: int, now: datetime, why: str) -> None:
    change = update(mail).where(mail.c.id == number)
    connection.execute(change.values(done_at=now, last_error=why))


def states(connection: Connection) -> dict[str, int]:
    """Count mails: waiting, sent, given up."""
    waiting = mail.c.done_at.is_(None)
    sent = mail.c.done_at.is_not(None) & (mail.c.last_error == "")
    lost = mail.c.done_at.is_not(None) & (mail.c.last_error != "")
    parts = {"waiting": waiting, "sent": sent, "given up": lost}
    count = select(*(func.count().filter(part).label(name) for name, part in parts.items()))
    return dict(connection.execute(count).mappings().one())


def is_ours(connection: Connection, number: int, token: str) -> bool:
    """Tell whether a mail with this number and token went out."""
    query = select(mail.c.id).where(mail.c.id == number, mail.c.token == token)
    return connection.scalar(query) is not None


def mark_bounced(connection: Connection, number: int, now: datetime, why: str) -> bool:
    """Say that a mail came back, the first time it does."""
    first = (mail.c.id == number) & mail.c.bounced_at.is_(None)
    values = {"bounced_at": now, "done_at": now, "last_error": why[:200]}
    return connection.execute(update(mail).where(first).values(values)).rowcount == 1
