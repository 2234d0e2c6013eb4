"""What wallets did with the offers of an award, step by step: for helping a learner."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from issuer.admin.awards import own
from issuer.admin.gate import Desk, at, desk_page
from issuer.admin.words import offer_words
from issuer.oid4vci.hints import hint, step_words
from issuer.oid4vci.log_api import traces_of_award
from issuer.organisations.roles import Ability

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/awards/{award_id}/wallets", include_in_schema=False)


@router.get("")
def show(request: Request, desk: Annotated[Desk, at(Ability.SEE)], award_id: int) -> HTMLResponse:
    """Show every offer of one award and what became of it."""
    return desk_page(
        request,
        "admin/wallet_traces.html",
        desk,
        award=own(desk, award_id),
        traces=traces_of_award(desk.instance, award_id),
        offer_words=offer_words(),
        step_words=step_words(),
        hint=hint,
    )
