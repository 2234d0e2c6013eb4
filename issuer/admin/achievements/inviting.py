"""Invite outsiders to review an achievement, read what they say, take a review back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.achievements.listing import own
from issuer.admin.achievements.writing import Defining, Seeing, author_at, home
from issuer.admin.gate import Desk, desk_page, our_form, see_other
from issuer.catalogue import reviews
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAchievement

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements/{key}/reviews", include_in_schema=False)


@router.get("")
def every(request: Request, desk: Seeing, key: str) -> HTMLResponse:
    """List the reviews of one achievement."""
    return reviews_page(request, desk, key)


@router.post("/invite", dependencies=[Depends(our_form)])
def invite(
    request: Request,
    desk: Defining,
    key: str,
    invitee: Annotated[str, Form(max_length=400)] = "",
) -> HTMLResponse:
    """Make a link; it is shown once."""
    try:
        with unit_of_work(desk.instance.engine) as connection:
            link = reviews.invite(author_at(desk, connection), key, invitee)
    except InvalidAchievement as error:
        return reviews_page(request, desk, key, problem=str(error))
    return reviews_page(request, desk, key, link=link)


@router.post("/{number}/withdraw", dependencies=[Depends(our_form)])
def withdraw(desk: Defining, key: str, number: int) -> Response:
    """Close a link and take its sign-off back."""
    with unit_of_work(desk.instance.engine) as connection:
        reviews.withdraw(author_at(desk, connection), key, number)
    return see_other(f"{home(desk, key)}/reviews")


def reviews_page(
    request: Request, desk: Desk, key: str, *, link: str = "", problem: str = ""
) -> HTMLResponse:
    """Make the page."""
    kept = own(desk, key)
    with reading(desk.instance.engine) as connection:
        found = reviews.reviews_of(connection, desk.organisation, key)
        text = reviews.text_of(desk.instance, connection, desk.organisation, key)
    return desk_page(
        request,
        "admin/achievements/reviews.html",
        desk,
        status=422 if problem else 200,
        here=home(desk, key),
        title=kept.title,
        found=found,
        digest=text.digest,
        now_is=desk.instance.now(),
        link=link,
        problem=problem,
    )
