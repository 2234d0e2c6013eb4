"""What was awarded: find it, see how it stands, give the link again, take link or award back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from issuer.admin import awards_store
from issuer.admin.awards_store import Awarded, Filter
from issuer.admin.changes import OFFERED
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.words import change_words, claim_words, done_words, filter_words, reason_words
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import service as awarding
from issuer.awarding.replacing import replaced_by
from issuer.awarding.standing import Change, standings
from issuer.awarding.store import of_award
from issuer.claiming import service as claiming
from issuer.claiming import store as claims
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotFound
from issuer.organisations.roles import Ability
from issuer.status import store as places
from issuer.status.model import Reason
from issuer.status.service import Act

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/awards", include_in_schema=False)

CHANGES = {
    Change.REVOKE: awarding.revoke,
    Change.SUSPEND: awarding.suspend,
    Change.REINSTATE: awarding.reinstate,
}


class Listed(BaseModel):
    """Which awards a page lists, and what was just done to some."""

    model_config = ConfigDict(frozen=True)

    q: Annotated[str, Field(max_length=200)] = ""
    before: Annotated[int | None, Field(ge=1, le=2**62)] = None
    state: Filter = Filter.ALL
    every: bool = False
    """Tick every award of the page."""

    done: Change | None = None
    count: Annotated[int, Field(ge=0, le=10**9)] = 0
    erased: Annotated[int, Field(ge=0, le=10**9)] = 0
    nothing: bool = False
    """Nothing was ticked."""


Seeing = Annotated[Desk, at(Ability.SEE)]
Awarding = Annotated[Desk, at(Ability.AWARD)]
Correcting = Annotated[Desk, at(Ability.CORRECT)]


@router.get("")
def search(
    request: Request,
    desk: Seeing,
    listed: Annotated[Listed, Query()],
) -> HTMLResponse:
    """List the newest awards, or those that stand so."""
    return list_page(request, desk, listed)


@router.post("", dependencies=[Depends(our_form)])
def search_for(request: Request, desk: Seeing, listed: Annotated[Listed, Form()]) -> HTMLResponse:
    """List the awards that were looked for: names and addresses stay out of addresses of pages."""
    return list_page(request, desk, listed)


def list_page(request: Request, desk: Desk, listed: Listed) -> HTMLResponse:
    """Make the list."""
    with reading(desk.instance.engine) as connection:
        found = awards_store.search(
            connection, desk.organisation.id, listed.q, listed.before, listed.state
        )
        stand = standings(connection, [each.id for each in found])
    return desk_page(
        request,
        "admin/awards.html",
        desk,
        found=found,
        stand=stand,
        listed=listed,
        more=found[-1].id if len(found) == awards_store.PAGE else None,
        filters=filter_words(),
        changes={change: change_words()[change] for change in OFFERED},
        done=change_words()[listed.done].done if listed.done in OFFERED else "",
    )


@router.get("/{award_id}")
def show(
    request: Request, desk: Seeing, award_id: int, done: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Show one award."""
    return award_page(request, desk, own(desk, award_id), done=done)


@router.post("/{award_id}/link", dependencies=[Depends(our_form)])
def new_link(request: Request, desk: Awarding, award_id: int) -> HTMLResponse:
    """Make a new claim link; it is shown once."""
    found = own(desk, award_id)
    with unit_of_work(desk.instance.engine) as connection:
        made = claiming.create_claim(desk.instance, connection, award_id)
        tell(desk, connection, "claim.created", award_id)
    return award_page(request, desk, found, link=made.url)


@router.post("/{award_id}/withdraw", dependencies=[Depends(our_form)])
def withdraw(desk: Correcting, award_id: int) -> Response:
    """Take back every open claim link; the award stays."""
    own(desk, award_id)
    with unit_of_work(desk.instance.engine) as connection:
        claiming.withdraw_claims(desk.instance, connection, award_id)
        tell(desk, connection, "claim.withdrawn", award_id)
    return see_other(f"/staff/o/{desk.organisation.slug}/awards/{award_id}")


@router.post("/{award_id}/{act}", dependencies=[Depends(our_form)])
def change(
    desk: Correcting,
    award_id: int,
    act: Literal["revoke", "suspend", "reinstate"],
    reason: Annotated[Reason, Form()] = Reason.UNSPECIFIED,
    note: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Change how the award stands, in every form it has, and publish that at once.

    Raises:
        AlreadyRevoked, AlreadySuspended, NotSuspended, NotSuspendable: it cannot stand so.
    """
    own(desk, award_id)
    with reading(desk.instance.engine) as connection:
        issued = of_award(connection, award_id)
    if not issued:
        raise NotFound("nothing was issued of this award")
    reasoned = Act(desk.staff.actor, desk.instance.now(), reason, note)
    CHANGES[Change(act)](desk.instance, [issued[0].credential_id], reasoned)
    return see_other(f"/staff/o/{desk.organisation.slug}/awards/{award_id}?done={act}")


def award_page(
    request: Request, desk: Desk, found: Awarded, *, link: str = "", done: str = ""
) -> HTMLResponse:
    """Make the page of one award."""
    with reading(desk.instance.engine) as connection:
        copies = of_award(connection, found.id)
        entries = places.entries_of(connection, [copy.id for copy in copies])
        lists = places.lists(connection, {entry.list_id for entry in entries})
        stand = standings(connection, [found.id])[found.id]
        links = claims.of_award(connection, found.id)
        successor = replaced_by(connection, found.id)
    now = desk.instance.now()
    return desk_page(
        request,
        "admin/one_award.html",
        desk,
        award=found,
        title=found.title,
        copies=copies,
        stand=stand,
        seen=max((of.published_at for of in lists.values() if of.published_at), default=None),
        links=[(each, each.state(now)) for each in links],
        claim_words=claim_words(),
        reasons=reason_words(),
        link=link,
        done=done_words().get(done, ""),
        successor=successor,
    )


def own(desk: Desk, award_id: int) -> Awarded:
    """Return an award of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    with reading(desk.instance.engine) as connection:
        return awards_store.one(connection, desk.organisation.id, award_id)


def tell(desk: Desk, connection: Connection, action: str, award_id: int) -> None:
    """Write the act into the audit log, in the same commit."""
    event = Event(desk.staff.actor, action, f"award:{award_id}")
    append(connection, [event], desk.instance.now())
