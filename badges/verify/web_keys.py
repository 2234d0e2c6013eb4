"""Keys at https addresses: what stands there, and whether the issuer stands by it.

Spec: Controlled Identifiers 1.0 §3.3 (retrieve a verification method); Open Badges 3.0,
      dereferencing the public key, and its implementation guide, key provenance
      (``https://{authority}/.well-known/jwks.json``).
Shape: a key in the issuer's own document, listed there for the purpose, is the issuer's. A key
       elsewhere on the same server is when that document or the server's JWKS has it too: on a
       server many people write to, a file alone proves nothing. Where the server publishes
       neither, nobody contradicts the key, and that is a remark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urlsplit

from badges.verify.evidence import Evidence, json_object
from did import multikey
from did.document import SECRETS, instant
from did.errors import (
    DidDocumentIdMismatch,
    DidError,
    DidNotFound,
    InvalidRelationship,
    InvalidVerificationMethod,
)
from did.jwk import from_jwk
from did.public_key import PublicKey

__all__ = [
    "UNCONFIRMED",
    "Search",
    "WebKey",
    "find_web_key",
    "jwks_url",
    "keys_of_server",
    "provenance",
]

UNCONFIRMED = "issuer-key-unconfirmed"
"""Code of the remark on a key that its issuer neither lists nor contradicts."""

MAX_KEYS = 100
"""Most keys we read of one set."""


@dataclass(frozen=True, slots=True)
class WebKey:
    """A key found at an https address."""

    key: PublicKey
    owner: str | None
    """Whom the document there says the key belongs to."""

    is_bare: bool
    """Whether it is a JWK, which has no owner of its own."""

    refusal: DidError | None = None


class Search(NamedTuple):
    """What a key is looked for in, for which use, and when it would be used."""

    evidence: Evidence
    now: datetime
    purpose: str = "assertionMethod"


def find_web_key(search: Search, method: str) -> WebKey:
    """Read a key document, a JWK, a set of them, or a document that lists the key.

    Raises:
        DidNotFound: nothing is there.
        DidError: there is no such key, or it cannot be read.
    """
    address, fragment = urldefrag(method)
    document = json_object(search.evidence, address)
    if document is None:
        raise DidNotFound(f"the key at {address} could not be had")
    if "kty" in document:
        return WebKey(from_jwk(document), _text(document.get("iss")), is_bare=True)
    if isinstance(document.get("keys"), list):
        jwk = _of_set(document["keys"], method, fragment)
        return WebKey(from_jwk(jwk), _text(jwk.get("iss")), is_bare=True)
    return _of_document(document, method, search)


def provenance(search: Search, found: WebKey, method: str, issuer: str) -> DidError | str | None:
    """Tell why `found` may not speak for `issuer`, which remark it deserves, or nothing."""
    if origin(method) == "" or origin(issuer) != origin(method):
        return InvalidVerificationMethod(f"{method} is not on the server of {issuer}")
    if found.owner != issuer and (found.owner is not None or not found.is_bare):
        return InvalidVerificationMethod(f"{method} is controlled by another identity")
    if urldefrag(method).url == issuer and not found.is_bare:
        return None
    keys = keys_of_server(search, issuer)
    if keys is None:
        return UNCONFIRMED
    if found.key in keys:
        return None
    return InvalidVerificationMethod(f"{issuer} publishes its keys, and {method} is not one")


def keys_of_server(search: Search, issuer: str) -> list[PublicKey] | None:
    """Return the keys that an https issuer lists, in its document or its JWKS; None: no list."""
    keys, published = list[PublicKey](), False
    document = json_object(search.evidence, issuer) or {}
    if (
        document.get("id", issuer) == issuer
        and {"verificationMethod", search.purpose} & document.keys()
    ):
        published = True
        for method in _listed(document, search.purpose):
            if isinstance(method, str):
                keys += _readable(document, method, search.now)
    jwks = (json_object(search.evidence, jwks_url(issuer)) or {}).get("keys")
    if isinstance(jwks, list):
        published = True
        for jwk in jwks[:MAX_KEYS]:
            if isinstance(jwk, Mapping) and jwk.get("iss", issuer) == issuer:
                keys += _readable_jwk(jwk)
    return keys if published else None


def jwks_url(issuer: str) -> str:
    """Return where the server of an https issuer lists its keys."""
    return f"{origin(issuer)}/.well-known/jwks.json"


def origin(address: str) -> str:
    """The server part of an address: only what stands on one server is one party."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts.scheme == "https" else ""


def _readable(document: Mapping[str, Any], method: str, now: datetime) -> list[PublicKey]:
    try:
        return [_key(_entry(document, method), now)]
    except DidError:
        return []


def _readable_jwk(jwk: Mapping[str, Any]) -> list[PublicKey]:
    try:
        return [from_jwk(jwk)]
    except DidError:
        return []


def _of_set(keys: list[Any], method: str, fragment: str) -> Mapping[str, Any]:
    names = {method, fragment} - {""}
    found = [k for k in keys[:MAX_KEYS] if isinstance(k, Mapping) and k.get("kid") in names]
    if len(found) != 1:
        raise InvalidVerificationMethod(f"{method} is not (once) in the set of keys found there")
    return found[0]


def _of_document(document: Mapping[str, Any], method: str, search: Search) -> WebKey:
    entry, address = _entry(document, method), urldefrag(method).url
    refusal: DidError | None = None
    if entry is not document:
        if document.get("id", address) != address:
            refusal = DidDocumentIdMismatch(f"the document at {address} says it is another")
        elif method not in _listed(document, search.purpose):
            refusal = InvalidRelationship(f"{method} may not be used for {search.purpose}")
    return WebKey(
        _key(entry, search.now), _text(entry.get("controller")), is_bare=False, refusal=refusal
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _entry(document: Mapping[str, Any], method: str) -> Mapping[str, Any]:
    """Return the entry of a key: the document itself, or one in it, listed or written in place."""
    if document.get("id", method) == method and _has_key(document):
        return document
    entries = [*_many(document.get("verificationMethod")), *_many(document.get("assertionMethod"))]
    found = [e for e in entries if isinstance(e, Mapping) and e.get("id") == method]
    if not entries and _has_key(document) and document.get("id") == urldefrag(method).url:
        return document
    if len(found) != 1:
        raise InvalidVerificationMethod(f"{method} is not (once) in the document found there")
    return found[0]


def _has_key(entry: Mapping[str, Any]) -> bool:
    return "publicKeyMultibase" in entry or "publicKeyJwk" in entry


def _many(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _listed(document: Mapping[str, Any], purpose: str) -> list[Any]:
    return [e.get("id") if isinstance(e, Mapping) else e for e in _many(document.get(purpose))]


def _key(entry: Mapping[str, Any], now: datetime) -> PublicKey:
    if any(secret in entry for secret in SECRETS):
        raise InvalidVerificationMethod("a key document that shows its private key")
    for member in ("revoked", "expires"):
        end = None if entry.get(member) is None else instant("the key", entry, member)
        if end is not None and end <= now:
            raise InvalidVerificationMethod(f"the key was not to be used after {end:%Y-%m-%d}")
    jwk, text = entry.get("publicKeyJwk"), entry.get("publicKeyMultibase")
    if jwk is not None and text is not None:
        raise InvalidVerificationMethod("a key document with two keys: readers would differ")
    if isinstance(jwk, Mapping):
        return from_jwk(jwk)
    if isinstance(text, str):
        return multikey.decode(text)
    raise InvalidVerificationMethod("the document found there holds no key")
