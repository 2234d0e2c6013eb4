"""The programs of an organisation: make a client, give it another secret, close it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form, recently, see_other
from issuer.api import clients, store
from issuer.api.clients import Made, Wanted, scopes_of
from issuer.api.model import Scope
from issuer.db.session import reading
from issuer.errors import InvalidAccount
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/clients", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]


def scope_words() -> dict[Scope, str]:
    """Say what each scope lets a program do."""
    return {
        Scope.ACHIEVEMENT_READ: _("Read achievements"),
        Scope.AWARD_READ: _("Read awards and lists"),
        Scope.AWARD_WRITE: _("Award, and make links for learners"),
        Scope.STATUS_WRITE: _("Revoke, suspend, reinstate"),
    }


@router.get("")
def listed(request: Request, desk: Administrator) -> HTMLResponse:
    """List the clients, and offer to make one."""
    return clients_page(request, desk)


@router.post("", dependencies=[Depends(our_form), recently()])
def make(
    request: Request,
    desk: Administrator,
    name: Annotated[str, Form(max_length=300)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    public_key: Annotated[str, Form(max_length=8_000)] = "",
) -> HTMLResponse:
    """Make a client; its secret is shown once."""
    wanted = Wanted(name, scopes_of(scope or ()), public_key)
    try:
        made = clients.make(desk.instance, desk.organisation.id, wanted, desk.staff.actor)
    except InvalidAccount as error:
        return clients_page(request, desk, given=wanted, problems=error.by_field)
    return clients_page(request, desk, made=made)


@router.post("/{client_id}/rotate", dependencies=[Depends(our_form), recently()])
def rotate(request: Request, desk: Administrator, client_id: str) -> HTMLResponse:
    """Give it another secret, shown once."""
    made = clients.rotate(desk.instance, desk.organisation.id, client_id, desk.staff.actor)
    return clients_page(request, desk, made=made)


@router.get("/{client_id}/rotate")
def came_back(desk: Administrator, client_id: str) -> Response:
    """Lead who had to say first who they are back to the list."""
    del client_id
    return see_other(f"/staff/o/{desk.organisation.slug}/clients")


@router.post("/{client_id}/close", dependencies=[Depends(our_form)])
def close(desk: Administrator, client_id: str) -> Response:
    """Close it for good."""
    clients.close(desk.instance, desk.organisation.id, client_id, desk.staff.actor)
    return see_other(f"/staff/o/{desk.organisation.slug}/clients")


def clients_page(
    request: Request,
    desk: Desk,
    *,
    made: Made | None = None,
    given: Wanted | None = None,
    problems: dict[str, str] | None = None,
) -> HTMLResponse:
    """Make the page."""
    with reading(desk.instance.engine) as connection:
        found = store.listed(connection, desk.organisation.id)
    return desk_page(
        request,
        "admin/clients.html",
        desk,
        status=422 if problems else 200,
        clients=found,
        made=made,
        given=given or Wanted("", frozenset({Scope.ACHIEVEMENT_READ, Scope.AWARD_READ})),
        problems={field: _(text) for field, text in (problems or {}).items()},
        words=scope_words(),
        token_url=f"{desk.instance.settings.origin}/api/token",
    )
