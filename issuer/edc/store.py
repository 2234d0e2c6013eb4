"""The rows of sealed EDC, and what an issuance was about."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from badges.award import Award
from issuer.awarding import store as awarding
from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Issuance, State
from issuer.awarding.seats import Room
from issuer.db.edc_tables import edc_file
from issuer.db.rows import insert_new
from issuer.db.tables import award, issuance
from issuer.errors import StoredBytesChanged

__all__ = [
    "OPEN_BADGE",
    "Draft",
    "File",
    "award_of",
    "badges_of",
    "file_of",
    "keep_payload",
    "keep_sealed",
    "unsealed",
]


OPEN_BADGE = "ldp_vc"
"""The format that can travel inside an EDC: JSON with its proof."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The checked text of one EDC, and whose it is."""

    issuance_id: int
    award_id: int
    name: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class File:
    """The text to be sealed, and the sealed file once there is one."""

    issuance_id: int
    payload: bytes
    sealed: bytes | None


def award_of(room: Room, number: int) -> tuple[Issuance, Award]:
    """Return an issuance and the award it is about.

    Raises:
        NotFound: there is no such issuance.
    """
    found = awarding.by_number(room.connection, number)
    query = select(award.c.achievement_id, award.c.content).where(award.c.id == found.award_id)
    row = room.connection.execute(query).one()
    return found, room.award(found, row.achievement_id, from_json(row.content))


def badges_of(connection: Connection, batch_id: int | None = None) -> list[int]:
    """Return the published Open Badges that are bound to no wallet: of a batch, or all."""
    query = (
        select(issuance.c.id)
        .join(award, award.c.id == issuance.c.award_id)
        .where(
            issuance.c.state == State.PUBLISHED,
            issuance.c.format == OPEN_BADGE,
            issuance.c.holder == "",
            award.c.erased_at.is_(None),
        )
        .order_by(issuance.c.id)
    )
    if batch_id is not None:
        query = query.where(award.c.batch_id == batch_id)
    return list(connection.execute(query).scalars())


def file_of(connection: Connection, number: int) -> File | None:
    """Return what is kept for the award of an issuance.

    Raises:
        NotFound: there is no such issuance.
        StoredBytesChanged: the text is not the one whose hash was kept.
    """
    of = awarding.by_number(connection, number).award_id
    query = select(edc_file).where(edc_file.c.award_id == of)
    row = connection.execute(query).one_or_none()
    return None if row is None else _read(row)


def unsealed(connection: Connection, numbers: Sequence[int]) -> Iterator[File]:
    """Yield what is kept for these issuances and not sealed.

    Raises:
        StoredBytesChanged: a text is not the one whose hash was kept.
    """
    awards = select(issuance.c.award_id).where(issuance.c.id.in_(numbers))
    query = select(edc_file).where(edc_file.c.award_id.in_(awards), edc_file.c.sealed.is_(None))
    for row in connection.execute(query.order_by(edc_file.c.issuance_id)):
        yield _read(row)


def _read(row: Row[*tuple[Any, ...]]) -> File:
    if hashlib.sha256(row.payload).digest() != bytes(row.payload_hash):
        raise StoredBytesChanged("the stored EDC is not the one whose hash was stored")
    return File(row.issuance_id, bytes(row.payload), bytes(row.sealed) if row.sealed else None)


def keep_payload(connection: Connection, made: Draft, kept: File | None, now: datetime) -> bool:
    """Keep the exact text that is to be sealed; tell whether nobody else has kept one meanwhile.

    `kept` is the unsealed text that is replaced, where there is one.
    """
    text = {
        "payload": made.payload,
        "payload_hash": hashlib.sha256(made.payload).digest(),
        "intended_at": now,
    }
    if kept is None:
        named = {"issuance_id": made.issuance_id, "award_id": made.award_id}
        return insert_new(connection, edc_file, named | text)
    change = update(edc_file).where(*_still(kept))
    return connection.execute(change.values(text)).rowcount == 1


def keep_sealed(connection: Connection, file: File, sealed: bytes, now: datetime) -> bool:
    """Keep the sealed file; tell whether this was the first, of the text that is still there."""
    change = update(edc_file).where(*_still(file)).values(sealed=sealed, sealed_at=now)
    return connection.execute(change).rowcount == 1


def _still(file: File) -> tuple[ColumnElement[bool], ...]:
    digest = hashlib.sha256(file.payload).digest()
    return (
        edc_file.c.issuance_id == file.issuance_id,
        edc_file.c.payload_hash == digest,
        edc_file.c.sealed.is_(None),
    )
