"""What can be done with one achievement as a whole: copy, offer, archive, take out as a file."""

from enum import StrEnum
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Form, Response

from issuer.admin.achievements.listing import own
from issuer.admin.achievements.writing import Defining, Seeing, author_at, home
from issuer.admin.gate import our_form, see_other
from issuer.catalogue import drafts, sharing, standing
from issuer.catalogue.drafts_store import Draft
from issuer.db.session import unit_of_work
from issuer.errors import NotFound
from issuer.organisations.yaml_file import write_yaml
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements/{key}", include_in_schema=False)


class FileKind(StrEnum):
    """A kind of file."""

    YAML = "yaml"
    JSON = "json"


@router.post("/copy", dependencies=[Depends(our_form)])
def copy(desk: Defining, key: str) -> Response:
    """Begin a new achievement as a copy of this one."""
    with unit_of_work(desk.instance.engine) as connection:
        draft = sharing.copy_own(author_at(desk, connection), key)
    return see_other(f"{home(desk, draft.key)}/edit/about")


@router.post("/offer", dependencies=[Depends(our_form)])
def offer(desk: Defining, key: str, allowed: Annotated[bool, Form()]) -> Response:
    """Say whether other organisations of the alliance may copy it."""
    own(desk, key)
    with unit_of_work(desk.instance.engine) as connection:
        standing.allow_copying(
            desk.instance, connection, key, allowed=allowed, actor=desk.staff.actor
        )
    return see_other(home(desk, key))


@router.post("/archive", dependencies=[Depends(our_form)])
def archive(desk: Defining, key: str) -> Response:
    """Stop awarding it; what was awarded stays valid."""
    own(desk, key)
    with unit_of_work(desk.instance.engine) as connection:
        standing.archive(desk.instance, connection, key, desk.staff.actor)
    return see_other(home(desk, key))


@router.post("/restore", dependencies=[Depends(our_form)])
def restore(desk: Defining, key: str) -> Response:
    """Let it be awarded again."""
    own(desk, key)
    with unit_of_work(desk.instance.engine) as connection:
        standing.restore(desk.instance, connection, key, desk.staff.actor)
    return see_other(home(desk, key))


@router.get("/file.{kind}")
def take(desk: Seeing, key: str, kind: FileKind) -> Response:
    """Send what is published, or the draft where nothing is, as a file for `import`."""
    kept = own(desk, key)
    draft = kept.draft
    if kept.version:
        entry = kept.version.entry
        draft = Draft(desk.organisation.id, key, drafts.content_of(entry), tuple(entry.title))
    if draft is None:
        raise NotFound("this organisation has no such achievement")
    content = sharing.written(draft, desk.organisation)
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{key}.{kind}"'}
    if kind is FileKind.JSON:
        body = orjson.dumps(content, option=orjson.OPT_INDENT_2)
        return Response(body, media_type="application/json", headers=headers)
    return Response(write_yaml(content), media_type="application/yaml", headers=headers)
