"""Many credentials at once, for programs: a ZIP or a CSV in, one report a line out."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse

from issuer.verify.bulk import Row, read_entries, rows
from issuer.verify.bulk_pages import csv_answer
from issuer.verify.sources import verifier_of
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(tags=["verify"])

OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    "responses": {
        "200": {
            "description": "one report a line, in the order of the entries, as they are known",
            "content": {"application/x-ndjson": {}, "text/csv": {}},
        }
    },
}


@router.post(
    "/api/verify/many",
    summary="Check up to 1,000 credentials",
    openapi_extra=OPENAPI,
    response_class=Response,
)
async def check(request: Request, accept: Annotated[str, Header()] = "") -> StreamingResponse:
    """Check the files of a ZIP, or what the links of a CSV lead to. Nothing is stored."""
    entries = read_entries(await request.body())
    found = rows(verifier_of(request), entries, instance_of(request).now())
    if "text/csv" in accept:
        return csv_answer(found)
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(_lines(found), media_type="application/x-ndjson", headers=headers)


async def _lines(found: AsyncIterator[Row]) -> AsyncIterator[bytes]:
    async for row in found:
        yield orjson.dumps(row.report) + b"\n"
