"""Award lists over the API: send one, see how far it is, what is to be mended, stop it."""

import hashlib
import secrets
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from issuer.api.answering import Cursor, Key, Limit, answered, once, page, repeat_of
from issuer.api.awarding import own_version
from issuer.api.awards_api import Number
from issuer.api.bearer import Caller, caller
from issuer.api.model import Scope
from issuer.awarding import batch_store, batches
from issuer.awarding.bulk import Upload
from issuer.awarding.workbook import convert, is_workbook, require_readable
from issuer.db.session import reading
from issuer.errors import NotFound

__all__ = ["router"]

router = APIRouter(prefix="/api/o/{slug}/batches", tags=["batches"])

Reading = Annotated[Caller, caller(Scope.AWARD_READ)]
Awarding = Annotated[Caller, caller(Scope.AWARD_WRITE)]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = {"type": "string", "format": "binary"}
EXAMPLE = "given name,family name,e-mail,awarded on\nAda,Byron,ada@student.example,2026-06-12\n"
SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": EXAMPLE},
            XLSX: {"schema": BINARY},
        },
    }
}


@router.post("", status_code=202, summary="Send a list to be awarded", openapi_extra=SENT)
async def send(
    request: Request,
    who: Awarding,
    achievement: Annotated[str, Query(max_length=120)],
    key: Key = None,
) -> Response:
    """Keep a CSV or XLSX file and award it in the background, or after a second look."""
    content = await request.body()
    number = await run_in_threadpool(kept, who, achievement, content, key)
    place = f"/api/o/{who.organisation.slug}/batches/{number}"
    told = await run_in_threadpool(progress, who, number)
    return JSONResponse(told, status_code=202, headers={"Location": place})


def kept(who: Caller, achievement: str, content: bytes, key: str | None) -> int:
    """Keep a list, or find the one that came with this key.

    Raises:
        InvalidUpload: it is no list of people.
        NotFound: the organisation has no such achievement.
    """
    version = own_version(who, achievement)
    name = f"{who.actor}:list:{key or secrets.token_urlsafe(16)}"
    submission = hashlib.sha256(name.encode()).hexdigest()

    def submit() -> int:
        with tempfile.TemporaryDirectory(dir=who.instance.settings.data) as folder:
            path = Path(folder) / "list"
            path.write_bytes(content)
            require_readable(path)
            if is_workbook(path):
                sheet = Path(folder) / "sheet.csv"
                convert(path, sheet)
                path = sheet
            upload = Upload(path, version.key, actor=who.actor, submission=submission)
            return batches.submit(who.instance, upload)

    body = achievement.encode() + b"\n" + content
    return once(who, repeat_of(who, key, body, "list"), submit)


@router.get("", summary="List the lists, newest first")
def listed(request: Request, who: Reading, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Return a page of lists and how far each is."""
    before = int(cursor) if cursor else None
    with reading(who.instance.engine) as connection:
        jobs = batch_store.listed(connection, who.organisation.id, limit + 1, before)
    found = [progress(who, job.batch_id) for job in jobs]
    return answered(request, page(found, limit))


@router.get("/{batch_id}", summary="How far a list is")
def one(request: Request, who: Reading, batch_id: Number) -> Response:
    """Return the stage of a list and how many of its rows are where."""
    return answered(request, progress(who, batch_id))


@router.get("/{batch_id}/problems", summary="What is to be mended in a list")
def problems(request: Request, who: Reading, batch_id: Number) -> Response:
    """Return each problem with its row, its column and what to do."""
    own(who, batch_id)
    found = batches.problems_of(who.instance, batch_id)
    return answered(request, {"items": [asdict(problem) for problem in found]})


@router.post("/{batch_id}/cancel", summary="Stop what is left of a list")
def cancel(who: Awarding, batch_id: Number) -> dict[str, Any]:
    """Stop it; what is issued stays."""
    own(who, batch_id)
    batches.cancel(who.instance, batch_id, who.actor)
    return progress(who, batch_id)


def own(who: Caller, batch_id: int) -> None:
    """Return if this is a list of the organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    with reading(who.instance.engine) as connection:
        job = batch_store.by_number(connection, batch_id)
    if job.body_id != who.organisation.id:
        raise NotFound(f"there is no batch {batch_id}")


def progress(who: Caller, batch_id: int) -> dict[str, Any]:
    """Tell how far a list is."""
    own(who, batch_id)
    found = batches.progress_of(who.instance, batch_id)
    counts = asdict(found.counts)
    return {"id": batch_id, "stage": found.stage, "rows": found.rows, "counts": counts}
