"""Attempts to sign in, counted before they are looked at: nobody goes through all secrets here.

Shape: who is tried and from where are kept as keyed hashes, for a quarter of an hour; what
succeeded does not count.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from issuer.db.secret import secret
from issuer.db.session import unit_of_work
from issuer.errors import TooManyAttempts
from issuer.instance import Instance
from issuer.organisations import accounts_store as store

__all__ = ["MOST_PER_ADDRESS", "MOST_PER_NAME", "WINDOW", "Attempt", "count", "succeeded"]

WINDOW = timedelta(minutes=15)
MOST_PER_NAME = 10
"""Failed sign-ins of one account or client within `WINDOW`."""

MOST_PER_ADDRESS = 100
"""Failed sign-ins from one network address within `WINDOW`: a university may share one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in on its way; name and address as keyed hashes."""

    name: bytes
    address: bytes
    at: datetime


def count(
    instance: Instance, name: str, address: str, most_per_address: int = MOST_PER_ADDRESS
) -> Attempt:
    """Count an attempt before it is looked at, so that many at once are counted too.

    Raises:
        TooManyAttempts: too many went wrong; this one must not even be looked at.
    """
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        key = secret(connection, "sign-in", now)
        who = hmac.digest(key, name.encode("utf-8", "replace"), "sha256")
        where = hmac.digest(key, f"address:{address}".encode("utf-8", "replace"), "sha256")
        store.forget_attempts(connection, now - WINDOW)
        for counted, most in ((who, MOST_PER_NAME), (where, most_per_address)):
            if store.attempts(connection, counted, now - WINDOW) >= most:
                raise TooManyAttempts("wait a quarter of an hour, then try again")
        store.add_attempt(connection, who, now)
        store.add_attempt(connection, where, now)
    return Attempt(who, where, now)


def succeeded(connection: Connection, attempt: Attempt) -> None:
    """Forget the attempts of this name, and this one of its address."""
    store.forget_attempts(connection, attempt.at - WINDOW, [attempt.name])
    store.forget_attempt(connection, attempt.address, attempt.at)
