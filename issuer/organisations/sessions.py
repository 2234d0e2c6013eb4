"""Sessions of the staff: begun by signing in, carried by a cookie, ended by signing out.

Shape: the token is 256 random bits; the store keeps its SHA-256. Every sign-in begins a new
session and ends the one the browser had. The form token is derived from the cookie, so a page of
another site can neither read nor guess it.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.staff_tables import staff_session
from issuer.db.token_hash import token_hash
from issuer.organisations.accounts_store import staff
from issuer.organisations.roles import Staff

__all__ = [
    "IDLE",
    "LIFETIME",
    "begin",
    "confirm",
    "confirmed_at",
    "end",
    "end_all",
    "form_token",
    "new_token",
    "who",
]

LIFETIME = timedelta(hours=12)
"""A working day: after it one signs in again."""

IDLE = timedelta(hours=2)
"""A session nobody used for so long has ended."""

NOTED_EVERY = timedelta(minutes=1)


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(32)


def begin(connection: Connection, account_id: int, now: datetime, before: str = "") -> str:
    """Begin a session and return its token; end the one the browser had `before`."""
    gone = staff_session.c.created_at <= now - LIFETIME
    connection.execute(
        delete(staff_session).where(gone | (staff_session.c.token_hash == token_hash(before)))
    )
    token = new_token()
    row = {"account_id": account_id, "created_at": now, "seen_at": now}
    connection.execute(insert(staff_session).values(row | {"token_hash": token_hash(token)}))
    return token


def who(connection: Connection, token: str, now: datetime) -> Staff | None:
    """Return who has this session, None when it is none or has ended."""
    mine = staff_session.c.token_hash == token_hash(token)
    row = connection.execute(select(staff_session).where(mine)).one_or_none()
    if row is None or now >= row.created_at + LIFETIME or now >= row.seen_at + IDLE:
        return None
    if now >= row.seen_at + NOTED_EVERY:
        connection.execute(update(staff_session).where(mine).values(seen_at=now))
    return staff(connection, row.account_id)


def confirm(connection: Connection, token: str, now: datetime) -> None:
    """Note that the holder of a session proved again who they are."""
    mine = staff_session.c.token_hash == token_hash(token)
    connection.execute(update(staff_session).where(mine).values(confirmed_at=now))


def confirmed_at(connection: Connection, token: str) -> datetime | None:
    """Return when the holder of a session last proved who they are; None where there is none."""
    mine = staff_session.c.token_hash == token_hash(token)
    row = connection.execute(select(staff_session).where(mine)).one_or_none()
    return (row.confirmed_at or row.created_at) if row else None


def end(connection: Connection, token: str, now: datetime) -> None:
    """End a session; of one that is none, nothing is said."""
    mine = staff_session.c.token_hash == token_hash(token)
    ended = delete(staff_session).where(mine).returning(staff_session.c.account_id)
    account_id = connection.execute(ended).scalar_one_or_none()
    if account_id is not None:
        actor = f"account:{account_id}"
        append(connection, [Event(actor, "staff.signed-out", actor)], now)


def end_all(connection: Connection, account_id: int) -> None:
    """End every session of an account: its password was changed, or it is closed."""
    connection.execute(delete(staff_session).where(staff_session.c.account_id == account_id))


def form_token(cookie: str) -> str:
    """Return what every form of the holder of this cookie has to carry."""
    return hmac.digest(cookie.encode("utf-8", "replace"), b"learnseal form", "sha256").hex()
