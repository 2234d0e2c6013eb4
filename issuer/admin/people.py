"""The people of an organisation: who has which role, and links that let others join."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from issuer.admin.gate import Desk, at, desk_page, our_form
from issuer.admin.words import role_words
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAccount, NotAllowed
from issuer.organisations import accounts, accounts_store, invitations
from issuer.organisations.invitations import Invitation
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
def invite(
    request: Request,
    desk: Administrator,
    role: Annotated[Role, Form()],
    email: Annotated[str, Form(max_length=1_000)] = "",
) -> HTMLResponse:
    """Make a link for somebody; it is shown once, and sent to the address if one was given.

    Raises:
        NotAllowed: this role is not given at this kind of organisation.
    """
    if role not in offered(desk):
        raise NotAllowed("only the alliance itself has administrators of the alliance")
    grant, to = Grant(desk.organisation.id, role), email.strip()
    try:
        with unit_of_work(desk.instance.engine) as connection:
            link = link_for(desk, connection, grant, to)
    except InvalidAccount as error:
        return people_page(request, desk, Shown(role, to=to, problems=error.by_field))
    return people_page(request, desk, Shown(role, link, to))


def link_for(desk: Desk, connection: Connection, grant: Grant, to: str) -> str:
    """Make the link, and send it where there is an address."""
    if not to:
        return accounts.new_link(desk.instance, connection, grant, desk.staff.actor)
    invitation = Invitation(grant, to)
    return invitations.invite(desk.instance, connection, invitation, desk.staff.actor)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says of an invitation: the link that was made, or what to mend."""

    role: Role = Role.COORDINATOR
    link: str = ""
    to: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def people_page(request: Request, desk: Desk, shown: Shown | None = None) -> HTMLResponse:
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
        shown=shown or Shown(),
        can_mail=invitations.can_invite(desk.instance),
        days=invitations.LIFE.days,
        status=422 if shown and shown.problems else 200,
    )


def offered(desk: Desk) -> tuple[Role, ...]:
    """Return the roles that can be given here."""
    is_alliance = desk.organisation.kind is Kind.ALLIANCE
    return tuple(r for r in Role if is_alliance or r is not Role.ALLIANCE_ADMIN)
