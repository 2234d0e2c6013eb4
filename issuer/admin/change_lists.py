"""Change the awards that a file lists: look it over first, then do it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from issuer.admin import uploads
from issuer.admin.changes import OFFERED
from issuer.admin.gate import Desk, at, desk_page, our_form, recently, see_other
from issuer.admin.uploads import About
from issuer.admin.words import change_words, reason_words
from issuer.awarding.change_list import read_change_list
from issuer.awarding.standing import Change, change_awards
from issuer.db.session import reading
from issuer.errors import InvalidUpload
from issuer.organisations.roles import Ability
from issuer.status.model import Reason
from issuer.status.service import Act
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/awards/list", include_in_schema=False)

Correcting = Annotated[Desk, at(Ability.CORRECT)]
SHOWN = 100


@router.get("", dependencies=[recently()])
def choose(request: Request, desk: Correcting) -> HTMLResponse:
    """Ask for the file and for what is to be done."""
    return choose_page(request, desk)


@router.post("", dependencies=[Depends(our_form), recently()])
def look(
    request: Request,
    desk: Correcting,
    act: Annotated[Change, Form()] = Change.REVOKE,
    file: UploadFile | None = None,
) -> HTMLResponse:
    """Read the file and tell what it would do; nothing has happened yet."""
    if file is None or not file.filename:
        return choose_page(request, desk, _("Choose a file."))
    about = About(desk.organisation.slug, "", "")
    try:
        kept = uploads.keep(desk.instance, desk.staff, file.file, about)
    except InvalidUpload as error:
        return choose_page(request, desk, str(error))
    try:
        with reading(desk.instance.engine) as connection:
            report = read_change_list(connection, desk.organisation.id, kept.path, act)
    except InvalidUpload as error:
        uploads.forget(kept)
        return choose_page(request, desk, str(error))
    return desk_page(
        request,
        "admin/change_list.html",
        desk,
        report=report,
        problems=report.problems[:SHOWN],
        act=act,
        words=change_words()[act],
        reasons=reason_words(),
        upload=kept.token,
    )


@router.post("/go", dependencies=[Depends(our_form), recently()])
def change(
    desk: Correcting,
    act: Annotated[Change, Form()],
    upload: Annotated[str, Form(max_length=100)],
    reason: Annotated[Reason, Form()] = Reason.UNSPECIFIED,
    note: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Change the awards of the good rows, in one commit."""
    kept = uploads.find(desk.instance, desk.staff, upload, desk.organisation.slug)
    with reading(desk.instance.engine) as connection:
        report = read_change_list(connection, desk.organisation.id, kept.path, act)
    reasoned = Act(desk.staff.actor, desk.instance.now(), reason, note)
    done = change_awards(desk.instance, report.awards, act, reasoned)
    uploads.forget(kept)
    return see_other(f"/staff/o/{desk.organisation.slug}/awards?done={act}&count={len(done)}")


def choose_page(request: Request, desk: Desk, problem: str = "") -> HTMLResponse:
    """Make the first page."""
    return desk_page(
        request,
        "admin/choose_change_list.html",
        desk,
        status=422 if problem else 200,
        problem=problem,
        changes={change: change_words()[change] for change in OFFERED},
    )
