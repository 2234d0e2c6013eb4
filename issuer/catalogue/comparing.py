"""What is different in a version of an achievement from the one before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from issuer.catalogue.store import Version
from issuer.db.tables import achievement

__all__ = ["Difference", "changes_since"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was said differently before."""

    field: str
    before: str
    now: str


def changes_since(connection: Connection, version: Version) -> list[Difference]:
    """Return how a version differs from the one before; nothing of a first version."""
    query = select(achievement.c.content).where(
        achievement.c.key == version.key, achievement.c.version == version.number - 1
    )
    before = connection.scalar(query)
    if before is None:
        return []
    earlier = dict(_leaves(orjson.loads(before)))
    now = dict(_leaves(orjson.loads(version.entry.model_dump_json())))
    fields = dict.fromkeys((*now, *earlier))
    return [
        Difference(field, earlier.get(field, ""), now.get(field, ""))
        for field in fields
        if earlier.get(field, "") != now.get(field, "")
    ]


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value with its place, as `learning_outcomes.1.title.en`."""
    if isinstance(value, dict):
        for name, found in value.items():
            yield from _leaves(found, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for number, found in enumerate(value, start=1):
            yield from _leaves(found, f"{at}.{number}")
    elif value is not None and value != "":
        yield at, str(value)
