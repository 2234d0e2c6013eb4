"""The rows of status lists and of the places in them."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, union_all, update

from issuer.db.numbered import numbered
from issuer.db.rows import insert_many
from issuer.db.tables import commissioned_entry, status_entry, status_list
from issuer.errors import NotFound
from issuer.status.model import Entry, Purpose, StatusList

__all__ = [
    "Allocation",
    "add_entries",
    "add_list",
    "by_public_id",
    "close_all",
    "document",
    "entries_of",
    "found_again",
    "has_list",
    "lists",
    "lists_due",
    "locked_list",
    "merge_bits",
    "open_list",
    "places_of",
    "places_revoked",
    "places_set",
    "published_bits",
    "save",
    "save_all",
    "save_publication",
    "set_allocated",
    "stale_lists",
    "unset_entries",
]


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much of an open list is given out, and the key of its order."""

    list: StatusList
    allocated: int
    shuffle_key: bytes


_LIST = (
    status_list.c.id,
    status_list.c.public_id,
    status_list.c.organisation_id,
    status_list.c.purpose,
    status_list.c.size,
    status_list.c.version,
    status_list.c.published_at,
)
"""What `_read_list` reads: without the bits and the document, which are large."""

_OPEN_LIST = (
    select(*_LIST, status_list.c.allocated, status_list.c.shuffle_key)
    .where(
        status_list.c.organisation_id == bindparam("organisation"),
        status_list.c.purpose == bindparam("wanted"),
        status_list.c.closed.is_(False),
        status_list.c.allocated < status_list.c.size,
    )
    .order_by(status_list.c.id)
    .limit(1)
    .with_for_update()
)
_SET_ALLOCATED = (
    update(status_list)
    .where(status_list.c.id == bindparam("number"))
    .values(allocated=bindparam("given"))
)
_ENTRIES_OF = numbered(status_entry.c.issuance_id, lambda these: select(status_entry).where(these))
_LISTS_DUE = numbered(
    status_entry.c.issuance_id,
    lambda these: (
        select(status_list.c.id)
        .where(
            status_list.c.id.in_(select(status_entry.c.list_id).where(these)),
            status_list.c.published_at.is_(None)
            | (status_list.c.published_at < bindparam("moment")),
        )
        .order_by(status_list.c.id)
    ),
)
_LISTS = select(*_LIST).where(status_list.c.id.in_(bindparam("numbers", expanding=True)))
_PLACES_OF = numbered(
    status_entry.c.issuance_id,
    lambda these: (
        select(status_entry.c.issuance_id, status_entry.c.index.label("place"), *_LIST)
        .join(status_list, status_list.c.id == status_entry.c.list_id)
        .where(these)
    ),
)


def open_list(connection: Connection, organisation_id: int, purpose: Purpose) -> Allocation | None:
    """Return the list that has places left, locked until the transaction ends."""
    wanted = {"organisation": organisation_id, "wanted": purpose}
    row = connection.execute(_OPEN_LIST, wanted).one_or_none()
    if row is None:
        return None
    return Allocation(_read_list(row), row.allocated, bytes(row.shuffle_key))


def add_list(connection: Connection, new: Allocation, now: datetime) -> Allocation:
    """Keep a new list."""
    row = {
        "public_id": new.list.public_id,
        "organisation_id": new.list.organisation_id,
        "purpose": new.list.purpose,
        "size": new.list.size,
        "shuffle_key": new.shuffle_key,
        "created_at": now,
    }
    connection.execute(insert(status_list).values(row))
    return Allocation(by_public_id(connection, new.list.public_id), 0, new.shuffle_key)


def set_allocated(connection: Connection, list_id: int, allocated: int) -> None:
    """Say how many places of a list are given out."""
    connection.execute(_SET_ALLOCATED, {"number": list_id, "given": allocated})


def add_entries(connection: Connection, entries: Iterable[Entry]) -> None:
    """Give places to issuances; a place that is taken is an error of the database."""
    rows = [
        {
            "list_id": entry.list_id,
            "index": entry.index,
            "issuance_id": entry.issuance_id,
            "purpose": entry.purpose,
        }
        for entry in entries
    ]
    if rows:
        insert_many(connection, status_entry, rows)


def entries_of(connection: Connection, issuance_ids: Sequence[int]) -> list[Entry]:
    """Return the places of these issuances."""
    rows = connection.execute(*_ENTRIES_OF.of(issuance_ids))
    return [_read_entry(row) for row in rows]


def places_of(
    connection: Connection, issuance_ids: Sequence[int]
) -> list[tuple[int, int, StatusList]]:
    """Return the places of these issuances: issuance, index and list of each."""
    rows = connection.execute(*_PLACES_OF.of(issuance_ids)).all()
    of_each = {row.id: row for row in rows}
    known = {number: _read_list(row) for number, row in of_each.items()}
    return [(row.issuance_id, row.place, known[row.id]) for row in rows]


def save(connection: Connection, entry: Entry) -> None:
    """Keep what happened to one place."""
    save_all(connection, [entry])


def save_all(connection: Connection, entries: Sequence[Entry]) -> None:
    """Keep what happened to these places."""
    if not entries:
        return
    change = (
        update(status_entry)
        .where(status_entry.c.list_id == bindparam("in_list"))
        .where(status_entry.c.index == bindparam("at_index"))
        .values(
            set_at=bindparam("moment"),
            public_reason=bindparam("told"),
            internal_reason=bindparam("noted"),
        )
    )
    rows: list[dict[str, Any]] = [
        {
            "in_list": entry.list_id,
            "at_index": entry.index,
            "moment": entry.set_at,
            "told": entry.public_reason,
            "noted": entry.internal_reason,
        }
        for entry in entries
    ]
    connection.execute(change, rows)


def by_public_id(connection: Connection, public_id: str) -> StatusList:
    """Return the list served under this name.

    Raises:
        NotFound: there is none.
    """
    return _one(connection, select(*_LIST).where(status_list.c.public_id == public_id))


def locked_list(connection: Connection, list_id: int) -> StatusList:
    """Return a list, locked: publishers of one list take turns."""
    query = select(*_LIST).where(status_list.c.id == list_id)
    return _one(connection, query.with_for_update())


def lists(connection: Connection, list_ids: Iterable[int]) -> dict[int, StatusList]:
    """Return these lists by number."""
    rows = connection.execute(_LISTS, {"numbers": sorted(set(list_ids))})
    return {row.id: _read_list(row) for row in rows}


def lists_due(
    connection: Connection, issuance_ids: Sequence[int], published_before: datetime
) -> list[int]:
    """Return which lists of these issuances were never published, or not since then."""
    return list(connection.scalars(*_LISTS_DUE.of(issuance_ids, moment=published_before)))


def stale_lists(connection: Connection, published_before: datetime) -> list[int]:
    """Return the lists never published, or not since then."""
    query = select(status_list.c.id).where(
        status_list.c.published_at.is_(None) | (status_list.c.published_at < published_before)
    )
    return list(connection.scalars(query.order_by(status_list.c.id)))


def has_list(connection: Connection, public_id: str) -> bool:
    """Tell whether a list is known."""
    query = select(status_list.c.id).where(status_list.c.public_id == public_id)
    return connection.scalar(query) is not None


def found_again(public_id: str, organisation_id: int, purpose: Purpose, size: int) -> Allocation:
    """Return a published list the store had lost: all of it counts as given out."""
    lost = StatusList(0, public_id, organisation_id, purpose, size, 0, None)
    return Allocation(lost, size, secrets.token_bytes(32))


def close_all(connection: Connection) -> None:
    """Give out no more places in any list there is."""
    connection.execute(update(status_list).values(closed=True))


def merge_bits(connection: Connection, list_id: int, bits: bytes) -> None:
    """Keep the bits of a published version that the store had lost."""
    change = update(status_list).where(status_list.c.id == list_id)
    connection.execute(change.values(published_bits=bits))


def unset_entries(connection: Connection, list_id: int) -> list[Entry]:
    """Return the places of a list that are in force."""
    query = select(status_entry).where(
        status_entry.c.list_id == list_id, status_entry.c.set_at.is_(None)
    )
    return [_read_entry(row) for row in connection.execute(query)]


def places_set(connection: Connection, list_id: int) -> list[int]:
    """Return the places of a list that are revoked or suspended."""
    tables = (status_entry, commissioned_entry)
    queries = (
        select(table.c.index).where(table.c.list_id == list_id, table.c.set_at.is_not(None))
        for table in tables
    )
    return list(connection.scalars(union_all(*queries)))


def places_revoked(connection: Connection, list_id: int) -> list[int]:
    """Return the places of a list for suspension whose credentials are revoked."""
    revocation = status_entry.alias()
    query = (
        select(status_entry.c.index)
        .join(revocation, revocation.c.issuance_id == status_entry.c.issuance_id)
        .where(status_entry.c.list_id == list_id)
        .where(revocation.c.purpose == Purpose.REVOCATION, revocation.c.set_at.is_not(None))
    )
    return list(connection.scalars(query))


def published_bits(connection: Connection, list_id: int) -> bytes | None:
    """Return the bits of the last published version."""
    found = connection.scalar(
        select(status_list.c.published_bits).where(status_list.c.id == list_id)
    )
    return None if found is None else bytes(found)


def save_publication(
    connection: Connection, published: StatusList, bits: bytes, document: bytes
) -> None:
    """Keep a new version of a list; the database refuses one that does not rise."""
    change = update(status_list).where(status_list.c.id == published.id)
    connection.execute(
        change.values(
            version=published.version,
            published_at=published.published_at,
            published_bits=bits,
            document=document,
        )
    )


def document(connection: Connection, public_id: str) -> bytes | None:
    """Return the last published document of a list."""
    query = select(status_list.c.document).where(status_list.c.public_id == public_id)
    found = connection.scalar(query)
    return None if found is None else bytes(found)


def _one(connection: Connection, query: Select[*tuple[Any, ...]]) -> StatusList:
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("there is no such status list")
    return _read_list(row)


def _read_list(row: Row[*tuple[Any, ...]]) -> StatusList:
    return StatusList(
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        purpose=Purpose(row.purpose),
        size=row.size,
        version=row.version,
        published_at=row.published_at,
    )


def _read_entry(row: Row[*tuple[Any, ...]]) -> Entry:
    found = row._mapping  # noqa: SLF001 - "index" is also a method of the row
    return Entry(
        list_id=found["list_id"],
        index=found["index"],
        issuance_id=found["issuance_id"],
        purpose=Purpose(found["purpose"]),
        set_at=found["set_at"],
        public_reason=found["public_reason"],
        internal_reason=found["internal_reason"],
    )
