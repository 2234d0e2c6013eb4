"""Answers of the API: entity tags, pages with a cursor, and requests that come twice.

Spec: RFC 9110 §8.8.3, §13.1.2 (ETag, If-None-Match); draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import Header, Query, Request, Response
from sqlalchemy.exc import IntegrityError

from issuer.api.bearer import Caller
from issuer.awarding.idempotency import Repeat, remember, remembered, repeat
from issuer.db.session import reading, unit_of_work

__all__ = ["MOST", "Cursor", "Key", "Limit", "answered", "once", "page", "repeat_of"]

MOST = 100
"""Most entries of one page."""

LONGEST_KEY = 200

Cursor = Annotated[
    str | None, Query(pattern=r"^[0-9]{1,15}$", description="`next` of the page before")
]
Limit = Annotated[int, Query(ge=1, le=MOST)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=LONGEST_KEY)]


def answered(request: Request, content: dict[str, Any]) -> Response:
    """Answer with JSON that the caller need not fetch again while it is the same."""
    body = orjson.dumps(content)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, f"W/{tag}"}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def page(found: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    """Return one page; `next` is the cursor of the one after, if there may be one."""
    more = len(found) > limit
    shown = found[:limit]
    return {"items": shown, "next": str(shown[-1]["id"]) if more else None}


def repeat_of(caller: Caller, key: str | None, body: bytes, kind: str) -> Repeat | None:
    """Return what is remembered of a request with a key: each client has keys of its own."""
    return repeat(f"{caller.actor}:{kind}:{key}", body) if key else None


def once(caller: Caller, asked: Repeat | None, make: Callable[[], int]) -> int:
    """Make something, or return what the same request made before.

    Raises:
        IdempotencyConflict: the key came with another request.
    """
    if asked is None:
        return make()
    at = caller.organisation.id
    with reading(caller.instance.engine) as connection:
        known = remembered(connection, at, asked)
    if known is not None:
        return known
    number = make()
    try:
        with unit_of_work(caller.instance.engine) as connection:
            remember(connection, at, asked, number, caller.instance.now())
    except IntegrityError:  # the same request came twice at once
        with reading(caller.instance.engine) as connection:
            return remembered(connection, at, asked) or number
    return number
