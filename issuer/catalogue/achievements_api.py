"""Achievements over HTTP: ``POST /api/achievements/check`` looks one over by the desk's rules."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict

from issuer.catalogue.examining import MICRO_CREDENTIAL, Examination, examine
from issuer.catalogue.service import uri_of
from issuer.db.session import reading
from issuer.organisations import store as organisations
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(prefix="/api/achievements", tags=["achievements"])

EXAMPLE = {
    "id": "water-in-the-city",
    "type": "MicroCredential",
    "awarding_body": "halvik",
    "title": {"en": "Water in the city"},
    "description": {"en": "Plan a drainage system that stands a heavy rain."},
    "ects": 2.5,
    "hours": 68,
}


class FoundRemark(BaseModel):
    """Something to mend, or to think of, and where."""

    model_config = ConfigDict(frozen=True)

    field: str
    message: str


class Checked(BaseModel):
    """What was found."""

    model_config = ConfigDict(frozen=True)

    publishable: bool
    """It may be published as what it says it is."""

    elements: int
    """How many of the 11 mandatory EU standard elements there are."""

    missing: tuple[str, ...]
    problems: tuple[FoundRemark, ...]
    advice: tuple[FoundRemark, ...]
    digest: str


@router.post("/check", summary="Look an achievement over")
def check(
    request: Request,
    content: Annotated[dict[str, Any], Body(openapi_examples={"badge": {"value": EXAMPLE}})],
) -> Checked:
    """Count the EU standard elements, and say what is wrong or missing; nothing is kept.

    The body is the content of an achievement's file as JSON (docs/achievements.md).
    """
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        body = organisations.by_slug(connection, str(content.get("awarding_body", ""))[:63])
    key = str(content.get("id", ""))[:120]
    found = examine(content, body.particulars, uri_of(instance, body, key))
    return Checked(publishable=publishable(content, found), **found.to_json())


def publishable(content: dict[str, Any], found: Examination) -> bool:
    """Tell whether it may be published as what it says it is."""
    named = content.get("type", MICRO_CREDENTIAL)
    return found.entry is not None and not (named == MICRO_CREDENTIAL and found.missing)
