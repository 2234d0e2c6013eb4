"""The rows of requests, codes, tokens and marks; what is used once is used here.

Each ``spend_…`` is one UPDATE (or INSERT) that only one caller can win, whoever else tries at the
same moment.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from issuer.db.oid4vci_tables import oid4vci_grant, oid4vci_spent, oid4vci_token
from issuer.oid4vci.model import Access
from issuer.oid4vci.secret import hash_of, new_secret

__all__ = [
    "Grant",
    "add_grant",
    "add_token",
    "find_grant",
    "forget_expired",
    "revoke_tokens",
    "spend_grant",
    "spend_marks",
    "token",
]

_TOKEN = select(oid4vci_token).where(oid4vci_token.c.hash == bindparam("hashed"))
_ADD_TOKEN = insert(oid4vci_token)
_SPEND = {
    "sqlite": sqlite_insert(oid4vci_spent).on_conflict_do_nothing().returning(oid4vci_spent.c.hash),
    "postgresql": postgresql_insert(oid4vci_spent)
    .on_conflict_do_nothing()
    .returning(oid4vci_spent.c.hash),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A pushed request (``request``) or an authorization code (``code``) as it is kept."""

    kind: str
    organisation_id: int
    request: str
    expires_at: datetime
    offer_id: int | None = None


def add_grant(connection: Connection, new: Grant) -> str:
    """Keep a pushed request or an authorization code and return its secret."""
    secret = new_secret()
    row = {
        "hash": hash_of(secret),
        "kind": new.kind,
        "organisation_id": new.organisation_id,
        "offer_id": new.offer_id,
        "request": new.request,
        "expires_at": new.expires_at,
    }
    connection.execute(insert(oid4vci_grant).values(row))
    return secret


def find_grant(
    connection: Connection, kind: str, organisation_id: int, secret: str, now: datetime
) -> tuple[str, int | None, bool] | None:
    """Return what was kept, for which offer, and whether it was used; None when there is none."""
    query = select(oid4vci_grant).where(
        oid4vci_grant.c.hash == hash_of(secret),
        oid4vci_grant.c.kind == kind,
        oid4vci_grant.c.organisation_id == organisation_id,
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    return row.request, row.offer_id, row.used_at is not None


def spend_grant(connection: Connection, secret: str, now: datetime) -> bool:
    """Mark a request or code used; True for exactly one caller."""
    still = (oid4vci_grant.c.hash == hash_of(secret)) & oid4vci_grant.c.used_at.is_(None)
    return connection.execute(update(oid4vci_grant).where(still).values(used_at=now)).rowcount == 1


def add_token(connection: Connection, access: Access) -> str:
    """Keep what a new access token may fetch and return the token."""
    secret = new_secret()
    members = {
        "configuration_ids": list(access.configuration_ids),
        "identifiers": access.identifiers,
        "client_id": access.client_id,
        "jkt": access.jkt,
    }
    row = {
        "hash": hash_of(secret),
        "organisation_id": access.organisation_id,
        "offer_id": access.offer_id,
        "access": json.dumps(members),
        "expires_at": access.expires_at,
    }
    connection.execute(_ADD_TOKEN, row)
    return secret


def token(connection: Connection, secret: str) -> Access | None:
    """Return what a token may fetch."""
    row = connection.execute(_TOKEN, {"hashed": hash_of(secret)}).one_or_none()
    if row is None:
        return None
    return Access(
        offer_id=row.offer_id,
        organisation_id=row.organisation_id,
        expires_at=row.expires_at,
        **json.loads(row.access),
    )


def revoke_tokens(connection: Connection, offer_id: int) -> None:
    """Forget every token of an offer: its code was used twice (RFC 6749 §4.1.2)."""
    connection.execute(delete(oid4vci_token).where(oid4vci_token.c.offer_id == offer_id))


def spend_marks(connection: Connection, marks: Iterable[str], expires_at: datetime) -> bool:
    """Mark nonces or proofs used; False when one of them was used before."""
    rows = [{"hash": hash_of(mark), "expires_at": expires_at} for mark in sorted(set(marks))]
    statement = _SPEND[connection.dialect.name]
    won = [connection.execute(statement, row).one_or_none() for row in rows]
    return all(row is not None for row in won)


def forget_expired(connection: Connection, now: datetime) -> None:
    """Delete what time has made useless: marks, tokens, unused requests and codes."""
    for table in (oid4vci_spent, oid4vci_token, oid4vci_grant):
        connection.execute(delete(table).where(table.c.expires_at <= now))
