"""The people of an organisation: who has which role, and links that let others join."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form
from issuer.admin.words import role_words
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotAllowed
from issuer.organisations import accounts, accounts_store
from issuer.organisations.model import Kind
from issuer.organisations.roles import Ability, Grant, Role

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/people", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]


@router.get("")
def people(request: Request, desk: Administrator) -> HTMLResponse:
    """List everybody with a role here."""
    return people_page(request, desk)


@router.post("", dependencies=[Depends(our_form)])
def invite(request: Request, desk: Administrator, role: Annotated[Role, Form()]) -> HTMLResponse:
    """Make a link for somebody; it is shown once.

    Raises:
        NotAllowed: this role is not given at this kind of organisation.
    """
    if role not in offered(desk):
        raise NotAllowed("only the alliance itself has administrators of the alliance")
    with unit_of_work(desk.instance.engine) as connection:
        grant = Grant(desk.organisation.id, role)
        link = accounts.new_link(desk.instance, connection, grant, desk.staff.actor)
    return people_page(request, desk, link=link, invited=role)


def people_page(
    request: Request, desk: Desk, *, link: str = "", invited: Role | None = None
) -> HTMLResponse:
    """Make the page."""
    with reading(desk.instance.engine) as connection:
        found = accounts_store.people(connection, desk.organisation.id)
    words = role_words()
    return desk_page(
        request,
        "admin/people.html",
        desk,
        people=found,
        roles={role: words[role] for role in offered(desk)},
        role_words=words,
        link=link,
        invited=invited,
    )


def offered(desk: Desk) -> tuple[Role, ...]:
    """Return the roles that can be given here."""
    is_alliance = desk.organisation.kind is Kind.ALLIANCE
    return tuple(r for r in Role if is_alliance or r is not Role.ALLIANCE_ADMIN)
