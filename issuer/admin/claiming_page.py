"""What an organisation asks of learners who come to take an award: one page for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.claiming import rules
from issuer.claiming.rules import Rules, sends_mail
from issuer.db.session import reading, unit_of_work
from issuer.organisations.roles import Ability

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/claiming", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]


@router.get("")
def show(request: Request, desk: Administrator, saved: bool = False) -> HTMLResponse:
    """Show what is decided."""
    with reading(desk.instance.engine) as connection:
        decided = rules.read(connection, desk.organisation.id)
    return page(request, desk, decided, saved=saved)


@router.post("", dependencies=[Depends(our_form)])
def decide(
    request: Request,
    desk: Administrator,
    prove_email: Annotated[bool, Form()] = False,
    wallet_code: Annotated[bool, Form()] = False,
) -> Response:
    """Keep what was decided; it holds from now on, for links that are out already as well."""
    decided = Rules(prove_email, wallet_code)
    if decided != Rules() and not sends_mail(desk.instance):
        return page(request, desk, decided, no_mail=True)
    with unit_of_work(desk.instance.engine) as connection:
        rules.save(connection, desk.organisation.id, decided)
        detail: dict[str, str | int] = {"prove": int(prove_email), "code": int(wallet_code)}
        event = Event(desk.staff.actor, "claiming.decided", desk.organisation.did, detail)
        append(connection, [event], desk.instance.now())
    return see_other(f"/staff/o/{desk.organisation.slug}/claiming?saved=1")


def page(
    request: Request, desk: Desk, given: Rules, *, saved: bool = False, no_mail: bool = False
) -> HTMLResponse:
    """Make the page."""
    return desk_page(
        request,
        "admin/claiming.html",
        desk,
        status=422 if no_mail else 200,
        given=given,
        saved=saved,
        no_mail=no_mail,
    )
