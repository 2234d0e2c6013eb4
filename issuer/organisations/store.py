"""The rows of organisations and of their keys."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from did.multikey import decode, encode
from issuer.db.tables import organisation, signing_key
from issuer.errors import NotFound
from issuer.organisations.model import Key, KeyState, Kind, Organisation
from issuer.organisations.particulars import from_json, to_json

__all__ = [
    "add",
    "add_key",
    "all_organisations",
    "by_did",
    "by_id",
    "by_slug",
    "keys_of",
    "set_key_state",
]

_parent = organisation.alias("parent")

_WITH_PARENT = select(
    organisation,
    _parent.c.legal.label("parent_legal"),
    _parent.c.did.label("parent_did"),
    _parent.c.parent_id.label("above_id"),
).outerjoin(_parent, _parent.c.id == organisation.c.parent_id)
"""An organisation and what it is part of, in one statement: every issuance asks several times."""

_BY_SLUG = _WITH_PARENT.where(organisation.c.slug == bindparam("key"))
_BY_DID = _WITH_PARENT.where(organisation.c.did == bindparam("key"))
_BY_ID = _WITH_PARENT.where(organisation.c.id == bindparam("key"))
_EVERY = _WITH_PARENT.order_by(organisation.c.id)
_KEYS_OF = (
    select(signing_key)
    .where(signing_key.c.organisation_id == bindparam("organisation"))
    .order_by(signing_key.c.id)
)


def add(connection: Connection, new: Organisation, now: datetime) -> Organisation:
    """Keep a new organisation and return it with its number."""
    row = {
        "kind": new.kind,
        "slug": new.slug,
        "did": new.did,
        "name": new.particulars.legal_name,
        "legal": to_json(new.particulars),
        "parent_id": new.parent_id,
        "created_at": now,
    }
    statement = insert(organisation).values(row).returning(organisation.c.id)
    return by_id(connection, connection.execute(statement).scalar_one())


def by_slug(connection: Connection, slug: str) -> Organisation:
    """Return the organisation with this slug.

    Raises:
        NotFound: there is none.
    """
    return _one(connection, _BY_SLUG, slug, slug)


def by_did(connection: Connection, did: str) -> Organisation:
    """Return the organisation with this DID.

    Raises:
        NotFound: there is none.
    """
    return _one(connection, _BY_DID, did, did)


def by_id(connection: Connection, number: int) -> Organisation:
    """Return organisation `number`.

    Raises:
        NotFound: there is none.
    """
    return _one(connection, _BY_ID, number, f"number {number}")


def all_organisations(connection: Connection) -> tuple[Organisation, ...]:
    """Return every organisation, parents before their members."""
    found = connection.execute(_EVERY).all()
    return tuple(_read(connection, row) for row in found)


def _one(
    connection: Connection, query: Select[*tuple[object, ...]], key: str | int, what: str
) -> Organisation:
    row = connection.execute(query, {"key": key}).one_or_none()
    if row is None:
        raise NotFound(f"there is no organisation {what[:200]}")
    return _read(connection, row)


def _read(connection: Connection, row: Row[*tuple[object, ...]]) -> Organisation:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    parent = None
    if found["parent_id"]:
        above = found["above_id"]
        top = by_id(connection, above).particulars if above else None
        parent = from_json(found["parent_legal"], found["parent_did"], top)
    return Organisation(
        id=found["id"],
        kind=Kind(found["kind"]),
        slug=found["slug"],
        did=found["did"],
        particulars=from_json(found["legal"], found["did"], parent),
        parent_id=found["parent_id"],
    )


def add_key(connection: Connection, new: Key) -> Key:
    """Keep a new key and return it with its number."""
    row = {
        "organisation_id": new.organisation_id,
        "uri": new.uri,
        "verification_method": new.verification_method,
        "curve": new.public_key.curve,
        "multikey": encode(new.public_key),
        "state": new.state,
        "created_at": new.created_at,
    }
    statement = insert(signing_key).values(row).returning(signing_key.c.id)
    return replace(new, id=connection.execute(statement).scalar_one())


def keys_of(connection: Connection, organisation_id: int) -> Sequence[Key]:
    """Return every key of an organisation, oldest first."""
    rows = connection.execute(_KEYS_OF, {"organisation": organisation_id})
    return [_read_key(row) for row in rows]


def set_key_state(connection: Connection, number: int, state: KeyState, at: datetime) -> None:
    """Retire a key, or say that it is compromised, as of `at`."""
    column = "retired_at" if state is KeyState.RETIRED else "compromised_at"
    change = update(signing_key).where(signing_key.c.id == number)
    connection.execute(change.values({"state": state, column: at}))


def _read_key(row: Row[*tuple[object, ...]]) -> Key:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    return Key(
        id=found["id"],
        organisation_id=found["organisation_id"],
        uri=found["uri"],
        verification_method=found["verification_method"],
        public_key=decode(found["multikey"]),
        state=KeyState(found["state"]),
        created_at=found["created_at"],
        retired_at=found["retired_at"],
        compromised_at=found["compromised_at"],
    )
