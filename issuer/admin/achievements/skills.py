"""Choose skills of ESCO for a learning outcome by plain forms, and name what is chosen.

The step itself has an ARIA combobox on top of ``/api/esco/skills``; this page does the same job
with plain forms.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.achievements.steps import Step
from issuer.admin.achievements.writing import Writing, author_at
from issuer.admin.gate import desk_page, our_form, see_other
from issuer.catalogue import drafts, esco
from issuer.catalogue.drafts_store import Draft
from issuer.db.session import unit_of_work
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.web import i18n

__all__ = ["router", "with_labels"]

router = APIRouter(prefix="/staff/o/{slug}/achievements/{key}", include_in_schema=False)

SHOWN = 20


@router.get("/skills/{place}")
def look(
    request: Request,
    at: Writing,
    place: int,
    q: Annotated[str, Query(max_length=200)] = "",
    lang: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """Search skills for one learning outcome."""
    outcome = outcome_of(at.draft, place)
    index = esco.index_in(at.desk.instance.settings.data)
    spoken = [*index.languages()]
    chosen = next((tag for tag in (lang, i18n.language(), "en") if tag in spoken), spoken[0])
    found = esco.search(index, q, lang=chosen, limit=SHOWN) if q.strip() else ()
    return desk_page(
        request,
        "admin/achievements/skills.html",
        at.desk,
        here=at.here,
        key=at.draft.key,
        place=place,
        outcome=outcome,
        q=q,
        lang=chosen,
        spoken=spoken,
        found=found,
        complete=index.languages()[chosen],
        attribution=esco.ATTRIBUTION,
        has={skill.get("uri") for skill in outcome.get("skills", ())},
    )


@router.post("/skills/{place}", dependencies=[Depends(our_form)])
def add(at: Writing, place: int, skill: Annotated[tuple[str, ...], Form()] = ()) -> Response:
    """Add the ticked skills to the learning outcome."""
    outcome = outcome_of(at.draft, place)
    known = outcome.get("skills", [])
    has = {each.get("uri") for each in known}
    new = [{"uri": uri} for uri in skill[:SHOWN] if uri not in has]
    outcomes = [*at.draft.content["learning_outcomes"]]
    outcomes[place] = {**outcome, "skills": [*known, *new]}
    changes = with_labels(at.desk.instance, {"learning_outcomes": outcomes})
    with unit_of_work(at.desk.instance.engine) as connection:
        written = replace(at.draft, content={**at.draft.content, **changes})
        drafts.save(author_at(at.desk, connection), written, changes)
    return see_other(f"{at.here}/edit/{Step.LEARNING}#learning_outcomes.{place}")


def outcome_of(draft: Draft, place: int) -> dict[str, Any]:
    """Return one learning outcome of a draft.

    Raises:
        NotFound: it has not so many.
    """
    outcomes = draft.content.get("learning_outcomes") or []
    if not 0 <= place < len(outcomes):
        raise NotFound("this draft has no such learning outcome: write it first")
    found: dict[str, Any] = outcomes[place]
    return found


def with_labels(instance: Instance, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give every skill its name in each language that ESCO is loaded in.

    A skill that has a name already keeps it where ESCO has none; one that ESCO does not know and
    that has no name is left as it is, so that the examination refuses it.
    """
    outcomes = changes.get("learning_outcomes")
    if not isinstance(outcomes, list):
        return dict(changes)
    index = esco.index_in(instance.settings.data)
    named = [
        {
            **outcome,
            "skills": [
                {**skill, "label": {**skill.get("label", {}), **index.labels(skill["uri"])}}
                for skill in outcome.get("skills", ())
            ],
        }
        for outcome in outcomes
    ]
    return {**changes, "learning_outcomes": [_without_empty(outcome) for outcome in named]}


def _without_empty(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outcome.items() if value not in ([], {})}
