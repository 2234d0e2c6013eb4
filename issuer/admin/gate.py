"""Who asks, what they may do, and whether the form is ours.

Shape: one cookie. Before signing in it is only a random text that binds forms to the browser;
signing in replaces it by the session. Every form carries ``csrf``, derived from the cookie.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Connection

from issuer.admin.doors import doors, settings
from issuer.db.session import passing_work, reading
from issuer.errors import StaleForm
from issuer.instance import Instance
from issuer.organisations import sessions, store
from issuer.organisations.model import Organisation
from issuer.organisations.roles import Ability, Staff, may, require
from issuer.web import instance_of
from issuer.web.layout import render
from issuer.web.security import same_origin

__all__ = [
    "Desk",
    "SignedIn",
    "at",
    "cookie_of",
    "desk_page",
    "form_page",
    "our_form",
    "recently",
    "see_other",
    "set_cookie",
]


def is_https(request: Request) -> bool:
    """Tell whether this service is reached by https."""
    return instance_of(request).settings.base_url.startswith("https:")


def cookie_name(request: Request) -> str:
    """Return the name of our cookie; the prefix makes browsers bind it to this very host."""
    return "__Host-learnseal" if is_https(request) else "learnseal"


def cookie_of(request: Request) -> str:
    """Return what the browser brought; empty for a new visitor."""
    return request.cookies.get(cookie_name(request), "")[:200]


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Give the browser a new token."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(sessions.LIFETIME.total_seconds()),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )


def our_form(request: Request, csrf: Annotated[str, Form(max_length=100)] = "") -> None:
    """Refuse a form that did not come from a page we gave this browser.

    Raises:
        ForeignOrigin, StaleForm: it did not, or that was before the session changed.
    """
    same_origin(request)
    cookie = cookie_of(request)
    given = csrf.encode("utf-8", "replace")
    if not cookie or not hmac.compare_digest(sessions.form_token(cookie).encode(), given):
        raise StaleForm("open the page again and send the form from there")


def signed_in(request: Request) -> Staff:
    """Return who asks; send everybody else to the sign-in page."""
    instance = instance_of(request)
    with passing_work(instance.engine) as connection:
        staff = sessions.who(connection, cookie_of(request), instance.now())
    if staff is None:
        wanted = request.url.path if request.method == "GET" else "/staff"
        raise HTTPException(303, headers={"Location": f"/staff/sign-in?next={quote(wanted)}"})
    return staff


SignedIn = Annotated[Staff, Depends(signed_in)]


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at the desk of one organisation, with what they came for allowed."""

    instance: Instance
    staff: Staff
    organisation: Organisation
    abilities: frozenset[Ability]


def at(ability: Ability) -> Any:
    """Ask for the desk of the organisation in the address, and for the right to do this there."""

    def desk(slug: str, request: Request, staff: SignedIn) -> Desk:
        instance = instance_of(request)
        with reading(instance.engine) as connection:
            organisation = store.by_slug(connection, slug)
            require(connection, staff, ability, organisation)
            return Desk(instance, staff, organisation, abilities(connection, staff, organisation))

    return Depends(desk)


def recently(minutes: int = 15) -> Any:
    """Ask that the person proved who they are within the last minutes; else send them to do so."""

    def check(request: Request, staff: SignedIn) -> None:
        del staff  # only signed in people get that far
        instance = instance_of(request)
        with reading(instance.engine) as connection:
            moment = sessions.confirmed_at(connection, cookie_of(request))
        if moment is None or instance.now() >= moment + timedelta(minutes=minutes):
            wanted = request.url.path
            if request.method == "GET" and request.url.query:
                wanted += f"?{request.url.query}"
            where = f"/staff/confirm?next={quote(wanted, safe='')}"
            raise HTTPException(303, headers={"Location": where})

    return Depends(check)


def abilities(
    connection: Connection, staff: Staff, organisation: Organisation
) -> frozenset[Ability]:
    """Return all that somebody may do at an organisation."""
    return frozenset(a for a in Ability if may(connection, staff, a, organisation))


def form_page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Make a page with a form on it; a new visitor gets the cookie that goes with it."""
    cookie = cookie_of(request)
    token = cookie or sessions.new_token()
    csrf = sessions.form_token(token)
    shared = {"csrf": csrf, "doors": doors, "settings": settings}
    page = render(request, template, status=status, private=True, **shared, **values)
    if not cookie:
        set_cookie(request, page, token)
    return page


def desk_page(
    request: Request, template: str, desk: Desk, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Make a page of an organisation's desk."""
    shown = {"staff": desk.staff, "organisation": desk.organisation, "can": desk.abilities}
    return form_page(
        request, template, status=status, printed_at=desk.instance.now(), **shown, **values
    )


def see_other(path: str) -> RedirectResponse:
    """Send the browser on after a form, so that reloading sends nothing twice."""
    return RedirectResponse(path, status_code=303)
