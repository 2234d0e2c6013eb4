"""Over to the university's sign-in, and back."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from issuer.admin.entrance import begin, own_page, university
from issuer.admin.gate import (
    SignedIn,
    cookie_of,
    form_page,
    see_other,
    set_cookie,
)
from issuer.errors import InvalidAccount, NotFound, SignInRefused, SpentLink, Unreachable
from issuer.organisations import sessions, single_sign_on
from issuer.organisations.openid_provider import Provider
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(prefix="/staff/single-sign-on", include_in_schema=False)

REFUSED = (SignInRefused, Unreachable, InvalidAccount, SpentLink, NotFound)


def provider_at(request: Request) -> Provider:
    """Return the provider this service works with.

    Raises:
        NotFound: it works with none.
    """
    found: Provider | None = request.app.state.provider
    if found is None:
        raise NotFound("this service has accounts of its own only: sign in with a password")
    return found


@router.get("")
def leave_for(request: Request, next: str = "/staff", link: str = "") -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the university."""
    return depart(request, {"next": own_page(next), "link": link[:100]})


@router.get("/link")
def leave_to_link(request: Request, staff: SignedIn) -> Response:
    """Send somebody who is signed in to the university, to link the two accounts."""
    return depart(request, {"next": "/staff/account", "account": str(staff.account_id)})


def depart(request: Request, wanted: dict[str, str]) -> Response:
    """Ask the provider; the answer is good for this browser only."""
    cookie = cookie_of(request) or sessions.new_token()
    try:
        address = single_sign_on.begin(instance_of(request), provider_at(request), cookie, wanted)
    except Unreachable:
        return refused_page(request, _("The university's sign-in does not answer just now."), 503)
    answer = see_other(address)
    set_cookie(request, answer, cookie)
    answer.headers.update(PRIVATE)
    return answer


@router.get("/return")
def come_back(
    request: Request,
    state: str = "",
    code: str = "",
    iss: str = "",
) -> Response:
    """Take the browser back in."""
    instance = instance_of(request)
    said = {"state": state[:200], "code": code[:2000], "iss": iss[:500]}
    given = {name: value for name, value in said.items() if value}
    provider = provider_at(request)
    try:
        arrival = single_sign_on.finish(instance, provider, cookie_of(request), given)
    except Unreachable:
        return refused_page(request, _("The university's sign-in does not answer just now."), 503)
    except REFUSED as error:
        return refused_page(request, words_of(error), 401)
    return begin(instance, request, arrival.account_id, own_page(arrival.path))


def words_of(error: Exception) -> str:
    """Say for people why somebody did not get in."""
    if isinstance(error, InvalidAccount):
        return _("There is an account with this address: sign in with it, then link the two.")
    if isinstance(error, SpentLink):
        return _("The link was used or is too old. Ask for a new one.")
    return _("This sign-in was not accepted. Ask an administrator of your university for a link.")


def refused_page(request: Request, problem: str, status: int) -> HTMLResponse:
    """Make the sign-in page with what went wrong."""
    page = form_page(
        request,
        "admin/sign_in.html",
        status=status,
        next="/staff",
        email="",
        problem=problem,
        university=university(request),
    )
    page.headers.update(PRIVATE)
    return page
