"""Copy achievements: within an organisation, and from others of the alliance that allow it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from issuer.catalogue import drafts, drafts_store, store
from issuer.catalogue.drafts import Author
from issuer.catalogue.drafts_store import Draft
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.standing import standings
from issuer.catalogue.store import Version
from issuer.errors import InvalidAchievement, NotFound
from issuer.organisations.model import Organisation
from issuer.organisations.store import all_organisations, by_id

__all__ = ["bring_in", "copy_from", "copy_own", "offered_to", "written"]

OF_THE_OWNER = ("quality_assurance", "homepage", "criteria_url")
"""What a copy at another organisation has to say for itself."""


def offered_to(
    connection: Connection, organisation: Organisation
) -> list[tuple[Version, Organisation]]:
    """Return what other organisations of the same alliance allow this one to copy."""
    stands = standings(connection)
    top = _top(connection, organisation)
    return [
        (version, owner)
        for owner in all_organisations(connection)
        if owner.id != organisation.id and _top(connection, owner) == top
        for version in store.newest_of(connection, owner.id)
        if version.key in stands
        and stands[version.key].may_copy
        and not stands[version.key].archived_at
    ]


def copy_from(author: Author, key: str) -> Draft:
    """Begin an achievement as a copy of another organisation's.

    Quality assurance and web pages stay behind: they are the owner's.

    Raises:
        NotFound: there is none, or its owner does not allow it.
    """
    offered = offered_to(author.connection, author.organisation)
    found = next(((v, owner) for v, owner in offered if v.key == key), None)
    if found is None:
        raise NotFound("no other organisation offers this one to be copied")
    version, owner = found
    content = drafts.content_of(version.entry)
    kept = {name: value for name, value in content.items() if name not in OF_THE_OWNER}
    return _begin(author, kept, tuple(version.entry.title), f"{owner.slug}/{key}")


def copy_own(author: Author, key: str) -> Draft:
    """Begin an achievement as a copy of one's own, of its draft if there is one.

    Raises:
        NotFound: this organisation has none of this name.
    """
    draft = drafts_store.by_key(author.connection, key)
    version = store.latest(author.connection, key)
    owners = {each.organisation_id for each in (draft, version) if each}
    if owners != {author.organisation.id}:
        raise NotFound("this organisation has no such achievement")
    source = f"{author.organisation.slug}/{key}"
    if draft is not None:
        return _begin(author, draft.content, draft.languages, source)
    if version is None:
        raise NotFound("this organisation has no such achievement")
    return _begin(author, drafts.content_of(version.entry), tuple(version.entry.title), source)


def bring_in(author: Author, entry: AchievementEntry) -> Draft:
    """Make a draft of what a file says; one's own achievement of that name gets a new draft.

    Raises:
        InvalidAchievement: the name belongs to another organisation.
    """
    content, languages = drafts.content_of(entry), tuple(entry.title)
    draft = drafts_store.by_key(author.connection, entry.id)
    version = store.latest(author.connection, entry.id)
    owners = {each.organisation_id for each in (draft, version) if each}
    if not owners:
        return drafts.begin(author, content, languages=languages, key=entry.id)
    if owners != {author.organisation.id}:
        raise InvalidAchievement(f"id {entry.id!r} is another organisation's: choose another id")
    known = drafts.reopen(author, entry.id)
    changed = Draft(
        known.organisation_id, known.key, content, languages, known.copied_from, known.revision
    )
    return drafts.save(author, changed, ["import"])


def written(draft: Draft, organisation: Organisation) -> dict[str, Any]:
    """Return a draft in the shape of the file."""
    return {"id": draft.key, "awarding_body": organisation.slug, **draft.content}


def _begin(
    author: Author, content: Mapping[str, Any], languages: tuple[str, ...], source: str
) -> Draft:
    return drafts.begin(author, content, languages=languages, copied_from=source)


def _top(connection: Connection, organisation: Organisation) -> int:
    step = organisation
    while step.parent_id is not None:
        step = by_id(connection, step.parent_id)
    return step.id
