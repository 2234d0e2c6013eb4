"""Write an achievement: begin, change, drop, publish.

Shape: the life of an achievement is draft → published → superseded. A draft may lack anything; a
version never does. Publishing turns the draft into a version and deletes it, in one commit.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.catalogue import drafts_store, service, store
from issuer.catalogue.drafts_store import Draft
from issuer.catalogue.examining import FIELDS, MICRO_CREDENTIAL, Examination, examine
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.service import uri_of
from issuer.catalogue.store import Version
from issuer.errors import DraftChanged, InvalidAchievement, NotFound
from issuer.instance import Instance
from issuer.organisations.model import Organisation

__all__ = [
    "BADGE",
    "Author",
    "begin",
    "content_of",
    "discard",
    "examine_draft",
    "find",
    "free_key",
    "publish",
    "reopen",
    "said",
    "save",
]

BADGE = "Badge"
"""The OB 3.0 achievement type of what is not a micro-credential."""

RESERVED = frozenset({"import", "new", "rules", "shared"})
"""Names that are addresses of the desk."""

MAX_CONTENT = 200_000
"""Longest draft, in characters of its values: far more than any achievement says."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, for which organisation, in which unit of work."""

    instance: Instance
    connection: Connection
    organisation: Organisation
    actor: str

    def tell(self, action: str, key: str, detail: Mapping[str, str | int] | None = None) -> None:
        """Write an act into the audit log, in the same commit."""
        event = Event(self.actor, action, key, dict(detail or {}))
        append(self.connection, [event], self.instance.now())


def begin(
    author: Author,
    content: Mapping[str, Any],
    *,
    languages: tuple[str, ...],
    key: str = "",
    copied_from: str = "",
) -> Draft:
    """Begin a new achievement; without a `key` it gets one from its title.

    Raises:
        InvalidAchievement: the key is taken or cannot be one.
    """
    name = key or free_key(author.connection, _first(content, languages))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,118}[a-z0-9]", name) or name in RESERVED:
        raise InvalidAchievement(f"id {name[:120]!r}: use lower-case letters, digits and hyphens")
    if _is_taken(author.connection, name):
        raise InvalidAchievement(f"there is an achievement {name!r} already: choose another id")
    new = Draft(author.organisation.id, name, said(content), languages, copied_from)
    drafts_store.add(author.connection, new, author.instance.now())
    author.tell("achievement.drafted", name, {"copied": copied_from} if copied_from else None)
    return _there(drafts_store.by_key(author.connection, name))


def reopen(author: Author, key: str) -> Draft:
    """Return the draft of an achievement; begin one from its newest version where there is none.

    Raises:
        NotFound: the organisation has no such achievement.
    """
    connection, organisation = author.connection, author.organisation
    if drafts_store.by_key(connection, key) is not None:
        return find(connection, organisation, key)
    version = store.latest(connection, key)
    if version is None or version.organisation_id != organisation.id:
        raise NotFound("this organisation has no such achievement")
    new = Draft(organisation.id, key, content_of(version.entry), tuple(version.entry.title))
    drafts_store.add(connection, new, author.instance.now())
    author.tell("achievement.drafted", key, {"from": version.number})
    return _there(drafts_store.by_key(connection, key))


def find(connection: Connection, organisation: Organisation, key: str) -> Draft:
    """Return a draft of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    draft = drafts_store.by_key(connection, key)
    if draft is None or draft.organisation_id != organisation.id:
        raise NotFound("this organisation has no such draft")
    return draft


def save(author: Author, written: Draft, parts: Iterable[str]) -> Draft:
    """Keep a draft as it was `written`; `parts` names what changed, for the audit log.

    Raises:
        DraftChanged: somebody else has changed it since it was read.
        InvalidAchievement: it is longer than anything a reader would read.
    """
    changed = replace(written, content=said(written.content))
    if len(str(changed.content)) > MAX_CONTENT:
        raise InvalidAchievement("this is too long: say it in fewer words")
    if not drafts_store.save(author.connection, changed, author.instance.now()):
        raise DraftChanged("somebody else saved it just now: open it again to see their changes")
    detail = {"parts": " ".join(sorted(parts))[:200]}
    author.tell("achievement.draft-saved", written.key, detail)
    return replace(changed, revision=written.revision + 1)


def discard(author: Author, draft: Draft) -> None:
    """Delete a draft; published versions stay.

    Raises:
        DraftChanged: somebody else has changed it since it was read.
    """
    _remove(author, draft)
    author.tell("achievement.draft-discarded", draft.key)


def examine_draft(
    instance: Instance, organisation: Organisation, draft: Draft, *, kind: str = ""
) -> Examination:
    """Look a draft over, as it is or as a `kind` (achievement type) of its own."""
    own = {"id": draft.key, "awarding_body": organisation.slug}
    content = {**draft.content, **own} | ({"type": kind} if kind else {})
    uri = uri_of(instance, organisation, draft.key)
    return examine(content, organisation.particulars, uri)


def publish(author: Author, draft: Draft, kind: str) -> Version:
    """Make the draft the newest version, as `kind`: a micro-credential, or a badge.

    Raises:
        InvalidAchievement: something is wrong or lacking, or a mandatory EU standard element of a
            micro-credential is not there; nothing changes.
        DraftChanged: somebody else has changed it since it was read.
    """
    found = examine_draft(author.instance, author.organisation, draft, kind=kind)
    told = [*(f"{r.field} {r.message}".strip() for r in (*found.problems, *found.lacking))]
    if kind == MICRO_CREDENTIAL:
        told += [f"{FIELDS.get(element, element)}: not given" for element in found.missing]
    if told or found.entry is None:
        listed = tuple(dict.fromkeys(told))
        raise InvalidAchievement(f"achievement {draft.key}: {'; '.join(listed)}", listed)
    version = service.publish(author.instance, author.connection, found.entry, author.actor)
    _remove(author, draft)
    return version


def said(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content without the parts that say nothing."""
    return {name: value for name, value in content.items() if value not in (None, "", [], {})}


def content_of(entry: AchievementEntry) -> dict[str, Any]:
    """Return an achievement as a draft holds it: only what is said, in the words of JSON."""
    content: dict[str, Any] = entry.model_dump(
        mode="json", exclude_defaults=True, exclude={"id", "awarding_body"}
    )
    return {name: _plain(value) for name, value in content.items()} | {"type": entry.type}


def _plain(value: Any) -> Any:
    """Return a value with whole numbers as people write them: 4, not 4.0."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def free_key(connection: Connection, title: str) -> str:
    """Return a key that nobody has, made of a title."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("ß", "ss"))
    words = re.findall(r"[a-z0-9]+", "".join(s for s in plain if not unicodedata.combining(s)))
    stem = "-".join(words)[:80].strip("-")
    stem = stem if len(stem) > 1 else "achievement"
    number, name = 1, stem
    while _is_taken(connection, name) or name in RESERVED:
        number += 1
        name = f"{stem}-{number}"
    return name


def _first(content: Mapping[str, Any], languages: tuple[str, ...]) -> str:
    title = content.get("title") or {}
    return next((str(title[tag]) for tag in (*languages, *title) if tag in title), "")


def _is_taken(connection: Connection, key: str) -> bool:
    return (
        store.latest(connection, key) is not None
        or drafts_store.by_key(connection, key) is not None
    )


def _there(draft: Draft | None) -> Draft:
    if draft is None:
        raise NotFound("this organisation has no such draft")
    return draft


def _remove(author: Author, draft: Draft) -> None:
    if not drafts_store.remove(author.connection, draft):
        raise DraftChanged("somebody else saved it just now: open it again to see their changes")
