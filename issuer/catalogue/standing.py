"""How an achievement stands over all its versions, and who publishes at an organisation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Table, insert, select, update

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.catalogue_tables import achievement_standing, catalogue_policy
from issuer.errors import AchievementArchived
from issuer.instance import Instance
from issuer.organisations.model import Organisation
from issuer.organisations.roles import Role, Staff
from issuer.organisations.service import is_member_of
from issuer.organisations.store import by_id

__all__ = [
    "Publisher",
    "Standing",
    "allow_copying",
    "archive",
    "may_publish",
    "publisher_at",
    "require_open",
    "restore",
    "set_publisher",
    "standing",
    "standings",
]


class Publisher(StrEnum):
    """Who publishes achievements at an organisation."""

    DEFINER = "definer"
    """Whoever may write them."""

    QUALITY_OFFICER = "quality-officer"
    """Only a quality officer: a second pair of eyes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for every version of an achievement."""

    may_copy: bool = False
    """Other organisations of the alliance may begin theirs from it."""

    archived_at: datetime | None = None
    """It is not awarded any more; what was awarded stays valid."""


def standing(connection: Connection, key: str) -> Standing:
    """Return how an achievement stands."""
    return standings(connection).get(key, Standing())


def standings(connection: Connection) -> dict[str, Standing]:
    """Return how every achievement stands that differs from the plain case."""
    rows = connection.execute(select(achievement_standing))
    return {row.key: Standing(row.may_copy, row.archived_at) for row in rows}


def require_open(connection: Connection, key: str) -> None:
    """Return if an achievement may be awarded.

    Raises:
        AchievementArchived: it was archived.
    """
    if standing(connection, key).archived_at:
        raise AchievementArchived(f"{key} is archived: take it back from the archive first")


def allow_copying(
    instance: Instance, connection: Connection, key: str, *, allowed: bool, actor: str
) -> None:
    """Say whether other organisations of the alliance may copy it."""
    _put(connection, achievement_standing, {"key": key}, {"may_copy": allowed})
    action = "achievement.copying-allowed" if allowed else "achievement.copying-ended"
    append(connection, [Event(actor, action, key)], instance.now())


def archive(instance: Instance, connection: Connection, key: str, actor: str) -> None:
    """Stop awarding it; what was awarded stays."""
    now = instance.now()
    _put(connection, achievement_standing, {"key": key}, {"archived_at": now})
    append(connection, [Event(actor, "achievement.archived", key)], now)


def restore(instance: Instance, connection: Connection, key: str, actor: str) -> None:
    """Let it be awarded again."""
    _put(connection, achievement_standing, {"key": key}, {"archived_at": None})
    append(connection, [Event(actor, "achievement.restored", key)], instance.now())


def publisher_at(connection: Connection, organisation: Organisation) -> Publisher:
    """Return who publishes at an organisation."""
    query = select(catalogue_policy.c.publisher)
    mine = catalogue_policy.c.organisation_id == organisation.id
    found = connection.execute(query.where(mine)).scalar_one_or_none()
    return Publisher(found) if found else Publisher.DEFINER


def set_publisher(
    instance: Instance,
    connection: Connection,
    organisation: Organisation,
    publisher: Publisher,
    actor: str,
) -> None:
    """Say who publishes at an organisation."""
    _put(
        connection,
        catalogue_policy,
        {"organisation_id": organisation.id},
        {"publisher": publisher.value},
    )
    event = Event(actor, "catalogue.publisher-set", organisation.slug, {"publisher": publisher})
    append(connection, [event], instance.now())


def may_publish(connection: Connection, staff: Staff, organisation: Organisation) -> bool:
    """Tell whether somebody who may define may also publish here."""
    if publisher_at(connection, organisation) is Publisher.DEFINER:
        return True
    return any(
        grant.role is Role.QUALITY_OFFICER
        and is_member_of(connection, organisation, by_id(connection, grant.organisation_id))
        for grant in staff.grants
    )


def _put(
    connection: Connection, table: Table, key: dict[str, object], values: dict[str, object]
) -> None:
    """Change the row with this key, or make it."""
    (name, value), *_ = key.items()
    mine = table.c[name] == value
    if connection.execute(update(table).where(mine).values(values)).rowcount == 0:
        connection.execute(insert(table).values(key | values))
