"""The rows of offers, codes, tokens and transactions; what is used once is used here.

Each ``spend_…`` is one UPDATE (or INSERT) that only one caller can win, whoever else tries at the
same moment.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from issuer.db.oid4vci_tables import (
    oid4vci_grant,
    oid4vci_notification,
    oid4vci_offer,
    oid4vci_profile,
    oid4vci_spent,
    oid4vci_token,
    oid4vci_transaction,
)
from issuer.db.tables import achievement, award, organisation
from issuer.errors import NotFound
from issuer.oid4vci.model import MAX_COPIES, TX_TRIES, Access, GrantKind, Offer

__all__ = [
    "Grant",
    "Transaction",
    "add_grant",
    "add_notification",
    "add_offer",
    "add_token",
    "add_transaction",
    "award_place",
    "count_copies",
    "count_try",
    "find_grant",
    "find_offer",
    "forget_expired",
    "last_notification",
    "new_secret",
    "offer_by_id",
    "offer_by_name",
    "profile",
    "revoke_tokens",
    "set_profile",
    "spend_grant",
    "spend_marks",
    "spend_offer",
    "spend_transaction",
    "tell_notification",
    "token",
    "transaction",
]


@dataclass(frozen=True, slots=True)
class Transaction:
    """A deferred issuance as it waits."""

    offer_id: int
    organisation_id: int
    configuration_id: str
    holders: Sequence[Mapping[str, Any]]
    ready_at: datetime
    spent_at: datetime | None = None


_PROFILE = select(oid4vci_profile).where(
    oid4vci_profile.c.organisation_id == bindparam("organisation")
)
_OFFER_BY_NAME = select(oid4vci_offer).where(
    oid4vci_offer.c.name == bindparam("called"),
    oid4vci_offer.c.organisation_id == bindparam("organisation"),
)
_OFFER_BY_ID = select(oid4vci_offer).where(oid4vci_offer.c.id == bindparam("number"))
_SPEND_OFFER = (
    update(oid4vci_offer)
    .where(oid4vci_offer.c.id == bindparam("number"), oid4vci_offer.c.redeemed_at.is_(None))
    .values(redeemed_at=bindparam("moment"))
)
_COUNT_COPIES = (
    update(oid4vci_offer)
    .where(
        oid4vci_offer.c.id == bindparam("number"),
        oid4vci_offer.c.copies + bindparam("more") <= MAX_COPIES,
    )
    .values(copies=oid4vci_offer.c.copies + bindparam("more"))
)
_TOKEN = select(oid4vci_token).where(oid4vci_token.c.hash == bindparam("hashed"))
_ADD_TOKEN = insert(oid4vci_token)
_ADD_NOTIFICATION = insert(oid4vci_notification)
_TELL = (
    update(oid4vci_notification)
    .where(
        oid4vci_notification.c.hash == bindparam("hashed"),
        oid4vci_notification.c.offer_id == bindparam("offer"),
    )
    .values(event=bindparam("what"), description=bindparam("words"), told_at=bindparam("moment"))
)
_SPEND = {
    "sqlite": sqlite_insert(oid4vci_spent).on_conflict_do_nothing().returning(oid4vci_spent.c.hash),
    "postgresql": postgresql_insert(oid4vci_spent)
    .on_conflict_do_nothing()
    .returning(oid4vci_spent.c.hash),
}


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def profile(connection: Connection, organisation_id: int) -> tuple[str, list[dict[str, Any]]]:
    """Return an organisation's switches and the keys of wallet providers it trusts."""
    row = connection.execute(_PROFILE, {"organisation": organisation_id}).one_or_none()
    return (row.compat, json.loads(row.attesters)) if row else ("", [])


def set_profile(
    connection: Connection, organisation_id: int, compat: str, attesters: Sequence[Any] = ()
) -> None:
    """Keep an organisation's switches."""
    connection.execute(
        delete(oid4vci_profile).where(oid4vci_profile.c.organisation_id == organisation_id)
    )
    row = {
        "organisation_id": organisation_id,
        "compat": compat,
        "attesters": json.dumps(list(attesters)),
    }
    connection.execute(insert(oid4vci_profile).values(row))


def award_place(connection: Connection, award_id: int) -> tuple[str, str]:
    """Return who issues an award and what for: the organisation's slug, the achievement's key.

    Raises:
        NotFound: there is no such award.
    """
    query = (
        select(organisation.c.slug, achievement.c.key)
        .join_from(award, organisation, organisation.c.id == award.c.issuer_id)
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(award.c.id == award_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("there is no such award")
    return row.slug, row.key


def add_offer(connection: Connection, new: Offer, now: datetime) -> Offer:
    """Keep a new offer and return it with its number."""
    row = {
        "name": new.name,
        "organisation_id": new.organisation_id,
        "award_id": new.award_id,
        "configuration_ids": json.dumps(list(new.configuration_ids)),
        "grant_kind": new.grant,
        "tx_code_hash": new.tx_code_hash,
        "tx_length": new.tx_length,
        "deferred_seconds": new.deferred_seconds,
        "created_at": now,
        "expires_at": new.expires_at,
    }
    statement = insert(oid4vci_offer).values(row).returning(oid4vci_offer.c.id)
    return replace(new, id=connection.execute(statement).scalar_one())


def offer_by_name(connection: Connection, organisation_id: int, name: str) -> Offer | None:
    """Return this organisation's offer of that name."""
    wanted = {"called": name, "organisation": organisation_id}
    row = connection.execute(_OFFER_BY_NAME, wanted).one_or_none()
    return _read_offer(row) if row else None


def offer_by_id(connection: Connection, number: int) -> Offer:
    """Return offer `number`.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_OFFER_BY_ID, {"number": number}).one_or_none()
    if row is None:
        raise NotFound("there is no such offer")
    return _read_offer(row)


def find_offer(connection: Connection, name: str) -> Offer:
    """Return the offer of that name, whoever's it is.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(
        select(oid4vci_offer).where(oid4vci_offer.c.name == name)
    ).one_or_none()
    if row is None:
        raise NotFound("there is no such offer")
    return _read_offer(row)


def count_try(connection: Connection, offer_id: int) -> bool:
    """Count one transaction code tried, before it is compared; False when none is left."""
    tries = oid4vci_offer.c.tx_tries
    change = update(oid4vci_offer).where(oid4vci_offer.c.id == offer_id, tries < TX_TRIES)
    return connection.execute(change.values(tx_tries=tries + 1)).rowcount == 1


def spend_offer(connection: Connection, offer_id: int, now: datetime) -> bool:
    """Mark an offer redeemed; True for exactly one caller."""
    return connection.execute(_SPEND_OFFER, {"number": offer_id, "moment": now}).rowcount == 1


def count_copies(connection: Connection, offer_id: int, copies: int) -> bool:
    """Count copies before they are issued; False when the offer would give out too many."""
    wanted = {"number": offer_id, "more": copies}
    return connection.execute(_COUNT_COPIES, wanted).rowcount == 1


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
        "hash": _hash(secret),
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
        oid4vci_grant.c.hash == _hash(secret),
        oid4vci_grant.c.kind == kind,
        oid4vci_grant.c.organisation_id == organisation_id,
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    return row.request, row.offer_id, row.used_at is not None


def spend_grant(connection: Connection, secret: str, now: datetime) -> bool:
    """Mark a request or code used; True for exactly one caller."""
    still = (oid4vci_grant.c.hash == _hash(secret)) & oid4vci_grant.c.used_at.is_(None)
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
        "hash": _hash(secret),
        "organisation_id": access.organisation_id,
        "offer_id": access.offer_id,
        "access": json.dumps(members),
        "expires_at": access.expires_at,
    }
    connection.execute(_ADD_TOKEN, row)
    return secret


def token(connection: Connection, secret: str) -> Access | None:
    """Return what a token may fetch."""
    row = connection.execute(_TOKEN, {"hashed": _hash(secret)}).one_or_none()
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
    rows = [{"hash": _hash(mark), "expires_at": expires_at} for mark in sorted(set(marks))]
    statement = _SPEND[connection.dialect.name]
    won = [connection.execute(statement, row).one_or_none() for row in rows]
    return all(row is not None for row in won)


def add_transaction(connection: Connection, new: Transaction) -> str:
    """Keep a deferred issuance and return its ``transaction_id``."""
    secret = new_secret()
    row = {
        "hash": _hash(secret),
        "organisation_id": new.organisation_id,
        "offer_id": new.offer_id,
        "configuration_id": new.configuration_id,
        "holders": json.dumps(list(new.holders)),
        "ready_at": new.ready_at,
    }
    connection.execute(insert(oid4vci_transaction).values(row))
    return secret


def transaction(connection: Connection, secret: str) -> Transaction | None:
    """Return a deferred issuance."""
    query = select(oid4vci_transaction).where(oid4vci_transaction.c.hash == _hash(secret))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Transaction(
        offer_id=row.offer_id,
        organisation_id=row.organisation_id,
        configuration_id=row.configuration_id,
        holders=json.loads(row.holders),
        ready_at=row.ready_at,
        spent_at=row.spent_at,
    )


def spend_transaction(connection: Connection, secret: str, now: datetime) -> bool:
    """Mark a deferred issuance fetched; True for exactly one caller."""
    table = oid4vci_transaction
    still = (table.c.hash == _hash(secret)) & table.c.spent_at.is_(None)
    return connection.execute(update(table).where(still).values(spent_at=now)).rowcount == 1


def add_notification(connection: Connection, offer: Offer, secret: str) -> None:
    """Keep a place for what the wallet will tell with this ``notification_id``."""
    row = {"hash": _hash(secret), "organisation_id": offer.organisation_id, "offer_id": offer.id}
    connection.execute(_ADD_NOTIFICATION, row)


def tell_notification(
    connection: Connection, secret: str, offer_id: int, told: Mapping[str, Any]
) -> bool:
    """Keep what a wallet told; False when it never got such an id."""
    values = {
        "hashed": _hash(secret),
        "offer": offer_id,
        "what": told["event"],
        "words": told["description"],
        "moment": told["told_at"],
    }
    return connection.execute(_TELL, values).rowcount == 1


def last_notification(connection: Connection, offer_id: int) -> str | None:
    """Return the last event a wallet told of an offer."""
    table = oid4vci_notification
    query = select(table.c.event).where(table.c.offer_id == offer_id, table.c.told_at.is_not(None))
    found: str | None = connection.scalar(query.order_by(table.c.told_at.desc()).limit(1))
    return found


def forget_expired(connection: Connection, now: datetime) -> None:
    """Delete what time has made useless: marks, tokens, unused requests and codes."""
    for table in (oid4vci_spent, oid4vci_token, oid4vci_grant):
        connection.execute(delete(table).where(table.c.expires_at <= now))


def _read_offer(row: Row[Any]) -> Offer:
    return Offer(
        id=row.id,
        name=row.name,
        organisation_id=row.organisation_id,
        award_id=row.award_id,
        configuration_ids=tuple(json.loads(row.configuration_ids)),
        grant=GrantKind(row.grant_kind),
        expires_at=row.expires_at,
        tx_code_hash=row.tx_code_hash,
        tx_length=row.tx_length,
        tx_tries=row.tx_tries,
        deferred_seconds=row.deferred_seconds,
        redeemed_at=row.redeemed_at,
    )
