"""What VC-API callers send.

Spec: W3C CCG VC API, §3.2 (issuing) and §3.3 (verifying).
Shape: bodies are read by our strict JSON reader, so that what is signed or checked is exactly what
was sent; the models only describe them.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from badges import strict_json
from badges.errors import MalformedCredential

__all__ = ["Issue", "VerifyCredential", "VerifyPresentation", "described", "member", "read_body"]


class Issue(BaseModel):
    """A credential to be signed."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": True})

    credential: dict[str, Any]
    options: dict[str, Any] = Field(default_factory=dict)


class VerifyCredential(BaseModel):
    """A credential to be checked; `options.checks` may be ``["proof"]``."""

    verifiableCredential: dict[str, Any] | str  # noqa: N815 - the specification's word
    options: dict[str, Any] = Field(default_factory=dict)


class VerifyPresentation(BaseModel):
    """A presentation to be checked, with the challenge and domain it must answer."""

    verifiablePresentation: dict[str, Any] | str  # noqa: N815 - the specification's word
    options: dict[str, Any] = Field(default_factory=dict)


def described(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body for OpenAPI."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def read_body(request: Request) -> Mapping[str, Any]:
    """Read the body of a request.

    Raises:
        MalformedCredential: it is not a JSON object.
    """
    body = strict_json.loads(await request.body())
    if not isinstance(body, Mapping):
        raise MalformedCredential("send a JSON object")
    return body


def member(body: Mapping[str, Any], name: str) -> dict[str, Any] | str:
    """Return the credential or presentation a body is about.

    Raises:
        MalformedCredential: there is none.
    """
    found = body.get(name)
    if isinstance(found, dict) or (isinstance(found, str) and found):
        return found
    raise MalformedCredential(f"send {{{name!r}: …}}: a JSON object, or a token as text")
