"""The rows of achievements: one for each version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from issuer.catalogue.messages import AchievementEntry
from issuer.db.tables import achievement
from issuer.errors import NotFound

__all__ = [
    "Version",
    "add",
    "by_number",
    "by_numbers",
    "keys",
    "latest",
    "lock",
    "newest_of",
    "replace_draft",
    "versions_of",
]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an achievement as it is kept."""

    id: int
    organisation_id: int
    key: str
    number: int
    entry: AchievementEntry
    digest: str
    is_micro_credential: bool
    locked_at: datetime | None
    created_at: datetime | None = None


def add(connection: Connection, new: Version, now: datetime) -> Version:
    """Keep a new version."""
    row = _content(new) | {
        "organisation_id": new.organisation_id,
        "key": new.key,
        "version": new.number,
        "created_at": now,
    }
    statement = insert(achievement).values(row).returning(achievement.c.id)
    return by_number(connection, connection.execute(statement).scalar_one())


def replace_draft(connection: Connection, changed: Version) -> Version:
    """Change a version that nobody has been awarded yet."""
    draft = (achievement.c.id == changed.id) & achievement.c.locked_at.is_(None)
    connection.execute(update(achievement).where(draft).values(_content(changed)))
    return by_number(connection, changed.id)


def lock(connection: Connection, number: int, now: datetime) -> None:
    """Fix a version at its first award; later calls change nothing."""
    still_open = (achievement.c.id == number) & achievement.c.locked_at.is_(None)
    connection.execute(update(achievement).where(still_open).values(locked_at=now))


_BY_NUMBER = select(achievement).where(achievement.c.id == bindparam("number"))


def by_number(connection: Connection, number: int) -> Version:
    """Return the version with this row number.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_BY_NUMBER, {"number": number}).one_or_none()
    if row is None:
        raise NotFound(f"there is no achievement version number {number}")
    return _read(row)


def by_numbers(connection: Connection, numbers: Iterable[int]) -> list[Version]:
    """Return those of these versions that there are, asked for at once."""
    query = select(achievement).where(achievement.c.id.in_(set(numbers)))
    return [_read(row) for row in connection.execute(query)]


def latest(connection: Connection, key: str) -> Version | None:
    """Return the newest version of an achievement, None of one that is not known."""
    query = select(achievement).where(achievement.c.key == key)
    row = connection.execute(query.order_by(achievement.c.version.desc()).limit(1)).one_or_none()
    return _read(row) if row else None


def versions_of(connection: Connection, key: str) -> list[Version]:
    """Return every version of an achievement, newest first."""
    query = select(achievement).where(achievement.c.key == key)
    return [_read(row) for row in connection.execute(query.order_by(achievement.c.version.desc()))]


def newest_of(connection: Connection, organisation_id: int) -> list[Version]:
    """Return the newest version of each achievement of an organisation, by key."""
    query = select(achievement).where(achievement.c.organisation_id == organisation_id)
    ordered = query.order_by(achievement.c.key, achievement.c.version)
    newest = {row.key: row for row in connection.execute(ordered)}
    return [_read(row) for row in newest.values()]


def keys(connection: Connection) -> tuple[str, ...]:
    """Return the name of every achievement, in order."""
    return tuple(connection.scalars(select(achievement.c.key).distinct().order_by("key")))


def _content(version: Version) -> dict[str, object]:
    return {
        "content": version.entry.model_dump_json(),
        "digest": version.digest,
        "is_micro_credential": version.is_micro_credential,
    }


@lru_cache(128)
def _entry(content: str) -> AchievementEntry:
    """Read an achievement once: each claim by a wallet asks for it, and it can not be changed."""
    return AchievementEntry.model_validate_json(content)


def _read(row: Row[*tuple[object, ...]]) -> Version:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to read a row by name
    return Version(
        id=found["id"],
        organisation_id=found["organisation_id"],
        key=found["key"],
        number=found["version"],
        entry=_entry(found["content"]),
        digest=found["digest"],
        is_micro_credential=found["is_micro_credential"],
        locked_at=found["locked_at"],
        created_at=found["created_at"],
    )
