"""The rows of awards: whose are there, and whose may be made again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from issuer.db.rows import insert_many
from issuer.db.tables import award

__all__ = ["add_awards", "awarded_before", "free_keys", "is_erased"]

_KNOWN = select(award.c.natural_key, award.c.id).where(
    award.c.natural_key.in_(bindparam("keys", expanding=True))
)
"""Made once: a statement made for its keys holds them until the collector looks for rings."""


def awarded_before(connection: Connection, natural_keys: Sequence[bytes]) -> dict[bytes, int]:
    """Return which of these awards exist, by natural key."""
    found: dict[bytes, int] = {}
    for start in range(0, len(natural_keys), 500):
        some = {"keys": natural_keys[start : start + 500]}
        found.update((bytes(key), number) for key, number in connection.execute(_KNOWN, some))
    return found


def add_awards(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep awards; a natural key that is taken is an error of the database."""
    insert_many(connection, award, rows)


_ERASED = select(award.c.id).where(
    award.c.id == bindparam("number"), award.c.erased_at.is_not(None)
)


def is_erased(connection: Connection, award_id: int) -> bool:
    """Tell whether the learner of an award was erased."""
    return connection.scalar(_ERASED, {"number": award_id}) is not None


def free_keys(connection: Connection, award_ids: Sequence[int]) -> None:
    """Let these awards be made again: for the same person, achievement and date."""
    for number in award_ids:
        change = update(award).where(award.c.id == number)
        connection.execute(change.values(natural_key=b"freed:%d" % number))
