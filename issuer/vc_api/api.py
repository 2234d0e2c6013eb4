"""VC-API's addresses: issue for each organisation and suite, show a part, revoke, verify.

Spec: W3C CCG VC API. A refusal is a 400 or a 422, never a 200 that says no.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from badges.errors import MalformedCredential
from badges.proofs.selective_disclosure import derive_proof
from did.public_key import Curve
from issuer.errors import NotFound
from issuer.vc_api.checking import checker_of, failures, policy_for, problem_details
from issuer.vc_api.messages import (
    ChangeStatus,
    Derive,
    Issue,
    VerifyCredential,
    VerifyPresentation,
    described,
    member,
    options_of,
    pointers_in,
    read_body,
)
from issuer.vc_api.service import Commission, issue, revoke
from issuer.web import instance_of
from issuer.web.integrators import integrators_only

__all__ = ["router"]

router = APIRouter(tags=["vc-api"])

CURVES = {"p-256": Curve.P256, "p-384": Curve.P384}
"""Kind of key as it stands in an address."""


def document(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the credential a body is about, where it must be JSON.

    Raises:
        MalformedCredential: it is a token, or there is none.
    """
    found = member(body, name)
    if isinstance(found, str):
        raise MalformedCredential("send the credential as a JSON object")
    return found


async def sign(
    request: Request, slug: str | None, suite: str, curve: Curve | None = None
) -> JSONResponse:
    """Sign what the body holds."""
    body = await read_body(request)
    pointers = pointers_in(options_of(body), "mandatoryPointers")
    commission = Commission(document(body, "credential"), slug, suite, curve, pointers)
    signed = await run_in_threadpool(issue, instance_of(request), commission)
    return JSONResponse({"verifiableCredential": signed}, status_code=201)


@router.post(
    "/vc/credentials/issue",
    status_code=201,
    summary="Sign a credential as the alliance",
    dependencies=[Depends(integrators_only)],
    openapi_extra=described(Issue),
)
async def issue_as_alliance(request: Request) -> JSONResponse:
    """Sign with the alliance's key and `eddsa-rdfc-2022`."""
    return await sign(request, None, "eddsa-rdfc-2022")


@router.post(
    "/o/{slug}/vc/{cryptosuite}/credentials/issue",
    status_code=201,
    summary="Sign a credential as an organisation, with one suite",
    dependencies=[Depends(integrators_only)],
    openapi_extra=described(Issue),
)
async def issue_as_organisation(slug: str, cryptosuite: str, request: Request) -> JSONResponse:
    """Sign with the organisation's key of the kind the suite needs."""
    return await sign(request, slug, cryptosuite)


@router.post(
    "/o/{slug}/vc/{cryptosuite}/{curve}/credentials/issue",
    status_code=201,
    summary="Sign a credential as an organisation, with one suite and kind of key",
    dependencies=[Depends(integrators_only)],
    openapi_extra=described(Issue),
)
async def issue_with_curve(
    slug: str, cryptosuite: str, curve: str, request: Request
) -> JSONResponse:
    """Sign with the organisation's P-256 or P-384 key, where the suite takes both."""
    if curve not in CURVES:
        raise NotFound(f"kinds of key are {', '.join(CURVES)}")
    return await sign(request, slug, cryptosuite, CURVES[curve])


@router.post(
    "/vc/credentials/derive",
    status_code=201,
    summary="Show a part of a credential",
    dependencies=[Depends(integrators_only)],
    openapi_extra=described(Derive),
)
async def derive(request: Request) -> JSONResponse:
    """Return what `options.selectivePointers` and the issuer want shown (`ecdsa-sd-2023`)."""
    body = await read_body(request)
    pointers = pointers_in(options_of(body), "selectivePointers") or []
    secured = document(body, "verifiableCredential")
    part = await run_in_threadpool(derive_proof, secured, pointers)
    return JSONResponse({"verifiableCredential": part}, status_code=201)


@router.post(
    "/vc/credentials/status",
    summary="Revoke a credential signed here",
    dependencies=[Depends(integrators_only)],
    openapi_extra=described(ChangeStatus),
)
async def change_status(request: Request) -> JSONResponse:
    """Revoke the credential that carries `credentialStatus`, and publish that at once."""
    body = await read_body(request)
    status = body.get("credentialStatus")
    if not isinstance(status, dict):
        raise MalformedCredential("send {'credentialStatus': …, 'status': true}")
    await run_in_threadpool(revoke, instance_of(request), status, to=body.get("status"))
    return JSONResponse({"credentialStatus": status, "status": True})


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
    found, policy = member(body, name), policy_for(options_of(body))
    data = found.encode() if isinstance(found, str) else orjson.dumps(found)
    report = await checker_of(request)(data, policy)
    against = failures(report, policy)
    answer: dict[str, Any] = {"verified": not against, "errors": against, "report": report}
    answer["problemDetails"] = problem_details(against)
    if policy.proof_only:
        answer["unbound"] = True
    return JSONResponse(answer, status_code=400 if against else 200)
