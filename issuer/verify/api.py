"""The verify address for programs: a credential in, a report out."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from badges import strict_json
from badges.errors import MalformedCredential
from issuer.errors import NothingToCheck
from issuer.verify.messages import OPENAPI, Report
from issuer.verify.service import fetched, verify
from issuer.verify.sources import Verifier, verifier_of
from issuer.verify.submission import Submission
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(tags=["verify"])


@router.post(
    "/api/verify",
    summary="Check one credential",
    response_model=Report,
    openapi_extra=OPENAPI,
)
async def check(request: Request, content_type: Annotated[str, Header()] = "") -> Response:
    """Check what is sent: a credential as it is, `{"credential": …}` or `{"url": "https://…"}`.

    A forged or revoked credential is a 200 with a report that says so. Nothing is stored.
    """
    verifier = verifier_of(request)
    given = await submission(verifier, await request.body(), content_type)
    answer = await verify(verifier, given, instance_of(request).now())
    if answer.unreadable:
        raise MalformedCredential(answer.unreadable)
    return JSONResponse(answer.report, headers={"Cache-Control": "no-store"})


async def submission(verifier: Verifier, body: bytes, content_type: str) -> Submission:
    """Return what is to be checked: the body, or what its envelope holds."""
    if not body.strip():
        raise NothingToCheck('send the credential, {"credential": …} or {"url": "https://…"}')
    wrapped = envelope(body) if "json" in content_type else None
    if wrapped is None:
        return Submission(body, "body")
    if "url" in wrapped:
        return await fetched(verifier, str(wrapped["url"]))
    credential = wrapped["credential"]
    data = credential.encode() if isinstance(credential, str) else orjson.dumps(credential)
    return Submission(data, "body")


def envelope(body: bytes) -> dict[str, Any] | None:
    """Return the envelope if `body` is one: an object with nothing but a credential or a URL."""
    found = strict_json.loads(body)
    return found if isinstance(found, dict) and found.keys() in ({"url"}, {"credential"}) else None
