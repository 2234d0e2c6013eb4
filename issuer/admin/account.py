"""One's own account: name, password, passkeys, the link with the university, other sessions."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse

from issuer.admin.entrance import Text, begin, own_page
from issuer.admin.gate import (
    SignedIn,
    cookie_of,
    form_page,
    our_form,
    see_other,
)
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAccount, SignInRefused, StaleForm, TooManyAttempts
from issuer.organisations import accounts, identities_store, passkeys, passkeys_store, sessions
from issuer.organisations.passkeys import Answer
from issuer.organisations.roles import Staff
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

MOST_BYTES = 20_000
"""A device's answer has about two kilobytes."""


@router.get("/staff/account")
def account(request: Request, staff: SignedIn) -> HTMLResponse:
    """Show one's own account."""
    return account_page(request, staff)


@router.post("/staff/account/password", dependencies=[Depends(our_form)])
def change_password(
    request: Request, staff: SignedIn, password: Text = "", new_password: Text = ""
) -> Response:
    """Change the password; every other session ends."""
    instance = instance_of(request)
    address = request.client.host if request.client else ""
    try:
        accounts.change_password(instance, staff, password, new_password, address)
    except InvalidAccount as error:
        return account_page(request, staff, error.by_field, 422)
    except SignInRefused:
        return account_page(request, staff, {"password": _("This is not your password.")}, 422)
    except TooManyAttempts:
        text = _("Too many tries. Wait a quarter of an hour, then try again.")
        return account_page(request, staff, {"password": text}, 429)
    with unit_of_work(instance.engine) as connection:
        sessions.end_all(connection, staff.account_id)
    return begin(instance, request, staff.account_id, "/staff/account?done=password")


@router.post("/staff/account/passkeys/{number}/remove", dependencies=[Depends(our_form)])
def remove_passkey(number: int, request: Request, staff: SignedIn) -> Response:
    """Forget a passkey."""
    passkeys.remove(instance_of(request), staff, number)
    return see_other("/staff/account?done=removed")


@router.post("/staff/account/passkeys/offer", dependencies=[Depends(our_form)])
def offer_passkey(request: Request, staff: SignedIn) -> Response:
    """Give the browser what it needs to make a passkey."""
    text = passkeys.offer(instance_of(request), staff, cookie_of(request))
    return Response(text, media_type="application/json", headers=PRIVATE)


@router.post("/staff/account/passkeys", dependencies=[Depends(our_form)])
def add_passkey(
    request: Request,
    staff: SignedIn,
    credential: Annotated[str, Form(max_length=MOST_BYTES)],
    name: Text = "",
) -> Response:
    """Keep the passkey a device made."""
    passkeys.register(instance_of(request), staff, answer_of(request, credential), name)
    return JSONResponse({"next": "/staff/account?done=added"}, headers=PRIVATE)


@router.post("/staff/sign-in/passkey/request", dependencies=[Depends(our_form)])
def request_passkey(request: Request) -> Response:
    """Give the browser what it needs to sign in with a passkey."""
    text = passkeys.request(instance_of(request), cookie_of(request))
    return Response(text, media_type="application/json", headers=PRIVATE)


@router.post("/staff/sign-in/passkey", dependencies=[Depends(our_form)])
async def enter_with_passkey(
    request: Request,
    credential: Annotated[str, Form(max_length=MOST_BYTES)],
    next: Text = "/staff",  # noqa: A002 - the name of the field
) -> Response:
    """Begin a session for whoever's passkey signed."""
    instance, answer = instance_of(request), answer_of(request, credential)
    account_id = await run_in_threadpool(passkeys.sign_in, instance, answer)
    page = begin(instance, request, account_id, own_page(next))
    done = JSONResponse({"next": own_page(next)}, headers=PRIVATE)
    done.headers["Set-Cookie"] = page.headers["Set-Cookie"]
    return done


def answer_of(request: Request, credential: str) -> Answer:
    """Return what a device answered.

    Raises:
        StaleForm: it is no JSON object.
    """
    try:
        found: Any = json.loads(credential)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise StaleForm("open the page again and try from there")
    return Answer(cookie_of(request), found)


def account_page(
    request: Request, staff: Staff, problems: dict[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    """Make the page."""
    instance, provider = instance_of(request), request.app.state.provider
    with reading(instance.engine) as connection:
        known = passkeys_store.of_account(connection, staff.account_id)
        linked = identities_store.has_identity(connection, staff.account_id)
        has_password = accounts.has_password(connection, staff)
    return form_page(
        request,
        "admin/account.html",
        status=status,
        staff=staff,
        passkeys=known,
        linked=linked,
        has_password=has_password,
        university=provider.label if provider else "",
        problems={name: _(text) for name, text in (problems or {}).items()},
        done=request.query_params.get("done", ""),
    )
