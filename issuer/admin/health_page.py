"""How the service is, for the administrators of the alliance."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from issuer.admin.gate import SignedIn, form_page
from issuer.admin.health import Level, look
from issuer.db.session import reading
from issuer.organisations.roles import Ability, require
from issuer.organisations.service import root
from issuer.web import instance_of
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/health", include_in_schema=False)


@router.get("")
def show(request: Request, staff: SignedIn) -> HTMLResponse:
    """Look at everything and show it, the worst first."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        require(connection, staff, Ability.APPOINT, root(connection))
    words = {
        Level.GOOD: _("good"),
        Level.SOON: _("soon"),
        Level.BAD: _("now"),
        Level.UNKNOWN: _("not known"),
    }
    found = look(instance)
    return form_page(
        request,
        "admin/health.html",
        staff=staff,
        found=found,
        words=words,
        bad=sum(one.level is Level.BAD for one in found),
        moment=instance.now(),
    )
