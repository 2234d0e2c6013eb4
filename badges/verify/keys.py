"""The key a proof names: where it is, whom it speaks for, and whether it may be used.

Spec: Controlled Identifiers 1.0 §3.3 (retrieve a verification method); Open Badges 3.0, key
      provenance (issuers with an https address must be supported).
Shape: a key written in the fragment of an address is never used; a key at an https address speaks
       only for controllers on the same server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urlsplit

from badges.verify.evidence import Evidence, body, json_object
from badges.verify.policy import Policy
from did import multikey, resolve
from did.document import DidDocument
from did.errors import (
    DidError,
    DidNotFound,
    InvalidDidUrl,
    InvalidRelationship,
    InvalidVerificationMethod,
)
from did.jwk import from_jwk
from did.public_key import PublicKey
from did.published_keys import is_published
from did.url import is_did, parse

__all__ = ["FoundKey", "KeyRing", "is_web"]


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, and what may be said of it."""

    key: PublicKey
    speaks_for: frozenset[str]
    """Identities whose issuer the key may be."""

    refusal: DidError | None = None
    """Why it must not be used after all, if so."""


def is_web(value: object) -> bool:
    """Tell whether `value` is an https address (http is read as one we never reach)."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Finds keys in the evidence."""

    evidence: Evidence
    policy: Policy
    now: datetime

    def location(self, method: str) -> str | None:
        """Return the address to fetch before `method` can be read, or nothing.

        Raises:
            DidError: no address of a key.
        """
        if is_web(method):
            return urldefrag(method).url
        return resolve.location(_did_of(method), allow_local=self.policy.allow_local)

    def find(self, method: str, purpose: str) -> FoundKey:
        """Return the key that `method` names, for use as `purpose`.

        Raises:
            DidNotFound: its document is not in the evidence.
            DidError: it is not there, or cannot be read.
        """
        return self._at_web(method, purpose) if is_web(method) else self._of_did(method, purpose)

    def document(self, did: str) -> DidDocument:
        """Return the DID document of `did`.

        Raises:
            DidError: it cannot be had or read.
        """
        location = resolve.location(did, allow_local=self.policy.allow_local)
        found = None if location is None else body(self.evidence, location)
        documents = {} if location is None or found is None else {location: found}
        return resolve.resolve(did, documents, allow_local=self.policy.allow_local)

    def _of_did(self, method: str, purpose: str) -> FoundKey:
        did, policy = _did_of(method), self.policy
        location = resolve.location(did, allow_local=policy.allow_local)
        found = None if location is None else body(self.evidence, location)
        use = _Use(method, purpose, self.now, policy.allow_local, policy.allow_published_keys)
        return _find(use, did, location, found)

    def _at_web(self, method: str, purpose: str) -> FoundKey:
        """Read a key document, a bare JWK, or a controller's document that lists the key."""
        address = urldefrag(method).url
        document = json_object(self.evidence, address)
        if document is None:
            raise DidNotFound(f"the key at {address} could not be had")
        if "kty" in document:
            return self._judged(FoundKey(from_jwk(document), frozenset({_origin(address)})))
        entry = _entry(document, method)
        refusal: DidError | None = None
        if entry is not document and method not in _listed(document, purpose):
            refusal = InvalidRelationship(f"{method} may not be used for {purpose}")
        controller = entry.get("controller")
        speaks_for = set[str]()
        if isinstance(controller, str) and _origin(controller) == _origin(address):
            speaks_for.add(controller)
        return self._judged(FoundKey(_key(entry), frozenset(speaks_for), refusal))

    def _judged(self, found: FoundKey) -> FoundKey:
        if is_published(found.key) and not self.policy.allow_published_keys:
            refusal = InvalidVerificationMethod("a test key whose secret is public")
            return FoundKey(found.key, found.speaks_for, refusal)
        return found


class _Use(NamedTuple):
    """What a key is looked for, and under which rules."""

    method: str
    purpose: str
    now: datetime
    allow_local: bool
    allow_published_keys: bool


@lru_cache(maxsize=256)
def _find(use: _Use, did: str, location: str | None, found: bytes | None) -> FoundKey:
    """Find a key in the document of its DID; asked again with the same bytes, it is not read."""
    documents = {} if location is None or found is None else {location: found}
    document = resolve.resolve(did, documents, allow_local=use.allow_local)
    listed = document.method(use.method)
    refusal: DidError | None = None
    try:
        document.authorised(
            use.method, use.purpose, use.now, allow_published_keys=use.allow_published_keys
        )
    except DidError as error:
        refusal = error
    if listed.controller != document.id:
        refusal = InvalidVerificationMethod(f"{use.method} is controlled by another identity")
    return FoundKey(listed.public_key, frozenset({document.id}), refusal)


def _did_of(method: str) -> str:
    did = parse(method).did
    if not is_did(did):
        raise InvalidDidUrl(f"not a DID URL: {method[:80]!r}")
    return did


def _origin(address: str) -> str:
    """The server part of an address: only what stands on one server is one party."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}" if parts.scheme == "https" else ""


def _entry(document: Mapping[str, Any], method: str) -> Mapping[str, Any]:
    if document.get("id", method) == method and _has_key(document):
        return document
    entries = document.get("verificationMethod", [])
    entries = entries if isinstance(entries, list) else [entries]
    found = [e for e in entries if isinstance(e, Mapping) and e.get("id") == method]
    if len(found) != 1:
        raise InvalidVerificationMethod(f"{method} is not (once) in the document found there")
    return found[0]


def _has_key(entry: Mapping[str, Any]) -> bool:
    return "publicKeyMultibase" in entry or "publicKeyJwk" in entry


def _listed(document: Mapping[str, Any], purpose: str) -> list[Any]:
    entries = document.get(purpose, [])
    entries = entries if isinstance(entries, list) else [entries]
    return [e.get("id") if isinstance(e, Mapping) else e for e in entries]


def _key(entry: Mapping[str, Any]) -> PublicKey:
    if entry.get("revoked") is not None or entry.get("expires") is not None:
        raise InvalidVerificationMethod("a key document with an end: ask the issuer for another")
    jwk, text = entry.get("publicKeyJwk"), entry.get("publicKeyMultibase")
    if isinstance(jwk, Mapping):
        return from_jwk(jwk)
    if isinstance(text, str):
        return multikey.decode(text)
    raise InvalidVerificationMethod("the document found there holds no key")
