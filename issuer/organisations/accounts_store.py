"""The rows of accounts, roles, one-time links and failed sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from issuer.db.rows import insert_new
from issuer.db.staff_tables import (
    sign_in_attempt,
    staff_account,
    staff_invitation,
    staff_link,
    staff_role,
)
from issuer.organisations.roles import Grant, Role, Staff

__all__ = [
    "Invited",
    "Link",
    "Secret",
    "add_account",
    "add_attempt",
    "add_invited",
    "add_link",
    "attempts",
    "by_email",
    "close",
    "forget_attempt",
    "forget_attempts",
    "forget_invited",
    "grant",
    "grants_of",
    "invited",
    "link_by_hash",
    "link_by_number",
    "mark_used",
    "names",
    "people",
    "set_password_hash",
    "staff",
]


@dataclass(frozen=True, slots=True)
class Secret:
    """What signing in is checked against."""

    account_id: int
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link as it is kept."""

    id: int
    grant: Grant
    expires_at: datetime
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether it still opens an account."""
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is sent a link, and what the link is made of."""

    email: str = field(repr=False)
    seed: bytes = field(repr=False)


def add_account(
    connection: Connection, email: str, name: str, password_hash: str, now: datetime
) -> int | None:
    """Keep a new account and return its number; None when the address has one."""
    row = {"email": email, "name": name, "password_hash": password_hash, "created_at": now}
    if not insert_new(connection, staff_account, row):
        return None
    query = select(staff_account.c.id).where(staff_account.c.email == email)
    return int(connection.execute(query).scalar_one())


def by_email(connection: Connection, email: str) -> Secret | None:
    """Return what the open account of this address is checked against."""
    query = select(staff_account).where(
        staff_account.c.email == email, staff_account.c.closed_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return Secret(row.id, row.password_hash) if row else None


def set_password_hash(connection: Connection, account_id: int, password_hash: str) -> None:
    """Keep a new hash."""
    change = update(staff_account).where(staff_account.c.id == account_id)
    connection.execute(change.values(password_hash=password_hash))


def close(connection: Connection, account_id: int, now: datetime) -> bool:
    """Close an account; False when it was closed before."""
    still_open = (staff_account.c.id == account_id) & staff_account.c.closed_at.is_(None)
    return (
        connection.execute(update(staff_account).where(still_open).values(closed_at=now)).rowcount
        == 1
    )


def staff(connection: Connection, account_id: int) -> Staff | None:
    """Return who has this open account."""
    query = select(staff_account).where(
        staff_account.c.id == account_id, staff_account.c.closed_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Staff(row.id, row.name, row.email, grants_of(connection, row.id))


def people(connection: Connection, organisation_id: int) -> Sequence[tuple[str, str, Role]]:
    """Return name, address and role of everybody with a role at this very organisation."""
    query = (
        select(staff_account.c.name, staff_account.c.email, staff_role.c.role)
        .join(staff_role, staff_role.c.account_id == staff_account.c.id)
        .where(staff_role.c.organisation_id == organisation_id, staff_account.c.closed_at.is_(None))
        .order_by(staff_account.c.name, staff_role.c.role)
    )
    return [(row.name, row.email, Role(row.role)) for row in connection.execute(query)]


def grant(connection: Connection, account_id: int, granted: Grant) -> None:
    """Give a role; to have it already changes nothing."""
    row = {"organisation_id": granted.organisation_id, "role": granted.role}
    insert_new(connection, staff_role, row | {"account_id": account_id})


def grants_of(connection: Connection, account_id: int) -> tuple[Grant, ...]:
    """Return every role of an account."""
    query = select(staff_role).where(staff_role.c.account_id == account_id)
    rows = connection.execute(query.order_by(staff_role.c.organisation_id, staff_role.c.role))
    return tuple(Grant(row.organisation_id, Role(row.role)) for row in rows)


def add_link(
    connection: Connection, token_hash: bytes, granted: Grant, now: datetime, expires_at: datetime
) -> int:
    """Keep a one-time link and return its number."""
    row = {
        "token_hash": token_hash,
        "organisation_id": granted.organisation_id,
        "role": granted.role,
        "created_at": now,
        "expires_at": expires_at,
    }
    statement = insert(staff_link).values(row).returning(staff_link.c.id)
    return int(connection.execute(statement).scalar_one())


def link_by_hash(connection: Connection, token_hash: bytes) -> Link | None:
    """Return the link with this token."""
    return _link(connection, staff_link.c.token_hash == token_hash)


def link_by_number(connection: Connection, number: int) -> Link | None:
    """Return the link with this number."""
    return _link(connection, staff_link.c.id == number)


def _link(connection: Connection, which: ColumnElement[bool]) -> Link | None:
    row = connection.execute(select(staff_link).where(which)).one_or_none()
    if row is None:
        return None
    granted = Grant(row.organisation_id, Role(row.role))
    return Link(row.id, granted, row.expires_at, row.used_at)


def mark_used(connection: Connection, number: int, now: datetime) -> bool:
    """Use a link up; False when somebody else just has."""
    unused = (staff_link.c.id == number) & staff_link.c.used_at.is_(None)
    return connection.execute(update(staff_link).where(unused).values(used_at=now)).rowcount == 1


def add_invited(connection: Connection, number: int, found: Invited) -> None:
    """Keep who is sent the link with this number."""
    row = {"link_id": number, "email": found.email, "seed": found.seed}
    connection.execute(insert(staff_invitation).values(row))


def invited(connection: Connection, number: int) -> Invited | None:
    """Return who is sent the link with this number."""
    query = select(staff_invitation).where(staff_invitation.c.link_id == number)
    row = connection.execute(query).one_or_none()
    return Invited(row.email, bytes(row.seed)) if row else None


def forget_invited(connection: Connection, now: datetime) -> None:
    """Forget who was sent the links that are used or over."""
    over = (staff_link.c.expires_at <= now) | staff_link.c.used_at.is_not(None)
    which = staff_invitation.c.link_id.in_(select(staff_link.c.id).where(over))
    connection.execute(delete(staff_invitation).where(which))


def add_attempt(connection: Connection, key: bytes, now: datetime) -> None:
    """Note a sign-in that has not succeeded yet."""
    connection.execute(insert(sign_in_attempt).values(key=key, at=now))


def attempts(connection: Connection, key: bytes, since: datetime) -> int:
    """Count the unsuccessful sign-ins since then."""
    query = select(func.count()).where(sign_in_attempt.c.key == key, sign_in_attempt.c.at > since)
    return int(connection.execute(query).scalar_one())


def forget_attempts(connection: Connection, before: datetime, keys: Sequence[bytes] = ()) -> None:
    """Forget what is too old to count, and all of `keys`."""
    old = sign_in_attempt.c.at <= before
    connection.execute(delete(sign_in_attempt).where(old | sign_in_attempt.c.key.in_(keys)))


def forget_attempt(connection: Connection, key: bytes, at: datetime) -> None:
    """Forget one attempt: it succeeded."""
    mine = (sign_in_attempt.c.key == key) & (sign_in_attempt.c.at == at)
    connection.execute(delete(sign_in_attempt).where(mine))


def names(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the names of these accounts."""
    query = select(staff_account.c.id, staff_account.c.name).where(staff_account.c.id.in_(numbers))
    return {row.id: row.name for row in connection.execute(query)}
