"""The verify page: a form, and the answer."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile

from badges.errors import BadgeError
from issuer.db.session import reading
from issuer.errors import IssuerError, NotFound
from issuer.instance import Instance
from issuer.organisations.branding import store as branding
from issuer.organisations.store import by_did
from issuer.verify.construction import co_constructors
from issuer.verify.service import submitted, verify
from issuer.verify.sources import verifier_of
from issuer.verify.view import View, view_of
from issuer.verify.wording import verdicts
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import render
from issuer.web.problems import PROBLEMS, title_of
from issuer.web.security import MAX_BODY, same_origin

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/verify")
def ask(request: Request) -> HTMLResponse:
    """Show the form."""
    return form(request)


def form(request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Show the form, perhaps with what went wrong."""
    shown = {"problem": None, "verdicts": list(verdicts())} | values
    return render(request, "verify/page.html", status=status, private=status != 200, **shown)


@router.post("/verify", dependencies=[Depends(same_origin)])
async def tell(request: Request) -> HTMLResponse:
    """Check what was sent and show the answer."""
    verifier = verifier_of(request)
    try:
        async with request.form(max_files=1, max_fields=10, max_part_size=MAX_BODY) as fields:
            upload = fields.get("file")
            file = await upload.read() if isinstance(upload, UploadFile) else b""
            name = upload.filename or "" if isinstance(upload, UploadFile) else ""
            text = fields.get("text")
        given = await submitted(verifier, text if isinstance(text, str) else "", file, name)
        answer = await verify(verifier, given, instance_of(request).now())
    except (BadgeError, IssuerError) as error:
        problem = {"title": _(title_of(type(error))), "detail": str(error)}
        return form(request, status=PROBLEMS[type(error)][0], problem=problem)
    view = view_of(answer)
    logo = await asyncio.to_thread(own_logo, instance_of(request), view)
    constructed = await asyncio.to_thread(co_constructors, instance_of(request), answer.report)
    shown: dict[str, Any] = {"view": view, "logo": logo, "constructed": constructed}
    return render(request, "verify/report.html", private=True, **shown)


def own_logo(instance: Instance, view: View) -> str | None:
    """Return the logo of an issuer that the register knows and whose pages are served here.

    Never the picture a credential names: anybody can put a university's crest into a file.
    """
    if not view.issuer.registered_name or view.content is None:
        return None
    try:
        with reading(instance.engine) as connection:
            return branding.look(connection, by_did(connection, view.issuer.id)).logo_url
    except NotFound:
        return None
