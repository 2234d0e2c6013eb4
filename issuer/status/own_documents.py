"""Answer our own URLs from the store: DID documents and status lists, without the network."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection

from did.fetch.fetched import Fetched
from issuer.db.session import reading
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.service import did_document, host_document
from issuer.status import files
from issuer.status.tokens import list_token

__all__ = ["documents_in", "own_documents"]


NONE: Mapping[str, bytes] = MappingProxyType({})


def own_documents(instance: Instance, urls: Iterable[str]) -> Mapping[str, Fetched]:
    """Return those of `urls` that are ours; what we do not have is left out."""
    with reading(instance.engine) as connection:
        return documents_in(instance, connection, urls)


def documents_in(
    instance: Instance,
    connection: Connection,
    urls: Iterable[str],
    known: Mapping[str, bytes] = NONE,
) -> Mapping[str, Fetched]:
    """Return our own documents as `connection` sees them.

    Those that were read from it before come along as `known`, by path.
    A did:web always says https; behind a plain-http address in development it is us all the same.
    """
    host = urlsplit(instance.settings.origin).netloc
    prefix = urlsplit(instance.settings.origin).path
    found = {}
    for url in urls:
        parts = urlsplit(url)
        if parts.netloc == host and parts.path.startswith(prefix) and not parts.query:
            path = parts.path.removeprefix(prefix)
            body = known.get(path) or _body(instance, connection, path)
            if body is not None:
                found[url] = _fetched(instance, url, body)
    return found


def _body(instance: Instance, connection: Connection, path: str) -> bytes | None:
    try:
        match path.strip("/").split("/"):
            case ["o", slug, "did.json"]:
                found = organisations.by_slug(connection, slug)
                return orjson.dumps(did_document(connection, found))
            case [".well-known", "did.json"]:
                return orjson.dumps(host_document(connection, instance.settings.origin))
            case ["status", public_id]:
                return files.read(instance.settings.published, public_id)
            case ["status", public_id, "token"]:
                return list_token(instance, public_id)
    except NotFound:
        return None
    return None


def _fetched(instance: Instance, url: str, body: bytes) -> Fetched:
    return Fetched(
        url=url,
        status=200,
        content_type="application/json",
        headers={},
        body=body,
        fetched_at=instance.now(),
    )
