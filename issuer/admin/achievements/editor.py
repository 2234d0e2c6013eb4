"""Write an achievement in four steps; each saves the draft and leads on, without JavaScript."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.achievements.choices import choices, fields_of_study, language_names
from issuer.admin.achievements.forms import Sent, read, without_language, written_in
from issuer.admin.achievements.skills import with_labels
from issuer.admin.achievements.steps import PARTS, Step, anchor, field_words, step_of, step_words
from issuer.admin.achievements.writing import Defining, Everything, Writing, author_at, home
from issuer.admin.gate import Desk, desk_page, our_form, see_other
from issuer.catalogue import drafts
from issuer.catalogue.drafts_store import Draft
from issuer.catalogue.examining import Examination
from issuer.db.session import unit_of_work
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements/{key}", include_in_schema=False)

BLANK = {part: "" for parts in PARTS.values() for part in parts}
"""What a page shows of a draft that does not say it."""


@router.post("/edit", dependencies=[Depends(our_form)])
def reopen(desk: Defining, key: str) -> Response:
    """Open an achievement for a change; what is published stays until the next publication."""
    with unit_of_work(desk.instance.engine) as connection:
        drafts.reopen(author_at(desk, connection), key)
    return see_other(f"{home(desk, key)}/edit/{Step.ABOUT}")


@router.get("/edit/{step}")
def show(
    request: Request,
    at: Writing,
    step: Step,
    more: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Show one step."""
    return step_page(request, at.desk, at.draft, step, more=more)


@router.post("/edit/{step}", dependencies=[Depends(our_form)])
def save(
    request: Request,
    at: Writing,
    step: Step,
    form: Everything,
    revision: Annotated[int, Form(ge=1)],
) -> Response:
    """Save one step and lead on."""
    desk, draft = at.desk, at.draft
    sent = Sent(form, draft.languages)
    changes = with_labels(desk.instance, read(step, sent, draft.content))
    languages = written_in(sent) if step is Step.ABOUT else draft.languages
    content = drafts.said({**draft.content, **changes})
    for tag in set(draft.languages) - set(languages):
        content = without_language(content, tag)
    written = replace(draft, content=content, languages=languages, revision=revision)
    if problems := problems_of(desk, written, step):
        return step_page(request, desk, written, step, problems=problems)
    with unit_of_work(desk.instance.engine) as connection:
        drafts.save(author_at(desk, connection), written, changes)
    return see_other(onward(at.here, step, sent.one("go")))


@router.post("/discard", dependencies=[Depends(our_form)])
def discard(at: Writing) -> Response:
    """Drop the draft; what is published stays."""
    with unit_of_work(at.desk.instance.engine) as connection:
        drafts.discard(author_at(at.desk, connection), at.draft)
    return see_other(f"/staff/o/{at.desk.organisation.slug}/achievements")


def onward(here: str, step: Step, go: str) -> str:
    """Return where to go after a step: the next one, or wherever a button leads."""
    what, _colon, field = go.partition(":")
    if what == "add" and field.replace("_", "").isalpha():
        return f"{here}/edit/{step}?more={field}#{field}"
    if what == "skills" and field.isdigit():
        return f"{here}/skills/{field}"
    if what in {"stay", "remove"}:
        return f"{here}/edit/{step}"
    return f"{here}/edit/{step.next}" if step.next else f"{here}/check"


def problems_of(desk: Desk, draft: Draft, step: Step) -> dict[str, str]:
    """Return what keeps a step from being saved: values that cannot be read, by their place."""
    found = drafts.examine_draft(desk.instance, desk.organisation, draft)
    wrong = [remark for remark in found.problems if step_of(remark.field) is step]
    told = {
        anchor(remark.field, draft.languages[0]): f"{field_words(remark.field)}: {remark.message}"
        for remark in wrong
    }
    if step is Step.ABOUT and not draft.content.get("title"):
        told[f"title.{draft.languages[0]}"] = _("Title: write what people will read first")
    return told


def step_page(  # noqa: PLR0913 - what a step shows, each named
    request: Request,
    desk: Desk,
    draft: Draft,
    step: Step,
    *,
    problems: Mapping[str, str] | None = None,
    more: str = "",
    is_new: bool = False,
) -> HTMLResponse:
    """Make the page of one step."""
    known = "" if is_new else draft.key
    found = drafts.examine_draft(desk.instance, desk.organisation, draft)
    return desk_page(
        request,
        f"admin/achievements/{step}.html",
        desk,
        status=422 if problems else 200,
        draft=draft,
        key=known,
        here=home(desk, known).rstrip("/"),
        content={**BLANK, **draft.content},
        tongues=language_names(draft.languages),
        step=step,
        steps=step_words(),
        step_number=list(Step).index(step) + 1,
        choices=choices(),
        problems=dict(problems or {}),
        advice=advice_of(found, step),
        more=more,
        fields=fields_of_study() if step is Step.LEARNING else {},
        validity=validity_of(draft.content),
    )


def advice_of(found: Examination, step: Step) -> list[str]:
    """Return what to think of on this step."""
    return [
        f"{field_words(remark.field)}: {remark.message}"
        for remark in found.advice
        if step_of(remark.field) is step
    ]


def validity_of(content: Mapping[str, Any]) -> tuple[str, str]:
    """Return how long it is valid, as amount and unit."""
    text = str(content.get("validity") or "")
    days = text.removeprefix("P").removesuffix("D")
    if not days.isdigit():
        return text, "365"
    unit = next(size for size in (365, 30, 1) if int(days) % size == 0)
    return str(int(days) // unit), str(unit)
