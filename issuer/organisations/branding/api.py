"""Serve what pages show of an organisation: its logo, and a stylesheet with its colours."""

from fastapi import APIRouter, Request, Response

from issuer.db.session import reading
from issuer.errors import NotFound
from issuer.organisations import store as organisations
from issuer.organisations.branding import store
from issuer.organisations.branding.model import Look, stylesheet
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(prefix="/o/{slug}/brand", include_in_schema=False)

FOR_EVER = "public, max-age=31536000, immutable"
"""The address changes with the content."""


@router.get("/logo-{digest}.png")
def logo(slug: str, digest: str, request: Request) -> Response:
    """Send a logo.

    Raises:
        NotFound: there is no such organisation, or it has another logo, or none.
    """
    found = _look(slug, request)
    if found.logo is None or found.logo_url != f"/o/{slug}/brand/logo-{digest}.png":
        raise NotFound("this organisation has no such logo")
    return Response(found.logo, media_type="image/png", headers={"Cache-Control": FOR_EVER})


@router.get("/{colours}.css")
def style(slug: str, colours: str, request: Request) -> Response:
    """Send a stylesheet.

    Raises:
        NotFound: there is no such organisation, or it has other colours, or none.
    """
    found = _look(slug, request)
    if found.style_url != f"/o/{slug}/brand/{colours}.css":
        raise NotFound("this organisation has no such colours")
    text = stylesheet(found.colour, found.dark_colour)
    return Response(text, media_type="text/css", headers={"Cache-Control": FOR_EVER})


def _look(slug: str, request: Request) -> Look:
    with reading(instance_of(request).engine) as connection:
        return store.look(connection, organisations.by_slug(connection, slug))
