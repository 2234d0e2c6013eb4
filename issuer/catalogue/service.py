"""Keep achievements, gate micro-credentials, and say who may award what.

A version is fixed by its first award; after that a change makes the next version.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection

from badges.award import Achievement, missing_elements
from badges.errors import BadgeError
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.catalogue import store
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.store import Version
from issuer.catalogue.writing import entry_to_achievement
from issuer.errors import InvalidAchievement, MayNotAward, NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.model import Organisation
from issuer.organisations.service import is_member_of

__all__ = ["achievement_of", "find", "import_achievements", "issuer_for", "publish"]

MICRO_CREDENTIAL = "MicroCredential"
"""The OB 3.0 achievement type that only a complete achievement may bear."""


def import_achievements(
    instance: Instance,
    connection: Connection,
    entries: Iterable[AchievementEntry],
    actor: str = "cli",
) -> tuple[Version, ...]:
    """Publish every entry, or none if one is not right."""
    return tuple(publish(instance, connection, entry, actor) for entry in entries)


def publish(
    instance: Instance, connection: Connection, entry: AchievementEntry, actor: str
) -> Version:
    """Make `entry` the newest version of its achievement; the same content again changes nothing.

    Raises:
        InvalidAchievement: a value is not right, or it calls itself a micro-credential and lacks
            a mandatory EU standard element.
        NotFound: its awarding body is not an organisation of this service.
    """
    body = organisations.by_slug(connection, entry.awarding_body)
    before = store.latest(connection, entry.id)
    if before and before.organisation_id != body.id:
        raise InvalidAchievement(f"achievement {entry.id!r} belongs to another organisation")
    digest = hashlib.sha256(entry.model_dump_json().encode()).hexdigest()
    if before and before.digest == digest:
        return before
    number = _next_number(before)
    complete = _check(instance, body, entry, number)
    is_draft = before is not None and before.number == number
    new = Version(
        before.id if before and is_draft else 0,
        body.id,
        entry.id,
        number,
        entry,
        digest,
        is_micro_credential=complete,
        locked_at=None,
    )
    now = instance.now()
    kept = store.replace_draft(connection, new) if is_draft else store.add(connection, new, now)
    event = Event(actor, "achievement.published", entry.id, {"version": number, "digest": digest})
    append(connection, [event], now)
    return kept


def _next_number(before: Version | None) -> int:
    if before is None:
        return 1
    return before.number if before.locked_at is None else before.number + 1


def _check(instance: Instance, body: Organisation, entry: AchievementEntry, number: int) -> bool:
    """Tell whether `entry` is a micro-credential; refuse one that only says so."""
    try:
        achievement = entry_to_achievement(
            entry, _uri(instance, body, entry.id), number, body.particulars
        )
    except BadgeError as error:
        raise InvalidAchievement(f"achievement {entry.id}: {error}") from error
    missing = missing_elements(achievement)
    if missing and entry.type == MICRO_CREDENTIAL:
        problems = tuple(f"{_FIELDS.get(element, element)}: not given" for element in missing)
        raise InvalidAchievement(
            f"achievement {entry.id} is not a micro-credential without: "
            f"{', '.join(_FIELDS.get(element, element) for element in missing)}. "
            "Add them, or choose another type (such as Badge).",
            problems,
        )
    return not missing


_FIELDS = {
    "title": "title",
    "country": "country of the awarding body",
    "awarding-body": "awarding_body",
    "learning-outcomes": "learning_outcomes",
    "workload": "ects (or hours)",
    "level": "eqf_level (or nqf, cycle)",
    "assessment-type": "assessment",
    "form-of-participation": "participation",
    "quality-assurance": "quality_assurance",
}
"""EU standard element → the field of the file that carries it."""


def find(connection: Connection, key: str) -> Version:
    """Return the newest version of achievement `key`.

    Raises:
        NotFound: naming the achievements there are.
    """
    version = store.latest(connection, key)
    if version is None:
        known = ", ".join(store.keys(connection)[:20]) or "none yet"
        raise NotFound(f"there is no achievement {key[:120]!r}; known: {known}")
    return version


def achievement_of(instance: Instance, connection: Connection, version: Version) -> Achievement:
    """Return a version as the award model has it."""
    body = organisations.by_id(connection, version.organisation_id)
    uri = _uri(instance, body, version.key)
    return entry_to_achievement(version.entry, uri, version.number, body.particulars)


def issuer_for(connection: Connection, version: Version, slug: str | None) -> Organisation:
    """Return the organisation that signs awards of `version`: the awarding body, or `slug`.

    An alliance may issue for its members (and a member for its units), never the other way round
    and never one member for another.

    Raises:
        MayNotAward: `slug` does not stand over the awarding body.
        NotFound: there is no organisation `slug`.
    """
    body = organisations.by_id(connection, version.organisation_id)
    if slug is None or slug == body.slug:
        return body
    wanted = organisations.by_slug(connection, slug)
    if not is_member_of(connection, body, wanted):
        raise MayNotAward(f"{slug} may not issue for {body.slug}: it is not its alliance")
    return wanted


def _uri(instance: Instance, body: Organisation, key: str) -> str:
    return f"{instance.settings.origin}/o/{body.slug}/achievements/{key}"
