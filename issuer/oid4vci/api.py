"""The addresses a wallet talks to, under ``/o/{slug}`` and the well-known paths.

Spec: OpenID4VCI 1.0 §4 to §12, RFC 8414 §3.1. Both forms of each well-known path are served:
inserted after the host (1.0) and appended to the issuer (drafts up to 15).
Answers are readable by wallets in a browser (CORS): nothing here depends on cookies.
Shape: plain routes, without the framework's dependencies and schemas, of which nothing is used
here: a wallet asks six times for one badge.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match, Route
from starlette.types import Scope
from typing_extensions import override

from issuer.claiming.proving_pages import browser_of
from issuer.errors import NotFound
from issuer.oid4vci import (
    browser,
    credentials,
    deferred,
    encryption,
    metadata,
    offers,
    publishing,
    tokens,
)
from issuer.oid4vci.answers import Answer
from issuer.oid4vci.copies import Issue, issue_copies
from issuer.oid4vci.credentials import Bearer
from issuer.oid4vci.desk import Desk, desk_at_hand, open_desk
from issuer.oid4vci.messages import MAX_BODY, parse_form, read_object
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.wallet_attestation import Attested, verify_client
from issuer.web.layout import render
from issuer.web.request import instance_of

__all__ = ["ROUTES"]

NO_STORE = {"Cache-Control": "no-store"}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP, Accept-Language, "
    "OAuth-Client-Attestation, OAuth-Client-Attestation-PoP",
    "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce",
    "Access-Control-Max-Age": "600",
}
_CORS = [(name.lower().encode(), value.encode()) for name, value in CORS.items()]
FORM_CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The page sends the learner back to the wallet: any address, so no ``form-action``."""


Endpoint = Callable[[Request, Desk], Awaitable[Response]]
"""What answers at one address, for the organisation in its path."""


def refusal(refused: Refused, body: dict[str, Any] | None = None) -> Response:
    """Return a refusal as OAuth writes it."""
    members = body or {"error": refused.code, "error_description": refused.why}
    return JSONResponse(members, refused.status, headers={**NO_STORE, **refused.headers()})


async def desk_of(request: Request) -> Desk:
    """Return the counter of the organisation in the path."""
    instance, slug = instance_of(request), request.path_params["slug"]
    kept = desk_at_hand(instance, slug)
    return await run_in_threadpool(open_desk, instance, slug) if kept is None else kept


def issuing(request: Request) -> Issue:
    """Return how holders' copies are made: by this service, unless its application says how."""
    issue: Issue = getattr(request.app.state, "issue_copies", issue_copies)
    return issue


async def form_of(request: Request) -> dict[str, str]:
    """Return the form in a request."""
    body = await request.body()
    if len(body) > MAX_BODY:
        raise Refused(Code.INVALID_REQUEST, "the request is too large")
    try:
        return parse_form(parse_qsl(body.decode("ascii"), keep_blank_values=True))
    except ValueError as error:
        raise Refused(Code.INVALID_REQUEST, "the request is no form") from error


async def issuer_metadata(request: Request, desk: Desk, *, legacy: bool = False) -> Response:
    """Say what this organisation issues and how."""
    kept = publishing.metadata_at_hand(desk, request.headers, legacy=legacy)
    if kept is not None:
        return kept
    answer = partial(publishing.answer_metadata, legacy=legacy)
    return await run_in_threadpool(answer, desk, request.headers)


async def server_metadata(_request: Request, desk: Desk) -> Response:
    """Say how this organisation's authorization server works."""
    return JSONResponse(
        metadata.create_server_metadata(desk.site), headers={"Cache-Control": "max-age=300"}
    )


async def jwt_vc_issuer(_request: Request, desk: Desk) -> Response:
    """Say which keys sign this organisation's tokens (SD-JWT VC §5)."""
    keys = await run_in_threadpool(publishing.jwt_vc_issuer, desk)
    return JSONResponse(keys, headers={"Cache-Control": "max-age=300"})


async def type_metadata(request: Request, desk: Desk) -> Response:
    """Say what an SD-JWT VC type means (SD-JWT VC §6)."""
    for one in desk.configurations.values():
        if one.achievement == request.path_params["achievement"]:
            return JSONResponse(
                metadata.create_type_metadata(desk.site, one),
                headers={"Cache-Control": "max-age=300"},
            )
    raise NotFound("there is no such type")


async def offer(request: Request, desk: Desk) -> Response:
    """Give the credential offer behind a link (§4.1.3)."""
    found = await run_in_threadpool(offers.show_offer, desk, request.path_params["ticket"])
    return JSONResponse(found, headers=NO_STORE)


async def push(request: Request, desk: Desk) -> Response:
    """Take an authorization request before the browser opens (RFC 9126)."""
    form = await form_of(request)
    sent = _attested(request)
    await run_in_threadpool(verify_client, desk, sent, form.get("client_id"))
    answer = await run_in_threadpool(browser.push, desk, form)
    return JSONResponse(answer, 201, headers=NO_STORE)


async def authorize(request: Request, desk: Desk) -> Response:
    """Ask the learner, or go straight back to the wallet."""
    try:
        sent = parse_form(request.query_params.multi_items())
        return _way_on(request, await run_in_threadpool(browser.authorize, desk, sent))
    except Refused as refused:
        return _dead_end(request, refused)


async def answer_form(request: Request, desk: Desk) -> Response:
    """Take what the learner typed."""
    form = await form_of(request)
    cookie = browser_of(request)
    try:
        return _way_on(request, await run_in_threadpool(browser.answer_form, desk, form, cookie))
    except browser.ProveFirst as first:
        return _page(request, "oid4vci/prove_first.html", code=first.code)
    except Refused as refused:
        return _dead_end(request, refused)


async def token(request: Request, desk: Desk) -> Response:
    """Give an access token for a code (§6)."""
    form = await form_of(request)
    if "authorization" in request.headers:
        raise Refused(Code.INVALID_CLIENT, "clients do not authenticate here", status=401)
    sent, proof = _attested(request), _one_header(request, "dpop")

    def redeem() -> dict[str, object]:
        client = verify_client(desk, sent, form.get("client_id"))
        return tokens.redeem(desk, form, tokens.Shown(proof, client))

    return JSONResponse(await run_in_threadpool(redeem), headers=NO_STORE)


async def nonce(_request: Request, desk: Desk) -> Response:
    """Give a nonce (§7)."""
    return JSONResponse({"c_nonce": tokens.create_nonce(desk)}, headers=NO_STORE)


async def credential(request: Request, desk: Desk) -> Response:
    """Give credentials (§8)."""
    step = partial(credentials.hand_out, issue=issuing(request))
    return await _answer(request, desk, step, Code.INVALID_CREDENTIAL_REQUEST)


async def deferred_credential(request: Request, desk: Desk) -> Response:
    """Give credentials that were not ready before (§9)."""
    step = partial(deferred.fetch_deferred, issue=issuing(request))
    return await _answer(request, desk, step, Code.INVALID_TRANSACTION_ID)


async def notification(request: Request, desk: Desk) -> Response:
    """Hear what became of credentials (§11)."""
    body = await request.body()
    bearer = _bearer(request, desk)

    def tell() -> None:
        access = credentials.identify(desk, bearer)
        members = read_object(body, Code.INVALID_NOTIFICATION_REQUEST)
        credentials.notify(desk, access, members)

    await run_in_threadpool(tell)
    return Response(status_code=204, headers=NO_STORE)


async def _answer(
    request: Request, desk: Desk, step: Callable[..., Answer], malformed: Code
) -> Response:
    """Open the request, take the step, and close the answer as the wallet wants it."""
    body = await request.body()
    encrypted = request.headers.get("content-type", "").partition(";")[0].strip() == (
        "application/jwt"
    )
    bearer = _bearer(request, desk)

    def take() -> Response:
        access = credentials.identify(desk, bearer)
        text = encryption.decrypt_request(body, desk.encryption_key) if encrypted else body
        members = read_object(text, malformed)
        answer = step(desk, access, members, encrypted=encrypted)
        if answer.encrypt is not None:
            sealed = encryption.encrypt_answer(answer.members, answer.encrypt)
            return Response(sealed, answer.status, NO_STORE, "application/jwt")
        written = orjson.dumps(dict(answer.members))
        return Response(written, answer.status, NO_STORE, "application/json")

    try:
        return await run_in_threadpool(take)
    except Refused as refused:
        return refusal(refused, credentials.with_fresh_nonce(desk, refused))


def _bearer(request: Request, desk: Desk) -> Bearer | None:
    """Read how a request authenticates; a token in the URL does not count (RFC 6750 §2.3)."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in ("bearer", "dpop") or not secret.strip():
        return None
    url = f"{desk.site.origin}{request.url.path}"
    return Bearer(scheme.lower(), secret.strip(), _one_header(request, "dpop"), url)


def _attested(request: Request) -> Attested:
    headers = request.headers
    return Attested(
        headers.get("oauth-client-attestation"), headers.get("oauth-client-attestation-pop")
    )


def _one_header(request: Request, name: str) -> str | None:
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise Refused(Code.INVALID_DPOP_PROOF, "more than one DPoP header")
    return values[0] if values else None


def _way_on(request: Request, found: browser.Ask | str) -> Response:
    if isinstance(found, str):
        return RedirectResponse(found, 302, headers=NO_STORE)
    return _page(request, "oid4vci/authorize.html", ask=found)


def _dead_end(request: Request, refused: Refused) -> Response:
    """Tell a learner in words, and a program in JSON, that there is no safe way back."""
    if "text/html" not in request.headers.get("accept", ""):
        raise refused
    return _page(request, "oid4vci/dead_end.html", status=refused.status, refused=refused)


def _page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    page = render(request, template, status=status, private=True, **values)
    page.headers["Content-Security-Policy"] = FORM_CSP
    return page


class Door(Route):
    """One address: refuses in the words of OAuth, and lets browsers read its answers."""

    def __init__(self, path: str, endpoints: Mapping[str, Endpoint]) -> None:
        async def answer(request: Request) -> Response:
            if request.method == "OPTIONS":  # a wallet in a browser asks first
                return Response(status_code=204, headers=CORS)
            try:
                given = await endpoints[request.method](request, await desk_of(request))
            except Refused as refused:
                given = refusal(refused)
            given.raw_headers.extend(_CORS)
            return given

        super().__init__(path, answer, methods=[*endpoints, "OPTIONS"], include_in_schema=False)
        self.methods = {*endpoints, "OPTIONS"}  # no HEAD: asking for consent is not only reading

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        if match is not Match.NONE:
            found["route"] = self  # what its figures are counted under
        return match, found


_ISSUER = {"GET": issuer_metadata}
_ISSUER_APPENDED = {"GET": partial(issuer_metadata, legacy=True)}
_SERVER = {"GET": server_metadata}
_TOKEN_ISSUER = {"GET": jwt_vc_issuer}

ROUTES = (
    Door("/o/{slug}/offers/{ticket}", {"GET": offer}),
    Door("/.well-known/openid-credential-issuer/o/{slug}", _ISSUER),
    Door("/o/{slug}/token", {"POST": token}),
    Door("/o/{slug}/nonce", {"POST": nonce}),
    Door("/o/{slug}/credential", {"POST": credential}),
    Door("/o/{slug}/notification", {"POST": notification}),
    Door("/o/{slug}/deferred_credential", {"POST": deferred_credential}),
    Door("/o/{slug}/.well-known/openid-credential-issuer", _ISSUER_APPENDED),  # drafts up to 15
    Door("/.well-known/oauth-authorization-server/o/{slug}", _SERVER),
    Door("/o/{slug}/.well-known/oauth-authorization-server", _SERVER),
    Door("/.well-known/openid-configuration/o/{slug}", _SERVER),
    Door("/o/{slug}/.well-known/openid-configuration", _SERVER),
    Door("/.well-known/jwt-vc-issuer/o/{slug}", _TOKEN_ISSUER),
    Door("/o/{slug}/.well-known/jwt-vc-issuer", _TOKEN_ISSUER),
    Door("/o/{slug}/vct/{achievement}", {"GET": type_metadata}),
    Door("/o/{slug}/par", {"POST": push}),
    Door("/o/{slug}/authorize", {"GET": authorize, "POST": answer_form}),
)
"""Every address, those of the usual claim first."""
