"""The page before the claim page: prove your e-mail address, by the link or by the number.

Shape: the browser is known by a cookie that holds a random text, a dot and the claim code the
browser already had in its address, so that the link in the mail needs not carry it.
"""

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from issuer.claiming import proving
from issuer.claiming.model import Claim
from issuer.claiming.rules import sends_mail
from issuer.claiming.service import find_claim
from issuer.db.session import reading, unit_of_work
from issuer.errors import SpentLink, TooManyAttempts
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE, render
from issuer.web.security import same_origin

__all__ = ["let_in", "prove_page", "router"]

router = APIRouter(include_in_schema=False)

OURS = [Depends(same_origin)]


def let_in(request: Request, code: str) -> Claim:
    """Return the claim a code opens, if this browser may see it; send others to prove it first.

    Raises:
        NotFound, ClaimExpired, ClaimWithdrawn: the code opens nothing.
    """
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        claim = find_claim(instance, connection, code)
        inside = proving.is_let_in(instance, connection, claim, browser_of(request))
    if not inside:
        raise HTTPException(303, headers={"Location": f"/claim/{quote(code, safe='')}/proof"})
    return claim


@router.get("/claim/{code}/proof")
def show(code: str, request: Request, sent: bool = False) -> Response:
    """Ask for the proof, or go on when there is nothing to prove."""
    return prove_page(request, code, sent=sent)


@router.post("/claim/{code}/proof", dependencies=OURS)
def ask(code: str, request: Request) -> Response:
    """Send a mail; the browser gets the cookie that goes with it."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        claim = find_claim(instance, connection, code)
    browser = browser_of(request) or secrets.token_urlsafe(32)
    try:
        proving.ask(instance, claim, browser)
    except TooManyAttempts:
        problem = _("Mails were sent already. Look for them, also in the spam; or try in an hour.")
        return prove_page(request, code, problem=problem, status=429)
    answer = RedirectResponse(f"/claim/{quote(code, safe='')}/proof?sent=1", status_code=303)
    set_cookie(request, answer, browser, code)
    return answer


@router.post("/claim/{code}/proof/number", dependencies=OURS)
def by_number(
    code: str, request: Request, number: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Take the number of the mail."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        claim = find_claim(instance, connection, code)
    try:
        right = proving.prove_by_number(instance, claim, number, browser_of(request))
    except SpentLink:
        problem = _("This number has ended, or was tried too often. Have a new one sent.")
        return prove_page(request, code, problem=problem, status=410)
    if not right:
        problem = _("That is not the number in the newest mail. Check it and try again.")
        return prove_page(request, code, sent=True, problem=problem, status=422)
    return RedirectResponse(f"/claim/{quote(code, safe='')}", status_code=303)


@router.get("/claim-proof/{token}")
def by_link(token: str, request: Request) -> Response:
    """Follow the link of the mail: once, in the browser that asked for it."""
    proving.prove_by_link(instance_of(request), token, browser_of(request))
    code = request.cookies.get(cookie_name(request), "").partition(".")[2]
    return RedirectResponse(f"/claim/{quote(code, safe='')}", status_code=303, headers=PRIVATE)


def prove_page(
    request: Request, code: str, *, sent: bool = False, problem: str = "", status: int = 200
) -> Response:
    """Make the page that asks for the proof; it says nothing about the award or the person."""
    instance = instance_of(request)
    with unit_of_work(instance.engine) as connection:
        claim = find_claim(instance, connection, code)
        if proving.is_let_in(instance, connection, claim, browser_of(request)):
            return RedirectResponse(f"/claim/{quote(code, safe='')}", status_code=303)
        address = proving.known_address(connection, claim) if sends_mail(instance) else None
    page: HTMLResponse = render(
        request,
        "claiming/prove.html",
        private=True,
        status=status,
        code=code,
        address=address,
        sent=sent,
        problem=problem,
    )
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def browser_of(request: Request) -> str:
    """Return the random text this browser is known by; empty for one that never asked."""
    return request.cookies.get(cookie_name(request), "").partition(".")[0][:100]


def cookie_name(request: Request) -> str:
    """Return the name of our cookie; the prefix makes browsers bind it to this very host."""
    secure = instance_of(request).settings.base_url.startswith("https:")
    return "__Host-learnseal-claim" if secure else "learnseal-claim"


def set_cookie(request: Request, answer: Response, browser: str, code: str) -> None:
    """Give the browser what it is known by."""
    answer.set_cookie(
        cookie_name(request),
        f"{browser}.{code}",
        max_age=int(proving.STAY.total_seconds()),
        path="/",
        secure=cookie_name(request).startswith("__Host-"),
        httponly=True,
        samesite="lax",
    )
