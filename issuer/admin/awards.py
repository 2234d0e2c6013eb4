"""What was awarded: find it, see how it stands, give the link again, take link or award back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from issuer.admin import awards_store
from issuer.admin.awards_store import Awarded
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.words import claim_words, reason_words
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import service as awarding
from issuer.awarding.store import of_award
from issuer.claiming import service as claiming
from issuer.claiming import store as claims
from issuer.db.session import reading, unit_of_work
from issuer.organisations.roles import Ability
from issuer.status import store as places
from issuer.status.model import Purpose, Reason
from issuer.status.service import Act

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/awards", include_in_schema=False)

Seeing = Annotated[Desk, at(Ability.SEE)]
Awarding = Annotated[Desk, at(Ability.AWARD)]
Correcting = Annotated[Desk, at(Ability.CORRECT)]


@router.get("")
def search(
    request: Request,
    desk: Seeing,
    q: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> HTMLResponse:
    """List the newest awards, or those that were looked for."""
    with reading(desk.instance.engine) as connection:
        found = awards_store.search(connection, desk.organisation.id, q, before)
    more = found[-1].id if len(found) == awards_store.PAGE else None
    return desk_page(request, "admin/awards.html", desk, found=found, q=q, more=more)


@router.get("/{award_id}")
def show(request: Request, desk: Seeing, award_id: int) -> HTMLResponse:
    """Show one award."""
    return award_page(request, desk, own(desk, award_id))


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


@router.post("/{award_id}/revoke", dependencies=[Depends(our_form)])
def revoke(
    desk: Correcting,
    award_id: int,
    reason: Annotated[Reason, Form()],
    note: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Revoke the award in every form it has, for ever, and publish that at once."""
    own(desk, award_id)
    with reading(desk.instance.engine) as connection:
        first = of_award(connection, award_id)[0]
    act = Act(desk.staff.actor, desk.instance.now(), reason, note)
    awarding.revoke(desk.instance, [first.credential_id], act)
    return see_other(f"/staff/o/{desk.organisation.slug}/awards/{award_id}")


def award_page(request: Request, desk: Desk, found: Awarded, *, link: str = "") -> HTMLResponse:
    """Make the page of one award."""
    with reading(desk.instance.engine) as connection:
        copies = of_award(connection, found.id)
        entries = places.entries_of(connection, [copy.id for copy in copies])
        links = claims.of_award(connection, found.id)
    now = desk.instance.now()
    revoked = [e for e in entries if e.purpose is Purpose.REVOCATION and e.set_at]
    return desk_page(
        request,
        "admin/one_award.html",
        desk,
        award=found,
        copies=copies,
        revoked=revoked[0] if revoked else None,
        links=[(each, each.state(now)) for each in links],
        claim_words=claim_words(),
        reasons=reason_words(),
        link=link,
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
