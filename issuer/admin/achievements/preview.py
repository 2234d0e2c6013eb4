"""See an achievement as learners, employers and programs will, before anything is signed."""

import base64
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from badges.errors import BadgeError
from issuer.admin.achievements.choices import language_names
from issuer.admin.achievements.sample import Sample, mark, wrapped
from issuer.admin.achievements.writing import Seeing, home
from issuer.admin.gate import Desk, desk_page
from issuer.catalogue import drafts, drafts_store, reviews, store
from issuer.catalogue.service import achievement_of
from issuer.claiming import paper
from issuer.claiming.picture import draw_svg
from issuer.claiming.takeaways import face_of
from issuer.db.session import reading
from issuer.errors import InvalidAchievement, NotFound
from issuer.organisations.branding import store as branding
from issuer.verify.view import said_of
from issuer.web import i18n
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements/{key}/preview", include_in_schema=False)


class View(StrEnum):
    """Through whose eyes."""

    LEARNER = "learner"
    EMPLOYER = "employer"
    OPEN_BADGE = "open-badge"
    EUROPEAN = "european"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is looked at."""

    desk: Desk
    key: str
    title: str
    sample: Sample
    languages: tuple[str, ...]
    is_draft: bool


def sample_at(desk: Seeing, key: str, lang: Annotated[str, Query(max_length=10)] = "") -> Shown:
    """Return a sample award of the draft, or of what is published where there is no draft.

    Raises:
        NotFound: this organisation has no such achievement.
        InvalidAchievement: so little can be read of it that there is nothing to show.
    """
    instance, organisation = desk.instance, desk.organisation
    with reading(instance.engine) as connection:
        draft, version = drafts_store.by_key(connection, key), store.latest(connection, key)
        if {each.organisation_id for each in (draft, version) if each} != {organisation.id}:
            raise NotFound("this organisation has no such achievement")
        look = branding.look(connection, organisation)
        if draft:
            achievement = drafts.examine_draft(instance, organisation, draft).achievement
            tongues = draft.languages
        else:
            achievement = achievement_of(instance, connection, version) if version else None
            tongues = tuple(achievement.title) if achievement else ()
    if achievement is None:
        raise InvalidAchievement("mend what is wrong in the draft first: it cannot be read yet")
    chosen = next((tag for tag in (lang, i18n.language()) if tag in tongues), tongues[0])
    verify_url = f"{instance.settings.origin}/verify"
    sample = Sample(achievement, organisation, chosen, instance.now(), verify_url, look)
    title = achievement.title.get(chosen) or next(iter(achievement.title.values()))
    return Shown(desk, key, title, sample, tongues, draft is not None)


Looking = Annotated[Shown, Depends(sample_at)]


@router.get("/{view}")
def look(request: Request, shown: Looking, view: View) -> HTMLResponse:
    """Show one view."""
    values: dict[str, Any] = {}
    problem = ""
    try:
        values = _MAKERS[view](shown)
    except BadgeError as error:
        problem = str(error)
    return desk_page(
        request,
        "admin/achievements/preview.html",
        shown.desk,
        status=422 if problem else 200,
        here=home(shown.desk, shown.key),
        title=shown.title,
        view=view,
        views=view_words(),
        mark=mark(),
        problem=problem,
        tongues=language_names(shown.languages),
        tongue=shown.sample.language,
        is_draft=shown.is_draft,
        values=values,
    )


@router.get("/{view}/file")
def take(shown: Looking, view: View) -> Response:
    """Send a view as a file, marked as a preview.

    Raises:
        NotFound: this view is no file, or cannot be made here.
    """
    name = f"preview-not-sealed-{shown.key}"
    if view is View.PAPER and paper.available():
        keepsake = shown.sample.keepsake()
        sample = shown.sample
        content = paper.print_page(keepsake, sample.verify_url, sample.look, watermark=mark())
        return sent(content, "application/pdf", f"{name}.pdf")
    documents = {View.OPEN_BADGE: Sample.open_badge, View.EUROPEAN: Sample.european}
    if view not in documents:
        raise NotFound("this view is no file here")
    document = wrapped(documents[view](shown.sample))
    content = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    return sent(content, "application/json", f"{name}-{view}.json")


def sent(content: bytes, media_type: str, name: str) -> Response:
    """Send a file."""
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _learner(shown: Shown) -> dict[str, Any]:
    keepsake = shown.sample.keepsake()
    face = face_of(keepsake)
    return {
        "keepsake": keepsake,
        "look": shown.sample.look,
        "said": keepsake.meaning,
        "picture": base64.b64encode(draw_svg(face)).decode(),
        "picture_words": face.alternative,
    }


def _employer(shown: Shown) -> dict[str, Any]:
    desk = shown.desk
    with reading(desk.instance.engine) as connection:
        text = reviews.text_of(desk.instance, connection, desk.organisation, shown.key)
        digest = text.digest
        found = reviews.constructed_with(connection, desk.organisation, shown.key, digest)
    look = None if desk.organisation.is_sandbox else shown.sample.look  # the register has none
    said = said_of(shown.sample.keepsake().meaning)
    return {"said": said, "constructed": found, "logo": look and look.logo_url}


def _open_badge(shown: Shown) -> dict[str, Any]:
    document = wrapped(shown.sample.open_badge())
    return {"json": orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()}


def _european(shown: Shown) -> dict[str, Any]:
    document = wrapped(shortened(shown.sample.european()))
    return {"json": orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()}


def _paper(_shown: Shown) -> dict[str, Any]:
    return {"available": paper.available()}


_MAKERS = {
    View.LEARNER: _learner,
    View.EMPLOYER: _employer,
    View.OPEN_BADGE: _open_badge,
    View.EUROPEAN: _european,
    View.PAPER: _paper,
}


def shortened(value: Any) -> Any:
    """Return a document for the page: pictures are cut, they are in the file."""
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, str) and len(value) > 2_000:
        return f"{value[:40]}… ({len(value)})"
    return value


def view_words() -> dict[View, str]:
    """Say each view."""
    return {
        View.LEARNER: _("As the learner sees it"),
        View.EMPLOYER: _("As an employer sees it"),
        View.OPEN_BADGE: _("Open Badge (JSON)"),
        View.EUROPEAN: _("European Digital Credential (JSON)"),
        View.PAPER: _("Page (PDF)"),
    }
