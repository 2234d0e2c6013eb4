"""The way in and out: the one-time link, sign-in, sign-out, and the hall behind the door."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.gate import (
    SignedIn,
    abilities,
    cookie_of,
    form_page,
    our_form,
    see_other,
    set_cookie,
)
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAccount, SignInRefused, TooManyAttempts
from issuer.instance import Instance
from issuer.organisations import accounts, sessions, store
from issuer.organisations.accounts import Person
from issuer.organisations.model import Kind
from issuer.organisations.roles import Ability, organisations_of
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form(max_length=1_000)]


@router.get("/staff/welcome/{token}")
def welcome(token: str, request: Request) -> HTMLResponse:
    """Ask who opens the account; looking at the page does not use the link up."""
    return welcome_page(request, token, {}, {})


@router.post("/staff/welcome/{token}", dependencies=[Depends(our_form)])
def join(
    token: str, request: Request, name: Text = "", email: Text = "", password: Text = ""
) -> Response:
    """Open the account and sign in."""
    instance = instance_of(request)
    try:
        account_id = accounts.open_account(instance, token, Person(email, name, password))
    except InvalidAccount as error:
        return welcome_page(request, token, {"name": name, "email": email}, error.by_field)
    return begin(instance, request, account_id, "/staff")


def welcome_page(
    request: Request, token: str, given: dict[str, str], problems: dict[str, str]
) -> HTMLResponse:
    """Make the page of a link that still works."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        link = accounts.find_link(instance, connection, token)
        organisation = store.by_id(connection, link.grant.organisation_id)
    page = form_page(
        request,
        "admin/welcome.html",
        status=422 if problems else 200,
        link=link,
        organisation=organisation,
        token=token,
        given=given,
        university=university(request),
        problems={field: _(text) for field, text in problems.items()},
    )
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@router.get("/staff/sign-in")
def ask(request: Request, next: str = "/staff") -> HTMLResponse:  # noqa: A002 - the name in the address
    """Ask for address and password."""
    return form_page(
        request,
        "admin/sign_in.html",
        next=own_page(next),
        email="",
        problem="",
        university=university(request),
    )


def university(request: Request) -> str:
    """Return what the button of single sign-on says; empty without one."""
    provider = request.app.state.provider
    return provider.label if provider else ""


@router.post("/staff/sign-in", dependencies=[Depends(our_form)])
def enter(
    request: Request,
    email: Text = "",
    password: Text = "",
    next: Text = "/staff",  # noqa: A002 - the name of the field
) -> Response:
    """Begin a session."""
    instance = instance_of(request)
    address = request.client.host if request.client else ""
    try:
        account_id = accounts.sign_in(instance, email, password, address)
    except SignInRefused:
        problem, status = _("This address and this password do not belong together."), 401
    except TooManyAttempts:
        problem, status = _("Too many tries. Wait a quarter of an hour, then try again."), 429
    else:
        return begin(instance, request, account_id, own_page(next))
    return form_page(
        request,
        "admin/sign_in.html",
        status=status,
        next=own_page(next),
        email=email,
        problem=problem,
        university=university(request),
    )


def begin(instance: Instance, request: Request, account_id: int, path: str) -> Response:
    """Give the browser a session of its own; what it had before is worth nothing any more."""
    with unit_of_work(instance.engine) as connection:
        token = sessions.begin(connection, account_id, instance.now(), cookie_of(request))
    answer = see_other(path)
    set_cookie(request, answer, token)
    answer.headers.update(PRIVATE)
    return answer


@router.post("/staff/sign-out", dependencies=[Depends(our_form)])
def leave(request: Request) -> Response:
    """End the session."""
    instance = instance_of(request)
    with unit_of_work(instance.engine) as connection:
        sessions.end(connection, cookie_of(request), instance.now())
    answer = see_other("/staff/sign-in")
    set_cookie(request, answer, sessions.new_token())
    answer.headers.update(PRIVATE)
    return answer


@router.get("/staff")
def hall(request: Request, staff: SignedIn) -> HTMLResponse:
    """Show the organisations one works for, and what can be done there."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        found = organisations_of(connection, staff)
        desks = [(each, abilities(connection, staff, each)) for each in found]
    sees_log = any(d.kind is Kind.ALLIANCE and Ability.AUDIT in can for d, can in desks)
    return form_page(request, "admin/hall.html", staff=staff, desks=desks, sees_log=sees_log)


def own_page(path: str) -> str:
    """Return `path` if it is a page of the desk, the hall otherwise: no way out of the house."""
    inside = path == "/staff" or path.startswith("/staff/o/")
    return path if inside and "\\" not in path and path.isprintable() else "/staff"
