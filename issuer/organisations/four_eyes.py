"""Whether an organisation wants a second person to look before it awards."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from issuer.db.approval_tables import four_eyes

__all__ = ["MOST", "above", "forbids", "save"]

MOST = 100_000
"""Highest number of awards that may go out unseen."""


def above(connection: Connection, organisation_id: int) -> int | None:
    """Return how many awards at once need nobody else; None where nothing ever does."""
    mine = four_eyes.c.organisation_id == organisation_id
    return connection.scalar(select(four_eyes.c.above).where(mine))


def forbids(connection: Connection, organisation_ids: Iterable[int], awards: int) -> bool:
    """Tell whether one of these organisations wants so many awards seen by a second person."""
    theirs = four_eyes.c.organisation_id.in_(set(organisation_ids))
    query = select(four_eyes.c.above).where(theirs, four_eyes.c.above < awards)
    return connection.scalar(query.limit(1)) is not None


def save(connection: Connection, organisation_id: int, limit: int | None, now: datetime) -> None:
    """Keep what an organisation decided. What waits already goes on waiting."""
    mine = four_eyes.c.organisation_id == organisation_id
    connection.execute(delete(four_eyes).where(mine))
    if limit is not None:
        row = {"organisation_id": organisation_id, "above": limit, "changed_at": now}
        connection.execute(insert(four_eyes).values(row))
