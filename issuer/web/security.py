"""What every answer carries and every request obeys: headers, size, language, origin.

Spec: CSP Level 3, Fetch metadata (Sec-Fetch-Site), RFC 9110 §15.5.14 (413).
Shape: one ASGI layer around the whole service; a room that needs another value for a header sets
it itself and wins.
"""

import re
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from issuer.errors import BodyTooLarge, ForeignOrigin
from issuer.web import i18n

__all__ = ["CSP", "HEADERS", "MAX_BODY", "Guard", "same_origin"]

MAX_BODY = 3 * 2**20
MAX_LIST = 15 * 2**20 + 2**16
"""An award list with the fields around it."""

_LISTS = re.compile(r"/staff/o/[^/]+/award|/api/o/[^/]+/batches")
"""Where award lists are sent to."""
"""Most bytes of a request; a credential with a picture inside is below one MiB."""

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing inline, nothing evaluated, nothing from elsewhere; ``data:`` are Pico's own icons."""

HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": CSP,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    }
)

HSTS = "max-age=31536000"
LANGUAGE_COOKIE = "lang"


def same_origin(request: Request) -> None:
    """Refuse a form that another site sent; for every page that changes something.

    Raises:
        ForeignOrigin: the browser says that the request comes from elsewhere.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {"same-origin", "none"} if site else False
    if origin and not site:
        foreign = urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise ForeignOrigin("open the page here and send the form again")


class Guard:
    """The outermost layer: bounds the request, picks the language, adds the headers."""

    def __init__(self, app: ASGIApp, *, https: bool = False, max_body: int = MAX_BODY) -> None:
        self.app = app
        self.max_body = max_body
        headers = dict(HEADERS) | ({"Strict-Transport-Security": HSTS} if https else {})
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = choose_language(scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.finish(MutableHeaders(scope=message), asked)
            await send(message)

        await self.app(scope, self.bounded(scope, receive), send_guarded)

    def finish(self, headers: MutableHeaders, asked: str | None) -> None:
        """Add what is missing to the headers of an answer."""
        there = {name for name, _ in headers.raw}
        headers.raw.extend(header for header in self.headers if header[0] not in there)
        if asked:
            cookie = f"{LANGUAGE_COOKIE}={asked}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
            headers.append("Set-Cookie", cookie)

    def bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Count the bytes of a request and stop at the limit."""
        limit = MAX_LIST if _LISTS.fullmatch(scope["path"]) else self.max_body
        left = limit
        declared = Headers(scope=scope).get("content-length", "0")

        async def receive_bounded() -> Message:
            nonlocal left
            if declared.isdigit() and int(declared) > limit:
                raise BodyTooLarge(limit)
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise BodyTooLarge(limit)
            return message

        return receive_bounded


def choose_language(scope: Scope) -> str | None:
    """Speak the language asked for by ``?lang=``, kept in a cookie, or sent by the browser.

    Returns the language when this request asks for it by name, to be remembered.
    """
    headers = Headers(scope=scope)
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=100)
    asked = next(iter(query.get("lang", ())), None)
    if asked not in i18n.languages():
        asked = None
    i18n.speak(asked or remembered(headers.getlist("cookie")) or wished(headers))
    return asked


def wished(headers: Headers) -> str:
    """Read the browser's own wish."""
    return i18n.preferred(headers.get("accept-language", ""), i18n.languages())


def remembered(cookies: Iterable[str]) -> str | None:
    """Read the language cookie; a broken one is no cookie."""
    for header in cookies:
        try:
            morsel = SimpleCookie(header).get(LANGUAGE_COOKIE)
        except CookieError:
            continue
        if morsel and morsel.value in i18n.languages():
            return morsel.value
    return None
