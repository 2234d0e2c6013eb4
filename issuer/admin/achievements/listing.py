"""The achievements of an organisation, and the page of one: what is published, what is written."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from issuer.admin.achievements.choices import language_names
from issuer.admin.achievements.writing import Seeing, home
from issuer.admin.gate import Desk, desk_page
from issuer.admin.titles import title_of
from issuer.catalogue import drafts_store, standing, store
from issuer.catalogue.drafts_store import Draft
from issuer.catalogue.examining import MICRO_CREDENTIAL, examine
from issuer.catalogue.service import uri_of
from issuer.catalogue.standing import Publisher, Standing
from issuer.catalogue.store import Version
from issuer.db.session import reading
from issuer.errors import NotFound

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """One achievement of an organisation: its newest version, its draft, how it stands."""

    key: str
    version: Version | None
    draft: Draft | None
    standing: Standing

    @property
    def title(self) -> str:
        """Its name for people."""
        if self.draft is not None and self.draft.text("title"):
            return self.draft.text("title")
        return title_of(self.version) if self.version else self.key

    @property
    def is_micro_credential(self) -> bool:
        """Tell whether it is one, or is meant to become one."""
        if self.version:
            return self.version.entry.type == MICRO_CREDENTIAL
        return bool(self.draft and self.draft.content.get("type") == MICRO_CREDENTIAL)


@router.get("")
def every(request: Request, desk: Seeing) -> HTMLResponse:
    """List the achievements."""
    with reading(desk.instance.engine) as connection:
        written = {d.key: d for d in drafts_store.of_organisation(connection, desk.organisation.id)}
        published = {v.key: v for v in store.newest_of(connection, desk.organisation.id)}
        stands = standing.standings(connection)
    found = [
        Kept(key, published.get(key), written.get(key), stands.get(key, Standing()))
        for key in dict.fromkeys((*written, *published))
    ]
    return desk_page(
        request,
        "admin/achievements/list.html",
        desk,
        found=[each for each in found if not each.standing.archived_at],
        archived=[each for each in found if each.standing.archived_at],
    )


@router.get("/{key}")
def one(request: Request, desk: Seeing, key: str) -> HTMLResponse:
    """Show one achievement."""
    kept = own(desk, key)
    return desk_page(request, "admin/achievements/one.html", desk, **shown(desk, kept))


def shown(desk: Desk, kept: Kept) -> dict[str, Any]:
    """Return what the page of one achievement shows."""
    found = None
    versions: list[Version] = []
    with reading(desk.instance.engine) as connection:
        if kept.version:
            versions = store.versions_of(connection, kept.key)
            uri = uri_of(desk.instance, desk.organisation, kept.key)
            content = kept.version.entry.model_dump()
            found = examine(content, desk.organisation.particulars, uri)
        publisher = standing.publisher_at(connection, desk.organisation)
    here = home(desk, kept.key)
    entry = kept.version.entry if kept.version else None
    return {
        "kept": kept,
        "key": kept.key,
        "here": here,
        "versions": versions,
        "examination": found,
        "entry": entry,
        "tongues": language_names(entry.title) if entry else {},
        "skills": found.achievement.skills if found and found.achievement else (),
        "named": language_names(
            {tag for s in found.achievement.skills for tag in s.label}
            if found and found.achievement
            else ()
        ),
        "publisher": publisher,
        "by_officer": publisher is Publisher.QUALITY_OFFICER,
    }


def own(desk: Desk, key: str) -> Kept:
    """Return an achievement of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    with reading(desk.instance.engine) as connection:
        version = store.latest(connection, key)
        draft = drafts_store.by_key(connection, key)
        found = Kept(key, version, draft, standing.standing(connection, key))
    owners = {each.organisation_id for each in (version, draft) if each}
    if owners != {desk.organisation.id}:
        raise NotFound("this organisation has no such achievement")
    return found
