"""Keep achievements, gate micro-credentials, and say who may award what.

A version is fixed by its first award; after that a change makes the next version.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from badges.award import Achievement
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.catalogue import store
from issuer.catalogue.examining import FIELDS, MICRO_CREDENTIAL, digest_of, examine
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.standing import require_open
from issuer.catalogue.store import Version
from issuer.catalogue.writing import entry_to_achievement
from issuer.errors import InvalidAchievement, MayNotAward, NotFound
from issuer.instance import Instance
from issuer.organisations import mandates
from issuer.organisations import store as organisations
from issuer.organisations.model import Organisation
from issuer.organisations.service import is_member_of

__all__ = [
    "achievement_by",
    "achievement_of",
    "find",
    "import_achievements",
    "issuer_for",
    "publish",
    "uri_of",
]


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
    if before and before.entry == entry:
        return before
    digest = digest_of(entry)
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
    content = entry.model_dump()
    found = examine(content, body.particulars, uri_of(instance, body, entry.id), version=number)
    if found.problems:
        told = "; ".join(f"{remark.field} {remark.message}".strip() for remark in found.problems)
        raise InvalidAchievement(f"achievement {entry.id}: {told}")
    named = [FIELDS.get(element, element) for element in found.missing]
    if named and entry.type == MICRO_CREDENTIAL:
        raise InvalidAchievement(
            f"achievement {entry.id} is not a micro-credential without: {', '.join(named)}. "
            "Add them, or choose another type (such as Badge).",
            tuple(f"{name}: not given" for name in named),
        )
    return entry.type == MICRO_CREDENTIAL


def find(connection: Connection, key: str) -> Version:
    """Return the newest version of achievement `key`, to be awarded.

    Raises:
        NotFound: naming the achievements there are.
        AchievementArchived: it is not awarded any more.
    """
    version = store.latest(connection, key)
    if version is None:
        known = ", ".join(store.keys(connection)[:20]) or "none yet"
        raise NotFound(f"there is no achievement {key[:120]!r}; known: {known}")
    require_open(connection, key)
    return version


def achievement_of(instance: Instance, connection: Connection, version: Version) -> Achievement:
    """Return a version as the award model has it."""
    body = organisations.by_id(connection, version.organisation_id)
    return achievement_by(instance, body, version)


def achievement_by(instance: Instance, body: Organisation, version: Version) -> Achievement:
    """Return the same of a `body` that was read already."""
    uri = uri_of(instance, body, version.key)
    return entry_to_achievement(version.entry, uri, version.number, body.particulars)


def issuer_for(connection: Connection, version: Version, slug: str | None) -> Organisation:
    """Return the organisation that signs awards of `version`.

    That is `slug`; or else whom the awarding body's mandate names; or else the awarding body.
    An alliance may issue for its members (and a member for its units), never the other way round
    and never one member for another.

    Raises:
        MayNotAward: `slug` does not stand over the awarding body.
        NotFound: there is no organisation `slug`.
    """
    body = organisations.by_id(connection, version.organisation_id)
    if slug is None:
        return mandates.signer_of(connection, body)
    if slug == body.slug:
        return body
    wanted = organisations.by_slug(connection, slug)
    if not is_member_of(connection, body, wanted):
        raise MayNotAward(f"{slug} may not issue for {body.slug}: it is not its alliance")
    return wanted


def uri_of(instance: Instance, body: Organisation, key: str) -> str:
    """Return the address that names an achievement, in credentials too."""
    return f"{instance.settings.origin}/o/{body.slug}/achievements/{key}"
