"""What VC-API callers send.

Spec: W3C CCG VC API, §3.2 (issuing, status), §3.3 (verifying), §3.4 (deriving).
Shape: bodies are read by our strict JSON reader, so that what is signed or checked is exactly what
was sent; the models only describe them.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from badges import strict_json
from badges.errors import MalformedCredential, MalformedValue

__all__ = [
    "ChangeStatus",
    "Derive",
    "Issue",
    "VerifyCredential",
    "VerifyPresentation",
    "described",
    "member",
    "options_of",
    "pointers_in",
    "read_body",
]


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


class Derive(BaseModel):
    """A credential of which a part is to be shown; `options.selectivePointers` says which."""

    verifiableCredential: dict[str, Any]  # noqa: N815 - the specification's word
    options: dict[str, Any] = Field(default_factory=dict)


class ChangeStatus(BaseModel):
    """A credential to be revoked, by the status it carries."""

    credentialStatus: dict[str, Any]  # noqa: N815 - the specification's word
    status: bool


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


def options_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options of a request; none is none."""
    options = body.get("options")
    return options if isinstance(options, Mapping) else {}


def member(body: Mapping[str, Any], name: str) -> dict[str, Any] | str:
    """Return the credential or presentation a body is about.

    Raises:
        MalformedCredential: there is none.
    """
    found = body.get(name)
    if isinstance(found, dict) or (isinstance(found, str) and found):
        return found
    raise MalformedCredential(f"send {{{name!r}: …}}: a JSON object, or a token as text")


def pointers_in(options: Mapping[str, Any], name: str) -> list[str] | None:
    """Return the JSON pointers of an option.

    Raises:
        MalformedValue: it is no list of texts.
    """
    found = options.get(name)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise MalformedValue(f"{name} is a list of JSON pointers")
    return found
