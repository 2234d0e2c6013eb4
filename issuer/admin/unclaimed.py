"""What nobody has taken yet: how far each learner is, send the link again, give an award up."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin import awards_store
from issuer.admin.awards_store import PAGE, Awarded
from issuer.admin.changes import MOST
from issuer.admin.gate import Desk, at, desk_page, our_form, recently, see_other
from issuer.admin.words import change_words, reason_words
from issuer.awarding.standing import Change
from issuer.claiming.unclaimed import cancel_awards, progress_of, resend, unclaimed
from issuer.db.session import reading, unit_of_work
from issuer.mail.transport import transport_of
from issuer.organisations.roles import Ability
from issuer.status.model import Reason
from issuer.status.service import Act

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/unclaimed", include_in_schema=False)

Seeing = Annotated[Desk, at(Ability.SEE)]
Awarding = Annotated[Desk, at(Ability.AWARD)]
Correcting = Annotated[Desk, at(Ability.CORRECT)]
Ticked = Annotated[list[int] | None, Query(max_length=MOST)]
Numbers = Annotated[list[int], Form(max_length=MOST)]


@dataclass(frozen=True, slots=True)
class Picked:
    """The unclaimed awards that were ticked."""

    fit: list[Awarded]
    others: list[Awarded]
    """For sending: those without an address. Taken ones are not even found here."""


@router.get("")
def show(  # noqa: PLR0913 - what the address may say
    request: Request,
    desk: Seeing,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    done: Literal["resend", "cancel", ""] = "",
    count: Annotated[int, Query(ge=0, le=10**9)] = 0,
    *,
    every: bool = False,
    nothing: bool = False,
) -> HTMLResponse:
    """List them with what is known of their mails and links."""
    with reading(desk.instance.engine) as connection:
        numbers = unclaimed(connection, desk.organisation.id, PAGE, before)
        found = awards_store.several(connection, desk.organisation.id, numbers)[::-1]
        progress = progress_of(connection, numbers)
    return desk_page(
        request,
        "admin/unclaimed.html",
        desk,
        found=found,
        progress=progress,
        today=desk.instance.now(),
        more=numbers[-1] if len(numbers) == PAGE else None,
        sends=transport_of(desk.instance.settings) is not None,
        done=done,
        count=count,
        every=every,
        nothing=nothing,
    )


@router.get("/resend")
def ask_resend(request: Request, desk: Awarding, award: Ticked = None) -> Response:
    """Say to how many the link would be sent again."""
    picked = pick(desk, award or [], need_address=True)
    if not picked.fit and not picked.others:
        return nothing_ticked(desk)
    return desk_page(request, "admin/resend.html", desk, picked=picked)


@router.post("/resend", dependencies=[Depends(our_form)])
def send(desk: Awarding, award: Numbers) -> Response:
    """Queue the mails; each makes a link of its own when it is written."""
    picked = pick(desk, award, need_address=True)
    with unit_of_work(desk.instance.engine) as connection:
        numbers = [found.id for found in picked.fit]
        count = resend(connection, numbers, desk.staff.actor, desk.instance.now())
    return back(desk, f"done=resend&count={count}")


@router.get("/cancel", dependencies=[recently()])
def ask_cancel(request: Request, desk: Correcting, award: Ticked = None) -> Response:
    """Say how many awards would be given up."""
    picked = pick(desk, award or [], need_address=False)
    if not picked.fit:
        return nothing_ticked(desk)
    words = change_words()[Change.CANCEL]
    return desk_page(
        request, "admin/cancel.html", desk, picked=picked, words=words, reasons=reason_words()
    )


@router.post("/cancel", dependencies=[Depends(our_form), recently()])
def cancel(
    desk: Correcting,
    award: Numbers,
    reason: Annotated[Reason, Form()] = Reason.UNSPECIFIED,
    note: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Give them up in one commit."""
    picked = pick(desk, award, need_address=False)
    act = Act(desk.staff.actor, desk.instance.now(), reason, note)
    done = cancel_awards(desk.instance, [found.id for found in picked.fit], act)
    return back(desk, f"done=cancel&count={len(done)}")


def pick(desk: Desk, numbers: list[int], *, need_address: bool) -> Picked:
    """Find this organisation's unclaimed awards among those named."""
    with reading(desk.instance.engine) as connection:
        mine = awards_store.several(connection, desk.organisation.id, numbers, only_unclaimed=True)
    fit = [each for each in mine if not need_address or has_address(each)]
    return Picked(fit, [each for each in mine if each not in fit])


def has_address(found: Awarded) -> bool:
    """Tell whether there is an address to write to."""
    return bool(found.decision and found.decision.learner.email)


def nothing_ticked(desk: Desk) -> Response:
    """Go back to the list and say so."""
    return back(desk, "nothing=1")


def back(desk: Desk, query: str) -> Response:
    """Go back to the list."""
    return see_other(f"/staff/o/{desk.organisation.slug}/unclaimed?{query}")
