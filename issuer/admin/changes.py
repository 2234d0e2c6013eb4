"""Change many awards at once: those that were ticked on a list, after a page that counts them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin import awards_store
from issuer.admin.awards_store import Awarded
from issuer.admin.gate import Desk, at, desk_page, our_form, recently, see_other
from issuer.admin.words import change_words, reason_words
from issuer.awarding.standing import Change, change_awards, standings
from issuer.db.session import reading
from issuer.organisations.roles import Ability
from issuer.status.model import Reason
from issuer.status.service import Act

__all__ = ["MOST", "OFFERED", "router"]

router = APIRouter(prefix="/staff/o/{slug}/awards/change", include_in_schema=False)

Correcting = Annotated[Desk, at(Ability.CORRECT)]
MOST = 500
"""Awards one form may name; a list in a file may name more."""

OFFERED = (Change.REVOKE, Change.SUSPEND, Change.REINSTATE)
"""What can be done to many at once here."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The awards that were ticked, by what the change makes of them."""

    change: Change
    fit: list[Awarded]
    others: list[Awarded]
    """They stand so already, or cannot stand so."""


@router.get("", dependencies=[recently()])
def look(
    request: Request,
    desk: Correcting,
    act: Change = Change.REVOKE,
    award: Annotated[list[int] | None, Query(max_length=MOST)] = None,
) -> Response:
    """Say what would happen to how many; nothing has happened yet."""
    picked = pick(desk, act, award or [])
    if not picked.fit and not picked.others:
        return see_other(f"/staff/o/{desk.organisation.slug}/awards?nothing=1")
    return change_page(request, desk, picked)


@router.post("", dependencies=[Depends(our_form), recently()])
def change(
    desk: Correcting,
    act: Annotated[Change, Form()],
    award: Annotated[list[int], Form(max_length=MOST)],
    reason: Annotated[Reason, Form()] = Reason.UNSPECIFIED,
    note: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Change them in one commit, publish that at once, and say how many were changed."""
    picked = pick(desk, act, award)
    numbers = [found.id for found in picked.fit]
    done = change_awards(
        desk.instance, numbers, act, Act(desk.staff.actor, desk.instance.now(), reason, note)
    )
    return see_other(f"/staff/o/{desk.organisation.slug}/awards?done={act}&count={len(done)}")


def pick(desk: Desk, act: Change, numbers: list[int]) -> Picked:
    """Find this organisation's awards among those named."""
    with reading(desk.instance.engine) as connection:
        found = awards_store.several(connection, desk.organisation.id, numbers)
        stand = standings(connection, [each.id for each in found])
    fit = [each for each in found if stand[each.id].allows(act)]
    return Picked(act, fit, [each for each in found if each not in fit])


def change_page(request: Request, desk: Desk, picked: Picked) -> HTMLResponse:
    """Make the page that counts."""
    return desk_page(
        request,
        "admin/change.html",
        desk,
        picked=picked,
        words=change_words()[picked.change],
        reasons=reason_words(),
    )
