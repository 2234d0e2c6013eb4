"""VC-API's addresses: one to issue for each organisation and suite, and two to verify.

Spec: W3C CCG VC API. A refusal is a 400 or a 422, never a 200 that says no.
"""

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from badges.errors import MalformedCredential
from issuer.errors import NotAllowed
from issuer.vc_api.checking import checker_of, failures, policy_for
from issuer.vc_api.messages import (
    Issue,
    VerifyCredential,
    VerifyPresentation,
    described,
    member,
    read_body,
)
from issuer.vc_api.service import Commission, issue
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(tags=["vc-api"])

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def may_issue(request: Request) -> None:
    """Let integrators issue: with the token, or on a machine that serves nobody else.

    Raises:
        NotAllowed: neither.
    """
    settings = instance_of(request).settings
    if settings.vc_api_token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), settings.vc_api_token.encode()):
            raise NotAllowed("send the bearer token of this service's VC-API")
    elif urlsplit(settings.origin).hostname not in LOCAL:
        raise NotAllowed(
            "this service issues through VC-API only when LEARNSEAL_VC_API_TOKEN is set"
        )


async def sign(request: Request, slug: str | None, suite: str) -> JSONResponse:
    """Sign what the body holds."""
    credential = member(await read_body(request), "credential")
    if isinstance(credential, str):
        raise MalformedCredential("send the credential as a JSON object")
    commission = Commission(credential, slug, suite)
    signed = await run_in_threadpool(issue, instance_of(request), commission)
    return JSONResponse({"verifiableCredential": signed}, status_code=201)


@router.post(
    "/vc/credentials/issue",
    status_code=201,
    summary="Sign a credential as the alliance",
    dependencies=[Depends(may_issue)],
    openapi_extra=described(Issue),
)
async def issue_as_alliance(request: Request) -> JSONResponse:
    """Sign with the alliance's key and `eddsa-rdfc-2022`."""
    return await sign(request, None, "eddsa-rdfc-2022")


@router.post(
    "/o/{slug}/vc/{cryptosuite}/credentials/issue",
    status_code=201,
    summary="Sign a credential as an organisation, with one suite",
    dependencies=[Depends(may_issue)],
    openapi_extra=described(Issue),
)
async def issue_as_organisation(slug: str, cryptosuite: str, request: Request) -> JSONResponse:
    """Sign with the organisation's key of the kind the suite needs."""
    return await sign(request, slug, cryptosuite)


@router.post(
    "/vc/credentials/verify",
    summary="Check a credential",
    openapi_extra=described(VerifyCredential),
)
async def verify_credential(request: Request) -> JSONResponse:
    """Answer 200 when it is verified, 400 when it is not."""
    return await check(request, "verifiableCredential")


@router.post(
    "/vc/presentations/verify",
    summary="Check a presentation",
    openapi_extra=described(VerifyPresentation),
)
async def verify_presentation(request: Request) -> JSONResponse:
    """Answer 200 when it and everything in it is verified, 400 when not."""
    return await check(request, "verifiablePresentation")


async def check(request: Request, name: str) -> JSONResponse:
    """Check what the body holds under `name`."""
    body = await read_body(request)
    document, options = member(body, name), body.get("options")
    policy = policy_for(options if isinstance(options, Mapping) else {})
    data = document.encode() if isinstance(document, str) else orjson.dumps(document)
    report = await checker_of(request)(data, policy)
    found = failures(report, policy)
    answer: dict[str, Any] = {"verified": not found, "errors": found, "report": report}
    if policy.proof_only:
        answer["unbound"] = True
    return JSONResponse(answer, status_code=400 if found else 200)
