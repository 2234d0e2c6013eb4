"""The key a proof names: where it is, whom it speaks for, and whether it may be used.

Spec: Controlled Identifiers 1.0 §3.3 (retrieve a verification method); Open Badges 3.0, key
      provenance (issuers with an https address must be supported).
Shape: a key written in the fragment of an address is never used.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urldefrag

from badges.verify.evidence import Evidence, body
from badges.verify.policy import Policy
from badges.verify.web_keys import Search, find_web_key, jwks_url, keys_of_server, provenance
from did import resolve
from did.document import DidDocument
from did.errors import (
    DidError,
    DidNotFound,
    InvalidDidUrl,
    InvalidVerificationMethod,
)
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

    remark: str = ""
    """Code of what must be said of it, though it may be used."""


def is_web(value: object) -> bool:
    """Tell whether `value` is an https address (http is read as one we never reach)."""
    return isinstance(value, str) and value.startswith(("https://", "http://"))


class KeyRing(NamedTuple):
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
        return _place_of(method, allow_local=self.policy.allow_local).location

    def find(self, method: str, purpose: str, issuer: str | None = None) -> FoundKey:
        """Return the key that `method` names, for use as `purpose`.

        A key at an https address speaks for `issuer` or nobody; one of a DID for that DID.

        Raises:
            DidNotFound: its document is not in the evidence.
            DidError: it is not there, or cannot be read.
        """
        if is_web(method):
            return self._at_web(method, purpose, issuer)
        return self._of_did(method, purpose)

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
        policy = self.policy
        did, location = _place_of(method, allow_local=policy.allow_local)
        found = None if location is None else body(self.evidence, location)
        use = _Use(method, purpose, policy.allow_local, policy.allow_published_keys)
        known = _find(use, did, location, found)
        if known.ends is None or self.now < known.ends:
            return known.key
        return _judge(use, self.document(did), self.now)

    def _at_web(self, method: str, purpose: str, issuer: str | None) -> FoundKey:
        """Find a key at an https address, and ask whether `issuer` stands by it."""
        search = Search(self.evidence, self.now, purpose)
        found = find_web_key(search, method)
        if issuer is None:
            return self._judged(FoundKey(found.key, frozenset(), found.refusal))
        doubt = provenance(search, found, method, issuer)
        if isinstance(doubt, DidError):
            return self._judged(FoundKey(found.key, frozenset(), found.refusal or doubt))
        made = FoundKey(found.key, frozenset({issuer}), found.refusal, doubt or "")
        return self._judged(made)

    def of_server(self, issuer: str, key: PublicKey, purpose: str) -> FoundKey:
        """Return `key`, which came without an address, if the server of `issuer` lists it.

        Raises:
            DidNotFound: the server lists no keys.
            InvalidVerificationMethod: it lists others.
        """
        keys = keys_of_server(Search(self.evidence, self.now, purpose), issuer)
        if keys is None:
            raise DidNotFound(f"{jwks_url(issuer)} could not be had")
        if key not in keys:
            raise InvalidVerificationMethod(f"{issuer} publishes its keys, and this is not one")
        return self._judged(FoundKey(key, frozenset({issuer})))

    def _judged(self, found: FoundKey) -> FoundKey:
        if is_published(found.key) and not self.policy.allow_published_keys:
            refusal = InvalidVerificationMethod("a test key whose secret is public")
            return FoundKey(found.key, found.speaks_for, refusal)
        return found


class _Use(NamedTuple):
    """What a key is looked for, and under which rules."""

    method: str
    purpose: str
    allow_local: bool
    allow_published_keys: bool


class _Known(NamedTuple):
    """A key as its document has it, whatever the time."""

    key: FoundKey
    ends: datetime | None
    """From when on the document says that it must not be used; until then only `key` counts."""


_BEFORE = datetime.min.replace(tzinfo=UTC)
"""A time when no key had ended."""


@lru_cache(maxsize=256)
def _find(use: _Use, did: str, location: str | None, found: bytes | None) -> _Known:
    """Find a key in the document of its DID; asked again with the same bytes, it is not read."""
    documents = {} if location is None or found is None else {location: found}
    document = resolve.resolve(did, documents, allow_local=use.allow_local)
    listed = document.method(use.method)
    ends = [end for end in (listed.revoked, listed.expires) if end is not None]
    return _Known(_judge(use, document, _BEFORE), min(ends, default=None))


def _judge(use: _Use, document: DidDocument, now: datetime) -> FoundKey:
    """Return the key a document lists, and whether it lets it be used at a time."""
    listed = document.method(use.method)
    refusal: DidError | None = None
    try:
        document.authorised(
            use.method, use.purpose, now, allow_published_keys=use.allow_published_keys
        )
    except DidError as error:
        refusal = error
    if listed.controller != document.id:
        refusal = InvalidVerificationMethod(f"{use.method} is controlled by another identity")
    return FoundKey(listed.public_key, frozenset({document.id}), refusal)


class _Place(NamedTuple):
    """Which DID a key belongs to, and where the document of that is."""

    did: str
    location: str | None


@lru_cache(maxsize=1024)  # the keys of an issuer sign many credentials
def _place_of(method: str, *, allow_local: bool) -> _Place:
    did = parse(method).did
    if not is_did(did):
        raise InvalidDidUrl(f"not a DID URL: {method[:80]!r}")
    return _Place(did, resolve.location(did, allow_local=allow_local))
