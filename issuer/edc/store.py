"""The rows of sealed EDC, and what an issuance was about."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from badges.award import Award
from issuer.awarding import store as awarding
from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Issuance, State
from issuer.awarding.seats import Room
from issuer.db.edc_tables import edc_file
from issuer.db.tables import award, issuance
from issuer.errors import StoredBytesChanged

__all__ = ["OPEN_BADGE", "File", "award_of", "badges_of", "file_of", "keep_payload", "keep_sealed"]


OPEN_BADGE = "ldp_vc"
"""The format that can travel inside an EDC: JSON with its proof."""


@dataclass(frozen=True, slots=True)
class File:
    """The text to be sealed, and the sealed file once there is one."""

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
    """Return what is kept for an issuance.

    Raises:
        StoredBytesChanged: the text is not the one whose hash was kept.
    """
    query = select(edc_file).where(edc_file.c.issuance_id == number)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if hashlib.sha256(row.payload).digest() != bytes(row.payload_hash):
        raise StoredBytesChanged("the stored EDC is not the one whose hash was stored")
    return File(bytes(row.payload), bytes(row.sealed) if row.sealed else None)


def keep_payload(connection: Connection, number: int, payload: bytes, now: datetime) -> None:
    """Keep the exact text that is to be sealed."""
    values = {
        "issuance_id": number,
        "payload": payload,
        "payload_hash": hashlib.sha256(payload).digest(),
        "intended_at": now,
    }
    connection.execute(insert(edc_file), [values])


def keep_sealed(connection: Connection, number: int, sealed: bytes, now: datetime) -> bool:
    """Keep the sealed file; tell whether this was the first."""
    change = (
        update(edc_file)
        .where(edc_file.c.issuance_id == number, edc_file.c.sealed.is_(None))
        .values(sealed=sealed, sealed_at=now)
    )
    return connection.execute(change).rowcount == 1
