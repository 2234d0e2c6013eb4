"""Accounts of the staff: made by a one-time link, opened with a password.

Spec: RFC 9106 (Argon2id); OWASP ASVS 5 §6 (passwords of 12 to 128 characters, no composition
rules, no default ever).
A wrong address and a wrong password cost the same time and get the same answer.
"""

import re
import secrets
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import reading, unit_of_work
from issuer.db.token_hash import token_hash
from issuer.errors import InvalidAccount, NotFound, SignInRefused, SpentLink
from issuer.instance import Instance
from issuer.organisations import accounts_store as store
from issuer.organisations.accounts_store import Link
from issuer.organisations.attempts import MOST_PER_ADDRESS, count, succeeded
from issuer.organisations.roles import Grant, Role, Staff
from issuer.organisations.service import root

__all__ = [
    "Person",
    "Ticket",
    "address_of",
    "change_password",
    "find_link",
    "first_link",
    "has_password",
    "is_address",
    "keep_link",
    "new_link",
    "open_account",
    "open_without_password",
    "sign_in",
]

LINK_LIFETIME = timedelta(minutes=30)
SHORTEST, LONGEST = 12, 128
NO_PASSWORD = "!"  # noqa: S105 - no hash looks like this, so no password fits
_EMAIL = re.compile(r"[^@\s<>,;()\"]{1,64}@[^@\s<>,;()\"]+\.[^@\s<>,;()\"]+")

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(4)
"""Hashes at once: each takes 64 MiB."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who opens an account."""

    email: str
    name: str
    password: str = field(repr=False)

    def problems(self) -> dict[str, str]:
        """Say what is wrong, by field."""
        found = {}
        if not 1 <= len(self.name.strip()) <= 200:
            found["name"] = "Write your name."
        if not is_address(self.email):
            found["email"] = "Write an e-mail address like ada@university.example."
        if not SHORTEST <= len(self.password) <= LONGEST:
            found["password"] = "Choose 12 to 128 characters: a few unrelated words do well."  # noqa: S105 - advice
        elif self.password.casefold() in {self.email.casefold(), self.name.casefold()}:
            found["password"] = "Choose something that is not your name or address."  # noqa: S105 - advice
        return found


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a one-time link stands for, while its token is known."""

    grant: Grant
    token: str = field(repr=False)
    life: timedelta = LINK_LIFETIME


def is_address(email: str) -> bool:
    """Tell whether an account can have this e-mail address."""
    return len(email) <= 254 and bool(_EMAIL.fullmatch(email.strip()))


def first_link(instance: Instance) -> str:
    """Return a link that makes the first account of the alliance's office.

    Raises:
        NotFound: there is no organisation yet.
    """
    with unit_of_work(instance.engine) as connection:
        grant = Grant(root(connection).id, Role.ALLIANCE_ADMIN)
        return new_link(instance, connection, grant, "cli")


def new_link(instance: Instance, connection: Connection, grant: Grant, actor: str) -> str:
    """Return a link that opens one account with this role, once, within half an hour."""
    ticket = Ticket(grant, secrets.token_urlsafe(32))
    keep_link(instance, connection, ticket, actor)
    return address_of(instance, ticket)


def keep_link(instance: Instance, connection: Connection, ticket: Ticket, actor: str) -> int:
    """Keep the link of a ticket and return its number."""
    grant, now = ticket.grant, instance.now()
    hashed = token_hash(ticket.token)
    number = store.add_link(connection, hashed, grant, now, now + ticket.life)
    detail: dict[str, str | int] = {"organisation": grant.organisation_id, "role": grant.role}
    append(connection, [Event(actor, "staff.invited", f"link:{number}", detail)], now)
    return number


def address_of(instance: Instance, ticket: Ticket) -> str:
    """Return the link itself."""
    return f"{instance.settings.origin}/staff/welcome/{ticket.token}"


def find_link(instance: Instance, connection: Connection, token: str) -> Link:
    """Return the link with this token.

    Raises:
        NotFound: there is none.
        SpentLink: it was used, or its time is over.
    """
    link = store.link_by_hash(connection, token_hash(token))
    if link is None:
        raise NotFound("check the link: it has to be copied whole")
    if not link.is_open(instance.now()):
        raise SpentLink("sign in if you have an account; otherwise ask for a new link")
    return link


def open_account(instance: Instance, token: str, person: Person) -> int:
    """Make the account that a link stands for, and use the link up.

    Raises:
        NotFound, SpentLink: the link does not open (any more).
        InvalidAccount: something about the person is not right; the link still works.
    """
    with unit_of_work(instance.engine) as connection:
        find_link(instance, connection, token)  # before half a second of hashing
    if problems := person.problems():
        raise InvalidAccount(problems)
    return _open(instance, token, person, _hashed(person.password))


def open_without_password(instance: Instance, token: str, email: str, name: str) -> int:
    """Make the account of a link for somebody whom a provider or a device vouches for.

    Raises:
        NotFound, SpentLink: the link does not open (any more).
        InvalidAccount: there is an account with this address.
    """
    person = Person(email, name.strip() or email.partition("@")[0], "")
    return _open(instance, token, person, NO_PASSWORD)


def _open(instance: Instance, token: str, person: Person, password_hash: str) -> int:
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        link = find_link(instance, connection, token)
        email = _plain(person.email)
        number = store.add_account(connection, email, person.name.strip(), password_hash, now)
        if number is None:
            raise InvalidAccount({"email": "There is an account with this address: sign in."})
        if not store.mark_used(connection, link.id, now):
            raise SpentLink("somebody used it just now; ask for a new link")
        store.forget_invited(connection, now)
        store.grant(connection, number, link.grant)
        event = Event(f"account:{number}", "staff.joined", f"link:{link.id}")
        append(connection, [event], now)
    return number


def sign_in(instance: Instance, email: str, password: str, address: str) -> int:
    """Return the account that address and password open.

    Raises:
        SignInRefused: they open none.
        TooManyAttempts: too many went wrong; the answer is not even looked for.
    """
    attempt = count(instance, f"account:{_plain(email)}", address, MOST_PER_ADDRESS)
    with unit_of_work(instance.engine) as connection:
        found = store.by_email(connection, _plain(email))
    fits = _fits(found.password_hash if found else _nobody(), password[: LONGEST + 1])
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        if found is None or not fits:
            subject = f"account:{found.account_id}" if found else "account:unknown"
            append(connection, [Event("nobody", "staff.sign-in-refused", subject)], now)
        else:
            succeeded(connection, attempt)
            actor = f"account:{found.account_id}"
            append(connection, [Event(actor, "staff.signed-in", actor)], now)
    if found is None or not fits:
        raise SignInRefused("check the address and the password")
    return found.account_id


def has_password(connection: Connection, staff: Staff) -> bool:
    """Tell whether `staff` can sign in with a password."""
    found = store.by_email(connection, staff.email)
    return found is not None and found.password_hash != NO_PASSWORD


def change_password(
    instance: Instance, staff: Staff, password: str, new_password: str, address: str
) -> None:
    """Give `staff` another password; the one they have, if any, must be right.

    Raises:
        InvalidAccount: the new one will not do.
        SignInRefused, TooManyAttempts: the old one is not right.
    """
    if problem := Person(staff.email, staff.name, new_password).problems().get("password"):
        raise InvalidAccount({"new_password": problem})
    with reading(instance.engine) as connection:
        has_one = has_password(connection, staff)
    if has_one:
        sign_in(instance, staff.email, password, address)
    password_hash = _hashed(new_password)
    with unit_of_work(instance.engine) as connection:
        store.set_password_hash(connection, staff.account_id, password_hash)
        event = Event(staff.actor, "staff.password-changed", staff.actor)
        append(connection, [event], instance.now())


@cache
def _nobody() -> str:
    """Return what the password of an unknown address is compared with."""
    return _hashed(secrets.token_hex(16))


def _hashed(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


def _fits(password_hash: str, password: str) -> bool:
    try:
        with _turns:
            return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _plain(email: str) -> str:
    return email.strip().lower()
