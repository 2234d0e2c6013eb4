"""Begin a new achievement: its first step makes the draft."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.achievements.editor import onward, problems_of, step_page
from issuer.admin.achievements.forms import Sent, read, written_in
from issuer.admin.achievements.steps import Step
from issuer.admin.achievements.writing import Defining, Everything, author_at, home
from issuer.admin.gate import our_form, see_other
from issuer.catalogue import drafts
from issuer.catalogue.drafts_store import Draft
from issuer.catalogue.examining import MICRO_CREDENTIAL
from issuer.db.session import unit_of_work
from issuer.web import i18n

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements", include_in_schema=False)


@router.get("/new")
def new(request: Request, desk: Defining) -> HTMLResponse:
    """Ask what it is."""
    language = i18n.language()
    empty = Draft(desk.organisation.id, "no-name", {"type": MICRO_CREDENTIAL}, (language,))
    return step_page(request, desk, empty, Step.ABOUT, is_new=True)


@router.post("/new", dependencies=[Depends(our_form)])
def begin(request: Request, desk: Defining, form: Everything) -> Response:
    """Begin the draft."""
    tags = (str(form.get("languages_shown", "")).split() or [i18n.language()])[:30]
    empty = Draft(desk.organisation.id, "", {}, tuple(tags))
    sent = Sent(form, empty.languages)
    changes, languages = drafts.said(read(Step.ABOUT, sent, {})), written_in(sent)
    draft = Draft(desk.organisation.id, "no-name", changes, languages)
    if problems := problems_of(desk, draft, Step.ABOUT):
        return step_page(request, desk, draft, Step.ABOUT, problems=problems, is_new=True)
    with unit_of_work(desk.instance.engine) as connection:
        made = drafts.begin(author_at(desk, connection), changes, languages=languages)
    return see_other(onward(home(desk, made.key), Step.ABOUT, sent.one("go")))
