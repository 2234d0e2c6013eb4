"""Whether a second person looks before an organisation awards: an administrator decides."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import reading, unit_of_work
from issuer.organisations import four_eyes
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/four-eyes", include_in_schema=False)

Appointing = Annotated[Desk, at(Ability.APPOINT)]


@router.get("")
def show(request: Request, desk: Appointing, done: bool = False) -> HTMLResponse:
    """Show what holds."""
    with reading(desk.instance.engine) as connection:
        limit = four_eyes.above(connection, desk.organisation.id)
    return page(request, desk, limit, done=done)


@router.post("", dependencies=[Depends(our_form)])
def save(
    request: Request,
    desk: Appointing,
    wanted: Annotated[Literal["never", "always", "above"], Form()] = "never",
    above: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep what was decided. What waits already goes on waiting."""
    text = above.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    if wanted == "above" and not 1 <= number <= four_eyes.MOST:
        problem = _("Write a whole number from 1 to 100000.")
        return page(request, desk, None, problem=problem, wanted=wanted, above=text)
    limit = {"never": None, "always": 0, "above": number}[wanted]
    now = desk.instance.now()
    with unit_of_work(desk.instance.engine) as connection:
        four_eyes.save(connection, desk.organisation.id, limit, now)
        detail = {"above": "never" if limit is None else limit}
        event = Event(desk.staff.actor, "four-eyes.set", desk.organisation.slug, detail)
        append(connection, [event], now)
    return see_other(f"/staff/o/{desk.organisation.slug}/four-eyes?done=true")


def page(  # noqa: PLR0913 - what stands on the page
    request: Request,
    desk: Desk,
    limit: int | None,
    *,
    done: bool = False,
    problem: str = "",
    wanted: str = "",
    above: str = "",
) -> HTMLResponse:
    """Make the page."""
    holds = "never" if limit is None else "above" if limit else "always"
    return desk_page(
        request,
        "admin/four_eyes.html",
        desk,
        status=422 if problem else 200,
        wanted=wanted or holds,
        above=above or (limit or ""),
        problem=problem,
        done=done,
    )
