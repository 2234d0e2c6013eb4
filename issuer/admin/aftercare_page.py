"""What an organisation decides about its awards afterwards: one page for its administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.claiming import consent
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAftercare
from issuer.organisations import aftercare
from issuer.organisations.aftercare import parse_aftercare
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/aftercare", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]


@router.get("")
def show(request: Request, desk: Administrator, saved: bool = False) -> HTMLResponse:
    """Show what is decided."""
    with reading(desk.instance.engine) as connection:
        decided = aftercare.read(connection, desk.organisation.id)
        told = consent.latest(connection, desk.organisation.id)
    given = {
        "consent": told.content if told else "",
        "suspendable": decided.suspendable,
        "reminders": ", ".join(map(str, decided.reminder_days)),
        "retention": str(decided.retention_years or ""),
    }
    return page(request, desk, given, {}, saved=saved)


class Decided(BaseModel):
    """What an office wrote."""

    model_config = ConfigDict(frozen=True)

    suspendable: bool = False
    reminders: Annotated[str, Field(max_length=60)] = ""
    retention: Annotated[str, Field(max_length=60)] = ""
    consent: Annotated[str, Field(max_length=20_000)] = ""


@router.post("", dependencies=[Depends(our_form)])
def decide(request: Request, desk: Administrator, said: Annotated[Decided, Form()]) -> Response:
    """Keep what was decided; it holds from now on."""
    text = said.consent.replace("\r\n", "\n").strip()
    try:
        decided = parse_aftercare(
            suspendable=said.suspendable, reminders=said.reminders, retention=said.retention
        )
    except InvalidAftercare as error:
        return page(request, desk, said.model_dump(), error.by_field)
    with unit_of_work(desk.instance.engine) as connection:
        aftercare.save(connection, desk.organisation.id, decided)
        detail: dict[str, str | int] = {
            "suspendable": int(decided.suspendable),
            "reminders": " ".join(map(str, decided.reminder_days)),
            "retention": decided.retention_years or 0,
        }
        event = Event(desk.staff.actor, "aftercare.decided", desk.organisation.did, detail)
        events = [event]
        version = consent.write(connection, desk.organisation.id, text, desk.instance.now())
        if version is not None:
            detail = {"version": version}
            did = desk.organisation.did
            events.append(Event(desk.staff.actor, "consent.written", did, detail))
        append(connection, events, desk.instance.now())
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
