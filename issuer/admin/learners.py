"""One learner's data: what there is, all of it as a file, and its erasure. Nobody is in an address.

A learner is found through one of their awards; what is theirs at the organisation and below counts.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin import awards_store
from issuer.admin.gate import Desk, at, desk_page, our_form, recently, see_other
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding.standing import standings
from issuer.claiming.erasing import erase
from issuer.claiming.learner_data import awards_of_person, export, made_before
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotFound
from issuer.organisations.roles import Ability
from issuer.status.model import Reason
from issuer.status.service import Act
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/awards/{award_id}/learner", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]


@router.get("")
def show(request: Request, desk: Administrator, award_id: int) -> HTMLResponse:
    """Show which awards are theirs."""
    numbers = theirs(desk, award_id)
    with reading(desk.instance.engine) as connection:
        found = awards_store.several(connection, desk.organisation.id, numbers)
        stand = standings(connection, [each.id for each in found])
    return desk_page(
        request, "admin/learner.html", desk, award_id=award_id, found=found, stand=stand
    )


@router.post("/export", dependencies=[Depends(our_form)])
def take(desk: Administrator, award_id: int) -> Response:
    """Send everything as a ZIP."""
    numbers = theirs(desk, award_id)
    now = desk.instance.now()
    with unit_of_work(desk.instance.engine) as connection:
        append(
            connection,
            [Event(desk.staff.actor, "learner.exported", f"award:{n}") for n in numbers],
            now,
        )
    with reading(desk.instance.engine) as connection:
        content = export(desk.instance, connection, numbers)
    disposition = {"Content-Disposition": f'attachment; filename="{made_before(now)}"'}
    return Response(content, media_type="application/zip", headers=PRIVATE | disposition)


@router.post("/erase", dependencies=[Depends(our_form), recently()])
def forget(
    desk: Administrator,
    award_id: int,
    sure: Annotated[bool, Form()] = False,
    revoke: Annotated[bool, Form()] = False,
) -> Response:
    """Erase the learner; only with the box ticked that says so."""
    numbers = theirs(desk, award_id)
    if not sure:
        return see_other(f"/staff/o/{desk.organisation.slug}/awards/{award_id}/learner#sure")
    act = Act(desk.staff.actor, desk.instance.now(), Reason.LEARNER_REQUEST)
    count = erase(desk.instance, numbers, act, revoke=revoke)
    return see_other(f"/staff/o/{desk.organisation.slug}/awards?erased={count}")


def theirs(desk: Desk, award_id: int) -> list[int]:
    """Return the awards this organisation made to the person of one of its awards.

    Raises:
        NotFound: the award is not there, is another's, or its learner was erased.
    """
    with reading(desk.instance.engine) as connection:
        awards_store.one(connection, desk.organisation.id, award_id)
        numbers = awards_of_person(connection, [desk.organisation.id], award_id)
    if not numbers:
        raise NotFound("the learner of this award was erased")
    return numbers
