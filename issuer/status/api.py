"""Serve published lists: from the file, so that they stay up when everything else is down."""

import hashlib
import logging

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from issuer.db.session import reading
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.status import files, store, tokens
from issuer.web.request import instance_of

__all__ = ["router"]

router = APIRouter()
log = logging.getLogger(__name__)

REFRESH = 1.0
"""Seconds a file is served without asking the store for a later version."""

HEADERS = {
    "Cache-Control": "public, max-age=300, stale-if-error=86400",
    "Access-Control-Allow-Origin": "*",
}
"""Cached for as long as the list's own ``ttl``; wallets in browsers may read it too."""


@router.get("/status/{public_id}", summary="A signed status list credential", tags=["status"])
def status_list(public_id: str, request: Request) -> Response:
    """Answer with the list; the answer is the same for everybody who asks."""
    document = _document(instance_of(request), public_id)
    etag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(document, media_type="application/vc", headers=headers)


@router.get("/status/{public_id}/token", summary="The same list as a token", tags=["status"])
def status_token(public_id: str, request: Request) -> Response:
    """Answer with the list as SD-JWT credentials read it."""
    _document(instance_of(request), public_id)  # the file is brought up to date first
    token = tokens.list_token(instance_of(request), public_id)
    if token is None:
        raise NotFound("there is no such status list")
    etag = f'"{hashlib.sha256(token).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(token, media_type=tokens.MEDIA_TYPE, headers=headers)


def _document(instance: Instance, public_id: str) -> bytes:
    """Return the published file, after asking the store whether another machine has a later one."""
    folder = instance.settings.published
    document = files.read(folder, public_id)
    if document is not None and files.age(folder, public_id) < REFRESH:
        return document
    if document is not None:
        files.touch(folder, public_id)  # first, so that a store that hangs holds one request up
    stored = _stored(instance, public_id)
    if stored is not None and (document is None or files.issued(stored) > files.issued(document)):
        files.write(folder, public_id, stored)
        document = stored
    if document is None:
        raise NotFound("there is no such status list")
    return document


def _stored(instance: Instance, public_id: str) -> bytes | None:
    try:
        with reading(instance.engine) as connection:
            return store.document(connection, public_id)
    except SQLAlchemyError:
        log.warning("the database is not there: serving the published list from its file")
        return None
