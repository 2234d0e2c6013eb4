"""Europass files over HTTP: ``POST /api/edc/convert`` and ``POST /api/edc/validate``."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from badges import strict_json
from badges.errors import MalformedCredential
from issuer.catalogue import esco
from issuer.edc import service
from issuer.edc.shapes import installed_shapes
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(prefix="/api/edc", tags=["europass"])


class Asked(BaseModel):
    """What is to be converted, and the answers to questions of an earlier try."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credential: dict[str, Any]
    answers: dict[str, Any] = Field(default_factory=dict)


@router.post("/convert", summary="Turn an Open Badge into an EDC draft, or back")
def convert(asked: Asked, request: Request) -> dict[str, Any]:
    """Turn an Open Badge into an EDC draft, or an EDC into an unsigned Open Badge.

    The answer names open questions (`missing`) and what did not come over (`losses`); `document`
    is null while an answer that Europass needs is missing.
    """
    data = strict_json.dumps(asked.credential)
    made = service.convert(data, instance_of(request).now(), answers=asked.answers)
    return made.to_json()


@router.post("/validate", summary="Say what Europass would refuse")
def validate(credential: dict[str, Any], request: Request) -> dict[str, Any]:
    """Say what Europass would refuse in a credential: sealed, wrapped for upload, or plain."""
    folder = instance_of(request).settings.data
    if not credential:
        raise MalformedCredential("send a credential: the body is an empty object")
    index = esco.index_in(folder)
    found = service.validate(
        strict_json.dumps(credential),
        shapes=installed_shapes(folder),
        is_skill=lambda uri: esco.known_skill(index, uri) is not esco.Known.UNKNOWN,
    )
    return found.to_json()
