"""Look a draft over and publish it; a micro-credential has every mandatory EU standard element."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from badges.award import Element
from badges.award.elements import MANDATORY, OPTIONAL, present_elements
from issuer.admin.achievements.steps import (
    ELEMENT_FIELDS,
    element_words,
    field_words,
    link_to,
    step_words,
)
from issuer.admin.achievements.writing import Writing, author_at, home
from issuer.admin.gate import Desk, desk_page, our_form, see_other
from issuer.catalogue import drafts, standing, store
from issuer.catalogue.drafts import BADGE
from issuer.catalogue.drafts_store import Draft
from issuer.catalogue.examining import MICRO_CREDENTIAL, Examination
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotAllowed
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements/{key}", include_in_schema=False)


@router.get("/check")
def check(request: Request, at: Writing) -> HTMLResponse:
    """Look the draft over before it is published."""
    return check_page(request, at.desk, at.draft)


@router.post("/publish", dependencies=[Depends(our_form)])
def publish(
    request: Request,
    at: Writing,
    revision: Annotated[int, Form(ge=1)],
    kind: Annotated[str, Form(max_length=60)] = MICRO_CREDENTIAL,
) -> Response:
    """Publish the draft; as a micro-credential only when every mandatory element is there.

    Raises:
        NotAllowed: here only a quality officer publishes.
    """
    desk, draft = at.desk, at.draft
    with reading(desk.instance.engine) as connection:
        if not standing.may_publish(connection, desk.staff, desk.organisation):
            raise NotAllowed("here a quality officer publishes: ask one to look it over")
    wanted = kind if kind in {MICRO_CREDENTIAL, BADGE} else draft.content.get("type", BADGE)
    found = drafts.examine_draft(desk.instance, desk.organisation, draft, kind=wanted)
    gaps = gaps_of(desk, draft, found, wanted)
    if gaps or draft.revision != revision:
        gaps = gaps or {"": _("Somebody changed it in the meantime: look it over again.")}
        return check_page(request, desk, draft, gaps, wanted)
    with unit_of_work(desk.instance.engine) as connection:
        drafts.publish(author_at(desk, connection), draft, wanted)
    return see_other(f"{at.here}?published=true")


def gaps_of(desk: Desk, draft: Draft, found: Examination, kind: str) -> dict[str, str]:
    """Return what stands between a draft and its publication: address of the field → words."""
    here, language = home(desk, draft.key), draft.languages[0]
    gaps = {
        link_to(here, remark.field, language): f"{field_words(remark.field)}: {remark.message}"
        for remark in (*found.problems, *found.lacking)
    }
    if kind == MICRO_CREDENTIAL:
        words = element_words()
        for element in found.missing:
            field = ELEMENT_FIELDS.get(element, "")
            gaps.setdefault(link_to(here, field, language), words[element])
    return gaps


def check_page(
    request: Request,
    desk: Desk,
    draft: Draft,
    gaps: Mapping[str, str] | None = None,
    refused: str = "",
) -> HTMLResponse:
    """Make the page on which a draft is looked over and published."""
    found = drafts.examine_draft(desk.instance, desk.organisation, draft)
    here, language = home(desk, draft.key), draft.languages[0]
    with reading(desk.instance.engine) as connection:
        before = store.latest(connection, draft.key)
        may_publish = standing.may_publish(connection, desk.staff, desk.organisation)
    return desk_page(
        request,
        "admin/achievements/check.html",
        desk,
        status=422 if gaps else 200,
        draft=draft,
        key=draft.key,
        here=here,
        steps=step_words(),
        step="check",
        examination=found,
        elements=[*elements_of(found, here, language)],
        gaps=dict(gaps or {}),
        refused=refused,
        wrong=[
            (link_to(here, remark.field, language), field_words(remark.field), remark.message)
            for remark in (*found.problems, *found.lacking)
        ],
        advice=[
            (link_to(here, remark.field, language), field_words(remark.field), remark.message)
            for remark in found.advice
        ],
        before=before,
        may_publish=may_publish,
        micro=MICRO_CREDENTIAL,
        badge=BADGE,
    )


def elements_of(
    found: Examination, here: str, language: str
) -> list[tuple[Element, str, bool, bool, str]]:
    """Go through the EU standard elements: element, words, mandatory, there, link to the field."""
    words = element_words()
    optional = present_elements(found.achievement) if found.achievement else ()
    there = {*MANDATORY, *optional} - {*found.missing}
    return [
        (
            element,
            words[element],
            element in MANDATORY,
            element in there,
            link_to(here, ELEMENT_FIELDS[element], language) if element in ELEMENT_FIELDS else "",
        )
        for element in (*MANDATORY, *OPTIONAL)
    ]
