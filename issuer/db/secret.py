"""Random keys of this service for keyed hashes, made once and kept in the store."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select

from issuer.db.tables import instance_secret

__all__ = ["secret"]


def secret(connection: Connection, name: str, now: datetime) -> bytes:
    """Return the key called `name`, 32 random bytes; make it the first time."""
    query = select(instance_secret.c.value).where(instance_secret.c.name == name)
    found = connection.scalar(query)
    if found is None:
        found = secrets.token_bytes(32)
        connection.execute(insert(instance_secret).values(name=name, value=found, created_at=now))
    return bytes(found)
