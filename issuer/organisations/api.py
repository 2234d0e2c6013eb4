"""Serve the DID documents of this service's organisations.

Spec: did:web, "Read (Resolve)"; wallets in browsers read it too, hence CORS.
"""

import orjson
from fastapi import APIRouter, Request, Response

from issuer.db.session import reading
from issuer.organisations import store
from issuer.organisations.service import did_document, host_document
from issuer.web import instance_of

__all__ = ["router"]

router = APIRouter(tags=["organisations"])

HEADERS = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
"""Short enough that a withdrawn key is soon withdrawn everywhere."""


@router.get("/o/{slug}/did.json", summary="The DID document of an organisation")
def of_organisation(slug: str, request: Request) -> Response:
    """Answer with the keys of one organisation."""
    with reading(instance_of(request).engine) as connection:
        document = did_document(connection, store.by_slug(connection, slug))
    return Response(orjson.dumps(document), media_type="application/did+json", headers=HEADERS)


@router.get("/.well-known/did.json", summary="The DID document of this host")
def of_host(request: Request) -> Response:
    """Answer with the host's own document: no keys, but the alliance's DID."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        document = host_document(connection, instance.settings.origin)
    return Response(orjson.dumps(document), media_type="application/did+json", headers=HEADERS)
