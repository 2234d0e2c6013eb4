"""Skills over HTTP: ``GET /api/esco/skills?q=…&lang=…`` and ``GET /api/esco/skill?uri=…``."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from issuer.catalogue import esco
from issuer.catalogue.esco_file import Skill
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(prefix="/api/esco", tags=["skills"])


class FoundSkill(BaseModel):
    """One skill, as it is proposed to people."""

    model_config = ConfigDict(frozen=True)

    uri: str
    label: str
    type: str
    reuse_level: str
    alternatives: tuple[str, ...]


class FoundSkills(BaseModel):
    """The answer to a search."""

    model_config = ConfigDict(frozen=True)

    skills: tuple[FoundSkill, ...]
    language: str
    complete: bool
    """False: only the selection that comes with the product was searched."""

    attribution: str = esco.ATTRIBUTION


class KnownSkill(BaseModel):
    """What can be said of one URI."""

    model_config = ConfigDict(frozen=True)

    uri: str
    status: esco.Known


@router.get("/skills", summary="Search ESCO skills")
def skills(
    request: Request,
    q: Annotated[str, Query(max_length=200)],
    lang: Annotated[str, Query(pattern="^[a-z]{2}$")] = "en",
    limit: Annotated[int, Query(ge=1, le=esco.MAX_RESULTS)] = 20,
) -> FoundSkills:
    """Search ESCO skills; the beginnings of words suffice."""
    index = esco.index_in(instance_of(request).settings.data)
    found = esco.search(index, q, lang=lang, limit=limit)
    complete = index.languages()[lang]
    return FoundSkills(skills=tuple(map(_shown, found)), language=lang, complete=complete)


@router.get("/skill", summary="Tell whether a URI is a current ESCO skill")
def skill(request: Request, uri: Annotated[str, Query(max_length=200)]) -> KnownSkill:
    """Tell whether a URI is a current ESCO skill."""
    index = esco.index_in(instance_of(request).settings.data)
    return KnownSkill(uri=uri, status=esco.known_skill(index, uri))


def _shown(found: Skill) -> FoundSkill:
    return FoundSkill(
        uri=found.uri,
        label=found.label,
        type=found.kind,
        reuse_level=found.reuse_level,
        alternatives=found.alternatives,
    )
