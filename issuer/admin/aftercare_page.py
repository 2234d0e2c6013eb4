"""What an organisation decides about its awards afterwards: one page for its administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAftercare
from issuer.organisations import aftercare
from issuer.organisations.aftercare import parse_aftercare
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/aftercare", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]
Short = Annotated[str, Form(max_length=60)]


@router.get("")
def show(request: Request, desk: Administrator, saved: bool = False) -> HTMLResponse:
    """Show what is decided."""
    with reading(desk.instance.engine) as connection:
        decided = aftercare.read(connection, desk.organisation.id)
    given = {
        "suspendable": decided.suspendable,
        "reminders": ", ".join(map(str, decided.reminder_days)),
        "retention": str(decided.retention_years or ""),
    }
    return page(request, desk, given, {}, saved=saved)


@router.post("", dependencies=[Depends(our_form)])
def decide(
    request: Request,
    desk: Administrator,
    suspendable: Annotated[bool, Form()] = False,
    reminders: Short = "",
    retention: Short = "",
) -> Response:
    """Keep what was decided; it holds from now on."""
    given = {"suspendable": suspendable, "reminders": reminders, "retention": retention}
    try:
        decided = parse_aftercare(suspendable=suspendable, reminders=reminders, retention=retention)
    except InvalidAftercare as error:
        return page(request, desk, given, error.by_field)
    with unit_of_work(desk.instance.engine) as connection:
        aftercare.save(connection, desk.organisation.id, decided)
        detail: dict[str, str | int] = {
            "suspendable": int(decided.suspendable),
            "reminders": " ".join(map(str, decided.reminder_days)),
            "retention": decided.retention_years or 0,
        }
        event = Event(desk.staff.actor, "aftercare.decided", desk.organisation.did, detail)
        append(connection, [event], desk.instance.now())
    return see_other(f"/staff/o/{desk.organisation.slug}/aftercare?saved=1")


def page(
    request: Request,
    desk: Desk,
    given: dict[str, object],
    problems: dict[str, str],
    *,
    saved: bool = False,
) -> HTMLResponse:
    """Make the page."""
    return desk_page(
        request,
        "admin/aftercare.html",
        desk,
        status=422 if problems else 200,
        given=given,
        problems={name: _(text) for name, text in problems.items()},
        saved=saved,
    )
