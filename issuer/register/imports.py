"""Registers of others that this service trusts: imported, replaced by newer ones, removed.

Shape: what is kept is a document in our own format (docs/registers.md). A register is known by the
name the operator gave it; its version only rises, also across a removal, and no entry of a
federation goes back behind the statement seen before.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, insert, select, update

from badges import strict_json
from badges.credential import moment
from badges.verify.keys import KeyRing
from badges.verify.register import Listing, Register, parse_register
from badges.verify.signed_register import read_signed_register
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.register_tables import trusted_register
from issuer.errors import NotFound, RegisterRefused, RegisterRollback

__all__ = [
    "Candidate",
    "Imported",
    "import_register",
    "imported",
    "plain_register",
    "remove_register",
    "signed_register",
    "trusted_listings",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A register that was read and whose signature holds, where it has one."""

    publisher: str
    version: int
    document: bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """A register this service knows."""

    name: str
    publisher: str
    version: int
    register: Register
    imported_at: datetime
    removed_at: datetime | None


def signed_register(data: bytes, *, publisher: str, ring: KeyRing) -> Candidate:
    """Return a register in our format, signed by `publisher`.

    Raises:
        BadgeError, DidError: it is not that.
    """
    read_signed_register(data, publisher=publisher, ring=ring)
    return Candidate(publisher, strict_json.loads(data)["version"], data)


def plain_register(data: bytes, now: datetime, days: int) -> Candidate:
    """Return an unsigned list, for which the operator vouches for some days.

    Raises:
        BadgeError: it is no list of issuers.
        RegisterRefused: it says that it has ended.
    """
    read, value = parse_register(data), strict_json.loads(data)
    document = {"issuers": value} if isinstance(value, list) else dict(value)
    ends = min(read.expires or now + timedelta(days=days), now + timedelta(days=days))
    if ends <= now:
        raise RegisterRefused(f"it ended {moment(ends)}")
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int):
        version = int(now.timestamp())
    document |= {"version": version, "issued": moment(now), "expires": moment(ends)}
    return Candidate("", version, json.dumps(document).encode())


def import_register(
    connection: Connection, name: str, candidate: Candidate, now: datetime, actor: str
) -> bool:
    """Keep a register and tell whether it was new.

    Raises:
        RegisterRefused: another publisher has that name.
        RegisterRollback: a newer version was there before, or another text of the same one.
    """
    known = _row(connection, name)
    row = {"publisher": candidate.publisher, "version": candidate.version}
    row |= {"document": candidate.document, "imported_at": now, "removed_at": None}
    if known is None:
        connection.execute(insert(trusted_register).values(name=name, **row))
    else:
        _check_newer(known, candidate)
        if known.version == candidate.version and known.removed_at is None:
            return False
        change = update(trusted_register).where(trusted_register.c.name == name)
        connection.execute(change.values(row))
    facts: dict[str, str | int] = {"publisher": candidate.publisher}
    facts["version"] = candidate.version
    append(connection, [Event(actor, "register.import", name, facts)], now)
    return True


def remove_register(connection: Connection, name: str, now: datetime, actor: str) -> None:
    """Trust a register no more; its version stays known.

    Raises:
        NotFound: there is none of that name.
    """
    known = _row(connection, name)
    if known is None or known.removed_at is not None:
        raise NotFound(f"no register is called {name!r}")
    change = update(trusted_register).where(trusted_register.c.name == name)
    connection.execute(change.values(removed_at=now))
    append(connection, [Event(actor, "register.remove", name, {"version": known.version})], now)


_EVERY = select(trusted_register).order_by(trusted_register.c.name)


def imported(connection: Connection) -> list[Imported]:
    """Return every register, removed ones too."""
    rows = connection.execute(_EVERY)
    return [
        Imported(
            row.name,
            row.publisher,
            row.version,
            _parsed(bytes(row.document)),
            row.imported_at,
            row.removed_at,
        )
        for row in rows
    ]


def trusted_listings(connection: Connection) -> dict[str, Listing]:
    """Return the issuers of all registers in force; a listing ends with its register."""
    found = dict[str, Listing]()
    for one in imported(connection):
        if one.removed_at is None:
            for listing in one.register.listings.values():
                found.setdefault(listing.id, _until(listing, one))
    return found


def _until(listing: Listing, source: Imported) -> Listing:
    ends = [end for end in (listing.until, source.register.expires) if end is not None]
    name = source.register.name or source.name
    return replace(listing, register=name, until=min(ends) if ends else None)


@lru_cache(maxsize=16)
def _parsed(document: bytes) -> Register:
    return parse_register(document)


def _row(connection: Connection, name: str) -> Any:
    query = select(trusted_register).where(trusted_register.c.name == name)
    return connection.execute(query.with_for_update()).one_or_none()


def _check_newer(known: Any, candidate: Candidate) -> None:
    if known.publisher != candidate.publisher:
        raise RegisterRefused(
            f"the register of that name is published by {known.publisher or 'nobody (unsigned)'}"
        )
    if candidate.version < known.version:
        raise RegisterRollback(f"version {candidate.version}, but {known.version} was there before")
    if candidate.version == known.version and candidate.document != bytes(known.document):
        raise RegisterRollback(f"version {candidate.version} was there before with another text")
    before = _issued_of(bytes(known.document))
    for identity, issued in _issued_of(candidate.document).items():
        if issued < before.get(identity, issued):
            raise RegisterRollback(f"the statement about {identity} is older than one seen before")


def _issued_of(document: bytes) -> Mapping[str, str]:
    """Return when each listing was stated, where the register tells (federations do)."""
    listings = strict_json.loads(document)
    listings = listings["issuers"] if isinstance(listings, dict) else listings
    return {
        item["id"]: item["issued"]
        for item in listings
        if isinstance(item, Mapping) and isinstance(item.get("issued"), str)
    }
