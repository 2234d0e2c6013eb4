"""How a page is made: templates, their words, their helpers.

Shape: ``render(request, "verify/report.html", report=…)``; the first part of a template's name is
its room, so ``verify/report.html`` is ``issuer/verify/templates/report.html``.
Everything put into a page is escaped (Jinja autoescape); nothing here marks strangers' text safe.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from issuer.web import assets, i18n

__all__ = ["environment", "render", "safe_link"]

ROOMS = Path(__file__).parent.parent
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
"""Headers of pages that belong to one reader: kept by nobody, found by no search engine."""


def source(name: str) -> tuple[str, str, None] | None:
    """Return the text and the place of template ``room/file``."""
    room, _, file = name.partition("/")
    path = ROOMS / room / "templates" / file
    return (path.read_text(encoding="utf-8"), str(path), None) if path.is_file() else None


def safe_link(address: object) -> str | None:
    """Return `address` if a page may link to it: absolute http or https, no credentials."""
    if not isinstance(address, str) or any(sign <= " " or sign in '<>"\\^`' for sign in address):
        return None
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname)
    except ValueError:
        return None
    fit = parts.scheme in {"http", "https"} and named and "@" not in parts.netloc
    return address if fit else None


@cache
def drawing(name: str) -> Markup:
    """Return one of our own SVG files, to stand inside a page."""
    return Markup((assets.STATIC / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def environment() -> Environment:
    """Set the templates up once."""
    jinja = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    jinja.install_gettext_callables(  # type: ignore[attr-defined] # added by the i18n extension
        i18n.gettext, i18n.ngettext, newstyle=True
    )
    jinja.filters |= {"day": i18n.day, "moment": i18n.moment, "safe_link": safe_link}
    jinja.globals |= {
        "asset": assets.url,
        "drawing": drawing,
        "language": i18n.language,
        "languages": i18n.languages,
        "name_of": i18n.name_of,
    }
    return jinja


def render(
    request: Request, template: str, *, status: int = 200, private: bool = False, **values: Any
) -> HTMLResponse:
    """Make one page; `private` pages are neither kept nor indexed."""
    page = environment().get_template(template)
    html = page.render(request=request, now=datetime.now(UTC), **values)
    headers = {"Content-Language": i18n.language(), "Vary": "Accept-Language, Cookie"}
    headers |= PRIVATE if private else {"Cache-Control": "no-cache"}
    return HTMLResponse(html, status_code=status, headers=headers)
