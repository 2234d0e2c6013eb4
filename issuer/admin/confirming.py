"""Prove once more who you are: before acts that reach many people (step-up)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.entrance import own_page
from issuer.admin.gate import SignedIn, cookie_of, form_page, our_form, see_other
from issuer.db.session import unit_of_work
from issuer.errors import SignInRefused, TooManyAttempts
from issuer.organisations import accounts, sessions
from issuer.organisations.roles import Staff
from issuer.web import instance_of
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/confirm", include_in_schema=False)

Text = Annotated[str, Form(max_length=20_000)]


@router.get("")
def ask(request: Request, staff: SignedIn, next: str = "/staff") -> HTMLResponse:  # noqa: A002 - the name in the address
    """Ask for the password again."""
    return confirm_page(request, staff, next)


@router.post("", dependencies=[Depends(our_form)])
def confirm(
    request: Request,
    staff: SignedIn,
    password: Annotated[str, Form(max_length=1_000)] = "",
    next: Text = "/staff",  # noqa: A002 - the name of the field
) -> Response:
    """Note it in the session, and go on to where the person was going."""
    instance = instance_of(request)
    address = request.client.host if request.client else ""
    try:
        accounts.sign_in(instance, staff.email, password, address)
    except SignInRefused:
        return confirm_page(request, staff, next, _("This is not your password."), 401)
    except TooManyAttempts:
        problem = _("Too many tries. Wait a quarter of an hour, then try again.")
        return confirm_page(request, staff, next, problem, 429)
    with unit_of_work(instance.engine) as connection:
        sessions.confirm(connection, cookie_of(request), instance.now())
    return see_other(own_page(next))


def confirm_page(
    request: Request, staff: Staff, wanted: str, problem: str = "", status: int = 200
) -> HTMLResponse:
    """Make the page."""
    return form_page(
        request,
        "admin/confirm.html",
        status=status,
        staff=staff,
        next=own_page(wanted),
        problem=problem,
    )
