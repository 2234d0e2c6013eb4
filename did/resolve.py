"""From a DID to its document, by the method the DID names.

Spec: DID Resolution v0.3 §4. Pure: `location` says what to fetch, `resolve` reads what came.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

from did.document import DidDocument
from did.errors import InvalidDid, MethodNotSupported
from did.methods import jwk, key, web
from did.url import is_did, parse

__all__ = ["METHODS", "location", "resolve"]


class Method(Protocol):
    """What a module in `did.methods` offers."""

    METHOD: str

    def location(self, did: str, *, allow_local: bool = False) -> str | None:
        """Return the URL where the document of `did` is, or nothing if `did` spells it out."""
        ...

    def read(self, did: str, body: bytes | None) -> dict[str, Any]:
        """Return the document of `did` from the bytes found at its location."""
        ...


METHODS: Mapping[str, Method] = {method.METHOD: method for method in (key, jwk, web)}
"""Every DID method we understand."""


def location(did: str, *, allow_local: bool = False) -> str | None:
    """Return the URL to fetch before `did` can be resolved, or nothing.

    Raises:
        InvalidDid: not a DID of its method.
        MethodNotSupported: we do not know the method.
    """
    return _method(did).location(did, allow_local=allow_local)


def resolve(did: str, documents: Mapping[str, bytes], *, allow_local: bool = False) -> DidDocument:
    """Return the document of `did`, from `documents` (location to body) where it has one.

    Raises:
        InvalidDid: not a DID of its method.
        MethodNotSupported: we do not know the method.
        DidNotFound: its document is not among `documents`.
        InvalidDidDocument: what is there is not the document of this DID.
    """
    method = _method(did)
    url = method.location(did, allow_local=allow_local)
    return _read(parse(did).method, did, None if url is None else documents.get(url))


@lru_cache(maxsize=256)
def _read(method: str, did: str, body: bytes | None) -> DidDocument:
    """Read a document once for as long as the same bytes come; nobody changes one."""
    return DidDocument(METHODS[method].read(did, body))


def _method(did: str) -> Method:
    if not is_did(did):
        raise InvalidDid(f"not a DID: {did[:80]!r}")
    name = parse(did).method
    if name not in METHODS:
        raise MethodNotSupported(f"did:{name} is not known here; known: {', '.join(METHODS)}")
    return METHODS[name]
