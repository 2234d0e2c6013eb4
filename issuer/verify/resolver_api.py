"""A DID resolver: the document of a DID, as this service would use it to check a credential.

Spec: DID Resolution v0.3 §4 (resolve) and its HTTPS binding; errors are RFC 9457 problems whose
      types are the specification's.
Shape: only addresses that `did.fetch` may go to are asked, as for a credential.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from did import resolve
from did.document import DidDocument
from did.errors import (
    DidError,
    DidNotFound,
    InvalidDid,
    InvalidDidDocument,
    InvalidDidUrl,
    MethodNotSupported,
)
from issuer.verify.sources import Verifier, verifier_of
from issuer.web.problems import title_of, type_of

__all__ = ["router"]

router = APIRouter(tags=["did"])

CONTEXT = "https://w3id.org/did-resolution/v1"
RESULT = "application/did-resolution"
LINKED = 'application/ld+json;profile="https://w3id.org/did-resolution"'
DOCUMENTS = ("application/did", "application/did+ld+json", "application/did+json")
"""Media types of a document alone."""

STATUSES: Mapping[type[DidError], int] = {
    InvalidDid: 400,
    InvalidDidUrl: 400,
    DidNotFound: 404,
    MethodNotSupported: 501,
    InvalidDidDocument: 502,
}
"""HTTP status of each error; one that is not here is our own fault."""

GONE = 410


@router.get(
    "/1.0/identifiers/{did:path}",
    summary="Resolve a DID",
    responses={
        200: {"description": "The document and what is known of it", "content": {RESULT: {}}},
        GONE: {"description": "The DID was deactivated"},
    },
)
async def resolve_did(request: Request, did: str) -> Response:
    """Return the document of a DID with its metadata, or alone where `Accept` asks for that."""
    accept = request.headers.get("accept", "")
    alone = next((kind for kind in DOCUMENTS if kind in _types(accept)), None)
    try:
        document = await resolved(verifier_of(request), did)
    except DidError as error:
        return _answer(_status(error), accept, error=_problem(error))
    if document.raw.get("deactivated") not in (None, False):
        return _answer(GONE, accept, metadata={"deactivated": True})
    if alone is not None:
        return _json(200, alone, document.raw)
    return _answer(200, accept, document=document.raw)


async def resolved(verifier: Verifier, did: str) -> DidDocument:
    """Return the document of `did`, fetched if it has to be.

    Raises:
        DidError: it is no DID we read, or its document cannot be had or read.
    """
    policy = await asyncio.to_thread(verifier.sources.policy)
    url = resolve.location(did, allow_local=policy.allow_local)
    found = {} if url is None else await verifier.sources.documents([url])
    bodies = {at: answer.body for at, answer in found.items() if answer.status == 200}
    document = resolve.resolve(did, bodies, allow_local=policy.allow_local)
    document.check_methods()
    return document


def _types(accept: str) -> list[str]:
    return [kind.partition(";")[0].strip().lower() for kind in accept.split(",")]


def _status(error: DidError) -> int:
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 500)


def _problem(error: DidError) -> dict[str, str]:
    kind = type(error)
    return {"type": type_of(kind.code), "title": title_of(kind), "detail": str(error)}


def _answer(
    status: int,
    accept: str,
    *,
    document: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    error: Mapping[str, str] | None = None,
) -> Response:
    """Write a resolution result: all three members are always there."""
    told = {"contentType": DOCUMENTS[0]} if document is not None else {}
    result = {
        "@context": CONTEXT,
        "didDocument": document,
        "didDocumentMetadata": metadata or {},
        "didResolutionMetadata": {**told, **({"error": error} if error else {})},
    }
    return _json(status, RESULT if RESULT in _types(accept) else LINKED, result)


def _json(status: int, media_type: str, content: Mapping[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    return JSONResponse(content, status_code=status, headers=headers, media_type=media_type)
