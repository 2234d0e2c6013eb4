# ruff: noqa: FAST003 - `slug` is read by the dependency `desk_of`
"""The addresses a wallet talks to, under ``/o/{slug}`` and the well-known paths.

Spec: OpenID4VCI 1.0 §4 to §12, RFC 8414 §3.1. Both forms of each well-known path are served:
inserted after the host (1.0) and appended to the issuer (drafts up to 15).
Answers are readable by wallets in a browser (CORS): nothing here depends on cookies.
"""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from typing_extensions import override

from issuer.claiming.proving_pages import browser_of
from issuer.errors import NotFound
from issuer.oid4vci import (
    browser,
    credentials,
    encryption,
    metadata,
    offers,
    publishing,
    tokens,
)
from issuer.oid4vci.copies import issue_copy
from issuer.oid4vci.credentials import Answer, Bearer, Issue
from issuer.oid4vci.desk import Desk, desk_at_hand, open_desk
from issuer.oid4vci.messages import MAX_BODY, parse_form, read_object
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.wallet_attestation import Attested, verify_client
from issuer.web.layout import render
from issuer.web.request import instance_of

__all__ = ["router"]

NO_STORE = {"Cache-Control": "no-store"}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP, Accept-Language, "
    "OAuth-Client-Attestation, OAuth-Client-Attestation-PoP",
    "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce",
    "Access-Control-Max-Age": "600",
}
FORM_CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The page sends the learner back to the wallet: any address, so no ``form-action``."""


class WalletRoute(APIRoute):
    """A route that refuses in the words of OAuth and lets browsers read its answers."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the refusals and headers around it."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                answer = await inner(request)
            except Refused as refused:
                answer = refusal(refused)
            answer.headers.update(CORS)
            return answer

        return handle


router = APIRouter(route_class=WalletRoute, include_in_schema=False)


def refusal(refused: Refused, body: dict[str, Any] | None = None) -> Response:
    """Return a refusal as OAuth writes it."""
    members = body or {"error": refused.code, "error_description": refused.why}
    return JSONResponse(members, refused.status, headers={**NO_STORE, **refused.headers()})


async def desk_of(request: Request, slug: str) -> Desk:
    """Return the counter of the organisation in the path."""
    instance = instance_of(request)
    kept = desk_at_hand(instance, slug)
    return await run_in_threadpool(open_desk, instance, slug) if kept is None else kept


AtDesk = Annotated[Desk, Depends(desk_of)]


async def issuing(request: Request) -> Issue:
    """Return how a holder's copy is made: by this service, unless its application says how."""
    issue: Issue = getattr(request.app.state, "issue_copy", issue_copy)
    return issue


Issuing = Annotated[Issue, Depends(issuing)]


async def form_of(request: Request) -> dict[str, str]:
    """Return the form in a request."""
    body = await request.body()
    if len(body) > MAX_BODY:
        raise Refused(Code.INVALID_REQUEST, "the request is too large")
    try:
        return parse_form(parse_qsl(body.decode("ascii"), keep_blank_values=True))
    except ValueError as error:
        raise Refused(Code.INVALID_REQUEST, "the request is no form") from error


Form = Annotated[dict[str, str], Depends(form_of)]


@router.get("/.well-known/openid-credential-issuer/o/{slug}")
def issuer_metadata(request: Request, desk: AtDesk) -> Response:
    """Say what this organisation issues and how."""
    return publishing.answer_metadata(desk, request.headers, legacy=False)


@router.get("/o/{slug}/.well-known/openid-credential-issuer")
def issuer_metadata_appended(request: Request, desk: AtDesk) -> Response:
    """Say the same where drafts up to 15 ask."""
    return publishing.answer_metadata(desk, request.headers, legacy=True)


@router.get("/.well-known/oauth-authorization-server/o/{slug}")
@router.get("/o/{slug}/.well-known/oauth-authorization-server")
@router.get("/.well-known/openid-configuration/o/{slug}")
@router.get("/o/{slug}/.well-known/openid-configuration")
def server_metadata(desk: AtDesk) -> Response:
    """Say how this organisation's authorization server works."""
    return JSONResponse(
        metadata.create_server_metadata(desk.site), headers={"Cache-Control": "max-age=300"}
    )


@router.get("/.well-known/jwt-vc-issuer/o/{slug}")
@router.get("/o/{slug}/.well-known/jwt-vc-issuer")
def jwt_vc_issuer(desk: AtDesk) -> Response:
    """Say which keys sign this organisation's tokens (SD-JWT VC §5)."""
    return JSONResponse(publishing.jwt_vc_issuer(desk), headers={"Cache-Control": "max-age=300"})


@router.get("/o/{slug}/vct/{achievement}")
def type_metadata(desk: AtDesk, achievement: str) -> Response:
    """Say what an SD-JWT VC type means (SD-JWT VC §6)."""
    for one in desk.configurations.values():
        if one.achievement == achievement:
            return JSONResponse(
                metadata.create_type_metadata(desk.site, one),
                headers={"Cache-Control": "max-age=300"},
            )
    raise NotFound("there is no such type")


@router.get("/o/{slug}/offers/{ticket}")
def offer(desk: AtDesk, ticket: str) -> Response:
    """Give the credential offer behind a link (§4.1.3)."""
    return JSONResponse(offers.show_offer(desk, ticket), headers=NO_STORE)


@router.post("/o/{slug}/par")
async def push(request: Request, desk: AtDesk, form: Form) -> Response:
    """Take an authorization request before the browser opens (RFC 9126)."""
    sent = _attested(request)
    await run_in_threadpool(verify_client, desk, sent, form.get("client_id"))
    answer = await run_in_threadpool(browser.push, desk, form)
    return JSONResponse(answer, 201, headers=NO_STORE)


@router.get("/o/{slug}/authorize")
def authorize(request: Request, desk: AtDesk) -> Response:
    """Ask the learner, or go straight back to the wallet."""
    try:
        sent = parse_form(request.query_params.multi_items())
        return _way_on(request, browser.authorize(desk, sent))
    except Refused as refused:
        return _dead_end(request, refused)


@router.post("/o/{slug}/authorize")
async def answer_form(request: Request, desk: AtDesk, form: Form) -> Response:
    """Take what the learner typed."""
    cookie = browser_of(request)
    try:
        return _way_on(request, await run_in_threadpool(browser.answer_form, desk, form, cookie))
    except browser.ProveFirst as first:
        return _page(request, "oid4vci/prove_first.html", code=first.code)
    except Refused as refused:
        return _dead_end(request, refused)


@router.post("/o/{slug}/token")
async def token(request: Request, desk: AtDesk, form: Form) -> Response:
    """Give an access token for a code (§6)."""
    if "authorization" in request.headers:
        raise Refused(Code.INVALID_CLIENT, "clients do not authenticate here", status=401)
    sent, proof = _attested(request), _one_header(request, "dpop")

    def redeem() -> dict[str, object]:
        client = verify_client(desk, sent, form.get("client_id"))
        return tokens.redeem(desk, form, tokens.Shown(proof, client))

    return JSONResponse(await run_in_threadpool(redeem), headers=NO_STORE)


@router.post("/o/{slug}/nonce")
async def nonce(desk: AtDesk) -> Response:
    """Give a nonce (§7)."""
    return JSONResponse({"c_nonce": tokens.create_nonce(desk)}, headers=NO_STORE)


@router.post("/o/{slug}/credential")
async def credential(request: Request, desk: AtDesk, issue: Issuing) -> Response:
    """Give credentials (§8)."""
    step = partial(credentials.hand_out, issue=issue)
    return await _answer(request, desk, step, Code.INVALID_CREDENTIAL_REQUEST)


@router.post("/o/{slug}/deferred_credential")
async def deferred_credential(request: Request, desk: AtDesk, issue: Issuing) -> Response:
    """Give credentials that were not ready before (§9)."""
    step = partial(credentials.fetch_deferred, issue=issue)
    return await _answer(request, desk, step, Code.INVALID_TRANSACTION_ID)


@router.post("/o/{slug}/notification")
async def notification(request: Request, desk: AtDesk) -> Response:
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
        return JSONResponse(dict(answer.members), answer.status, headers=NO_STORE)

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


def preflight() -> Response:
    """Let a wallet in a browser ask first."""
    return Response(status_code=204)


for path in sorted({route.path for route in router.routes if isinstance(route, APIRoute)}):
    router.add_api_route(path, preflight, methods=["OPTIONS"])
