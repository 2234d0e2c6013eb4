"""The address where clients get their tokens.

Spec: RFC 6749 §4.4; refusals are OAuth's own documents, not problems.
"""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from issuer.api.model import Scope
from issuer.api.tokens import TokenRefused, grant
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(tags=["clients"])

FORM = "application/x-www-form-urlencoded"
MOST = 32_000
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FIELDS = ("client_id", "client_secret", "client_assertion_type", "client_assertion", "scope")

ASKED = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        **{name: {"type": "string"} for name in FIELDS},
                    },
                },
                "example": {
                    "grant_type": "client_credentials",
                    "client_id": "c-5f2b0c7d9e1a4b6c8d0e2f4a",
                    "client_secret": "the secret that was shown once",
                    "scope": f"{Scope.AWARD_READ} {Scope.AWARD_WRITE}",
                },
            }
        },
    }
}


REFUSED: dict[str, Any] = {
    "description": "OAuth's refusal (RFC 6749 §5.2)",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error"],
                "properties": {
                    "error": {"type": "string"},
                    "error_description": {"type": "string"},
                },
            },
            "example": {"error": "invalid_client", "error_description": "sign in in one way only"},
        }
    },
}


@router.post(
    "/api/token",
    summary="Get a token for an hour",
    openapi_extra=ASKED,
    responses={400: REFUSED, 401: REFUSED},
)
async def token(request: Request) -> JSONResponse:
    """Give a client a bearer token: `client_secret_basic`, `client_secret_post`, or a JWT."""
    try:
        form = read_form(request.headers.get("content-type", ""), await request.body())
        authorization = request.headers.get("authorization", "")
        address = request.client.host if request.client else ""
        answer = await run_in_threadpool(grant, instance_of(request), form, authorization, address)
    except TokenRefused as error:
        headers = dict(NO_STORE)
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="learnseal"'
        told = {"error": error.code, "error_description": str(error)}
        return JSONResponse(told, status_code=error.status, headers=headers)
    return JSONResponse(answer, headers=NO_STORE)


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """Return the fields of a form; each may come once (RFC 6749 §3.2).

    Raises:
        TokenRefused: it is no such form.
    """
    if content_type.partition(";")[0].strip().lower() != FORM or len(body) > MOST:
        raise TokenRefused("invalid_request", f"send a form ({FORM})")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise TokenRefused("invalid_request", "the form cannot be read") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefused("invalid_request", "a field came twice")
    return form
