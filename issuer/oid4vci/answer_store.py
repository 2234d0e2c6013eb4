"""The rows of deferred issuances, and of what wallets tell of their credentials."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from issuer.db.oid4vci_tables import oid4vci_notification, oid4vci_transaction
from issuer.oid4vci.model import Offer
from issuer.oid4vci.secret import hash_of, new_secret

__all__ = [
    "Transaction",
    "add_notification",
    "add_transaction",
    "last_notification",
    "spend_transaction",
    "tell_notification",
    "transaction",
]

_ADD_NOTIFICATION = insert(oid4vci_notification)
_TELL = (
    update(oid4vci_notification)
    .where(
        oid4vci_notification.c.hash == bindparam("hashed"),
        oid4vci_notification.c.offer_id == bindparam("offer"),
    )
    .values(event=bindparam("what"), description=bindparam("words"), told_at=bindparam("moment"))
)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A deferred issuance as it waits."""

    offer_id: int
    organisation_id: int
    configuration_id: str
    holders: Sequence[Mapping[str, Any]]
    ready_at: datetime
    spent_at: datetime | None = None


def add_transaction(connection: Connection, new: Transaction) -> str:
    """Keep a deferred issuance and return its ``transaction_id``."""
    secret = new_secret()
    row = {
        "hash": hash_of(secret),
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
    query = select(oid4vci_transaction).where(oid4vci_transaction.c.hash == hash_of(secret))
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
    still = (table.c.hash == hash_of(secret)) & table.c.spent_at.is_(None)
    return connection.execute(update(table).where(still).values(spent_at=now)).rowcount == 1


def add_notification(connection: Connection, offer: Offer, secret: str) -> None:
    """Keep a place for what the wallet will tell with this ``notification_id``."""
    row = {"hash": hash_of(secret), "organisation_id": offer.organisation_id, "offer_id": offer.id}
    connection.execute(_ADD_NOTIFICATION, row)


def tell_notification(
    connection: Connection, secret: str, offer_id: int, told: Mapping[str, Any]
) -> bool:
    """Keep what a wallet told; False when it never got such an id."""
    values = {
        "hashed": hash_of(secret),
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
