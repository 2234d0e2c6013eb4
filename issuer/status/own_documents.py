"""Answer our own URLs from the store: DID documents and status lists, without the network."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

import orjson

from did.fetch.fetched import Fetched
from issuer.db.session import reading
from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.service import did_document, host_document
from issuer.status import files
from issuer.status.tokens import list_token

__all__ = ["own_documents"]


def own_documents(instance: Instance, urls: Iterable[str]) -> Mapping[str, Fetched]:
    """Return those of `urls` that are ours; what we do not have is left out.

    A did:web always says https; behind a plain-http address in development it is us all the same.
    """
    host = urlsplit(instance.settings.origin).netloc
    prefix = urlsplit(instance.settings.origin).path
    found = {}
    for url in urls:
        parts = urlsplit(url)
        if parts.netloc == host and parts.path.startswith(prefix) and not parts.query:
            body = _body(instance, parts.path.removeprefix(prefix))
            if body is not None:
                found[url] = _fetched(instance, url, body)
    return found


def _body(instance: Instance, path: str) -> bytes | None:
    match path.strip("/").split("/"):
        case ["o", slug, "did.json"]:
            return _quietly(lambda: _did(instance, slug))
        case [".well-known", "did.json"]:
            return _quietly(lambda: _did(instance, None))
        case ["status", public_id]:
            return _quietly(lambda: files.read(instance.settings.published, public_id))
        case ["status", public_id, "token"]:
            return _quietly(lambda: list_token(instance, public_id))
    return None


def _quietly(read: Callable[[], bytes | None]) -> bytes | None:
    try:
        return read()
    except NotFound:
        return None


def _did(instance: Instance, slug: str | None) -> bytes:
    with reading(instance.engine) as connection:
        if slug is None:
            return orjson.dumps(host_document(connection, instance.settings.origin))
        return orjson.dumps(did_document(connection, organisations.by_slug(connection, slug)))


def _fetched(instance: Instance, url: str, body: bytes) -> Fetched:
    return Fetched(
        url=url,
        status=200,
        content_type="application/json",
        headers={},
        body=body,
        fetched_at=instance.now(),
    )
