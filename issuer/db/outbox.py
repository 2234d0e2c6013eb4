"""What follows from a commit: written in that commit, done afterwards, at least once.

Shape: a topic and a JSON object of ids; never personal data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from issuer.db.tables import outbox

__all__ = ["Message", "done", "pending", "post"]

AT_ONCE = 1_000
"""Messages of one statement: databases take a limited number of values."""

_POST = insert(outbox)


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be done."""

    id: int
    topic: str
    payload: Mapping[str, Any]


def post(connection: Connection, topic: str, payload: Mapping[str, Any], now: datetime) -> None:
    """Leave a message for whoever does `topic`."""
    row = {"topic": topic, "payload": orjson.dumps(dict(payload)).decode(), "created_at": now}
    connection.execute(_POST, row)


def pending(connection: Connection, topic: str, limit: int = 1_000) -> list[Message]:
    """Return the oldest messages of `topic` that are not done."""
    query = select(outbox.c.id, outbox.c.topic, outbox.c.payload)
    query = query.where(outbox.c.topic == topic, outbox.c.done_at.is_(None))
    found = connection.execute(query.order_by(outbox.c.id).limit(limit))
    return [Message(row.id, row.topic, orjson.loads(row.payload)) for row in found]


def done(connection: Connection, messages: Sequence[Message], now: datetime) -> None:
    """Say that these messages were seen to."""
    for start in range(0, len(messages), AT_ONCE):
        numbers = [message.id for message in messages[start : start + AT_ONCE]]
        connection.execute(update(outbox).where(outbox.c.id.in_(numbers)).values(done_at=now))
