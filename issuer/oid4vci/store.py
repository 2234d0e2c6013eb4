"""The rows of offers, of whose awards they are, and of an organisation's switches.

`count_try`, `spend_offer` and `count_copies` are one UPDATE each that only as many callers win as
may, whoever else tries at the same moment.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from issuer.db.oid4vci_tables import oid4vci_offer, oid4vci_profile
from issuer.db.tables import achievement, award, organisation
from issuer.errors import NotFound
from issuer.oid4vci.model import MAX_COPIES, TX_TRIES, GrantKind, Offer

__all__ = [
    "add_offer",
    "award_place",
    "count_copies",
    "count_try",
    "find_offer",
    "offer_by_id",
    "offer_by_name",
    "profile",
    "set_profile",
    "spend_offer",
]

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
