"""The webhooks of an organisation: make one, give it another secret, close it, send again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form, recently, see_other
from issuer.db.session import reading
from issuer.errors import InvalidAccount
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _
from issuer.webhooks import service, store
from issuer.webhooks.model import Kind, State
from issuer.webhooks.service import Made

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/webhooks", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]

SHOWN = 20
"""Deliveries on the page."""


def kind_words() -> dict[Kind, str]:
    """Say what each event is."""
    return {
        Kind.ISSUED: _("A credential was issued"),
        Kind.CLAIMED: _("A wallet took a credential"),
        Kind.REVOKED: _("A credential was revoked"),
        Kind.SUSPENDED: _("A credential was suspended"),
        Kind.REINSTATED: _("A credential was reinstated"),
        Kind.FINISHED: _("A list was finished"),
    }


def state_words() -> dict[State, str]:
    """Say how a delivery stands."""
    return {
        State.WAITING: _("waiting"),
        State.DELIVERED: _("delivered"),
        State.DEAD: _("given up"),
    }


@router.get("")
def listed(request: Request, desk: Administrator) -> HTMLResponse:
    """List the webhooks and their last deliveries."""
    return webhooks_page(request, desk)


@router.post("", dependencies=[Depends(our_form), recently()])
def make(
    request: Request,
    desk: Administrator,
    url: Annotated[str, Form(max_length=3_000)] = "",
    kind: Annotated[list[str] | None, Form()] = None,
) -> HTMLResponse:
    """Make a webhook; its secret is shown once."""
    kinds = frozenset(each for each in Kind if each in (kind or ()))
    try:
        made = service.make(desk.instance, desk.organisation.id, url, kinds, desk.staff.actor)
    except InvalidAccount as error:
        return webhooks_page(request, desk, given=(url, kinds), problems=error.by_field)
    return webhooks_page(request, desk, made=made)


@router.post("/{name}/rotate", dependencies=[Depends(our_form), recently()])
def rotate(request: Request, desk: Administrator, name: str) -> HTMLResponse:
    """Give it another secret, shown once."""
    made = service.rotate(desk.instance, desk.organisation.id, name, desk.staff.actor)
    return webhooks_page(request, desk, made=made)


@router.get("/{name}/rotate")
def came_back(desk: Administrator, name: str) -> Response:
    """Lead who had to say first who they are back to the list."""
    del name
    return see_other(f"/staff/o/{desk.organisation.slug}/webhooks")


@router.post("/{name}/close", dependencies=[Depends(our_form)])
def close(desk: Administrator, name: str) -> Response:
    """Close it for good."""
    service.close(desk.instance, desk.organisation.id, name, desk.staff.actor)
    return see_other(f"/staff/o/{desk.organisation.slug}/webhooks")


@router.post("/deliveries/{number}/again", dependencies=[Depends(our_form)])
def again(desk: Administrator, number: int) -> Response:
    """Send an event again."""
    service.replay(desk.instance, desk.organisation.id, number, desk.staff.actor)
    return see_other(f"/staff/o/{desk.organisation.slug}/webhooks")


def webhooks_page(
    request: Request,
    desk: Desk,
    *,
    made: Made | None = None,
    given: tuple[str, frozenset[Kind]] = ("", frozenset(Kind)),
    problems: dict[str, str] | None = None,
) -> HTMLResponse:
    """Make the page."""
    with reading(desk.instance.engine) as connection:
        found = store.listed(connection, desk.organisation.id)
        sent = store.recent(connection, desk.organisation.id, SHOWN)
    return desk_page(
        request,
        "admin/webhooks.html",
        desk,
        status=422 if problems else 200,
        hooks=found,
        deliveries=sent,
        made=made,
        given=given,
        problems=problems or {},
        words=kind_words(),
        states=state_words(),
    )
