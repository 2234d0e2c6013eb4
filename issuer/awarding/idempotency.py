"""Idempotency-Key: the same request again gives the same credential, never a second one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from issuer.db.tables import idempotency
from issuer.errors import IdempotencyConflict

__all__ = ["Repeat", "remember", "remembered", "repeat"]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key its caller chose, and the digest of the request it came with."""

    key: str
    digest: str


def repeat(key: str, request: bytes) -> Repeat:
    """Return the repeat of a request body sent with `key`.

    Raises:
        IdempotencyConflict: the key is empty or longer than 255 characters.
    """
    if not 0 < len(key) <= 255:
        raise IdempotencyConflict("an Idempotency-Key has between 1 and 255 characters")
    return Repeat(key, hashlib.sha256(request).hexdigest())


def remembered(connection: Connection, organisation_id: int, asked: Repeat) -> int | None:
    """Return the issuance this key led to, None of a new key.

    Raises:
        IdempotencyConflict: the key came with another request.
    """
    query = select(idempotency).where(
        idempotency.c.organisation_id == organisation_id, idempotency.c.key == asked.key
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.request_digest != asked.digest:
        raise IdempotencyConflict("this Idempotency-Key came with another request before")
    return int(row.answer)


def remember(
    connection: Connection, organisation_id: int, asked: Repeat, issuance: int, now: datetime
) -> None:
    """Keep what this key led to; a key that is just being used is an error of the database."""
    row = {
        "organisation_id": organisation_id,
        "key": asked.key,
        "request_digest": asked.digest,
        "answer": str(issuance),
        "created_at": now,
    }
    connection.execute(insert(idempotency).values(row))
