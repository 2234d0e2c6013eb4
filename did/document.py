"""A DID document: which keys belong to a DID, and what each may be used for.

Spec: Controlled Identifiers v1.0 §2.2 (verification methods), §2.3 (relationships), §3.3
(retrieve a verification method); DID Core v1.0 §5.2.

Our own documents hold one Multikey for each Ed25519 key and one JsonWebKey for each other key;
ids are absolute and relationships are strings, as some verifiers stop at anything else.
Life of a key: an active key may do everything it was made for; a *retired* key keeps
``assertionMethod`` (what it signed stays valid) and loses the rest; a *revoked* key stays listed
with its date, and loses every relationship, so that verifiers that do not read the date refuse too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from did.errors import (
    InvalidDid,
    InvalidDidDocument,
    InvalidDidUrl,
    InvalidKey,
    InvalidRelationship,
    InvalidVerificationMethod,
)
from did.jwk import from_jwk, to_jwk
from did.multikey import decode, encode
from did.public_key import Curve, PublicKey
from did.published_keys import is_published
from did.url import is_did, parse

__all__ = [
    "SECRETS",
    "DidDocument",
    "KeyEntry",
    "VerificationMethod",
    "build",
    "instant",
    "parse_document",
]

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
"""Words of a document whose keys are Multikeys."""

JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
"""Words of JsonWebKey, added when a key needs them."""

RELATIONSHIPS = ("assertionMethod", "authentication")
"""What an active key of ours is for: signing credentials, and proving who we are."""

KNOWN_RELATIONSHIPS = (
    *RELATIONSHIPS,
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
)

SECRETS = ("privateKeyJwk", "privateKeyMultibase", "privateKeyBase58", "secretKeyMultibase")
"""Members that give a private key away: such a key is burnt."""

MEMBERS = {
    "Multikey": "publicKeyMultibase",
    "JsonWebKey": "publicKeyJwk",
    "JsonWebKey2020": "publicKeyJwk",
    "Ed25519VerificationKey2020": "publicKeyMultibase",
}
"""Where each type of verification method keeps its key."""


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """One key of a DID document."""

    id: str
    type: str
    controller: str
    public_key: PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One key to be published in our own DID document."""

    fragment: str
    public_key: PublicKey
    retired: bool = False
    revoked: datetime | None = None
    relationships: Sequence[str] = RELATIONSHIPS

    def may(self, relationship: str) -> bool:
        """Tell whether the document should list the key under `relationship`."""
        if self.revoked is not None or relationship not in self.relationships:
            return False
        return not self.retired or relationship == "assertionMethod"


@dataclass(frozen=True, slots=True)
class DidDocument:
    """A DID document as it came, read through questions.

    Raises:
        InvalidDidDocument: it has not the shape of one.
    """

    raw: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse what is not shaped like a DID document."""
        if not is_did(self.raw.get("id")):
            raise InvalidDidDocument("a DID document is an object whose id is a DID")
        for member in ("verificationMethod", *KNOWN_RELATIONSHIPS):
            entries = self.raw.get(member, [])
            if not isinstance(entries, list):
                raise InvalidDidDocument(f"{member} of a DID document is a list")
            if not all(isinstance(entry, (Mapping, str)) for entry in entries):
                raise InvalidDidDocument(f"{member} lists keys or their ids, nothing else")

    @property
    def id(self) -> str:
        """The DID this document is about."""
        return str(self.raw["id"])

    def method(self, method_url: str) -> VerificationMethod:
        """Return the key `method_url` names, whatever its dates and relationships say.

        Raises:
            InvalidVerificationMethod: not a key of this DID, named twice, or not readable.
        """
        url = self._own(method_url)
        found = [entry for entry in self._entries() if self._absolute(entry.get("id")) == url]
        if not found:
            raise InvalidVerificationMethod(f"{url} is not in the DID document")
        if len(found) > 1:
            raise InvalidVerificationMethod(f"{url} is in the DID document {len(found)} times")
        return _read_method(url, self.id, found[0])

    def authorised(
        self,
        method_url: str,
        relationship: str,
        now: datetime,
        *,
        allow_published_keys: bool = False,
    ) -> VerificationMethod:
        """Return the key `method_url` names, if it may be used for `relationship` at `now`.

        Args:
            method_url: absolute DID URL of the key; its fragment is never read as a key.
            relationship: what the key is used for, e.g. ``assertionMethod``.
            now: when it is used, in UTC.
            allow_published_keys: let test keys pass whose private half is in a specification.

        Raises:
            InvalidVerificationMethod: not a key of this DID, or expired, revoked, or published.
            InvalidRelationship: the document does not list the key under `relationship`.
        """
        method = self.method(method_url)
        if self.raw.get("deactivated") not in (None, False):
            raise InvalidVerificationMethod(f"{self.id} was deactivated")
        if method.revoked is not None and method.revoked <= now:
            raise InvalidVerificationMethod(f"{method.id} was revoked {method.revoked:%Y-%m-%d}")
        if method.expires is not None and method.expires <= now:
            raise InvalidVerificationMethod(f"{method.id} expired {method.expires:%Y-%m-%d}")
        if not allow_published_keys and is_published(method.public_key):
            raise InvalidVerificationMethod(f"{method.id} is a test key whose secret is public")
        if method.id not in self._listed(relationship):
            raise InvalidRelationship(f"{method.id} may not be used for {relationship}")
        return method

    def methods(self, relationship: str) -> tuple[VerificationMethod, ...]:
        """Return the keys listed under `relationship`; those we cannot read are left out."""
        return tuple(self._readable(self._listed(relationship)))

    def every_method(self) -> tuple[VerificationMethod, ...]:
        """Return every key we can read, whatever its dates and relationships say."""
        urls = (self._absolute(entry.get("id")) for entry in self._entries())
        return tuple(self._readable(dict.fromkeys(url for url in urls if url is not None)))

    def check_methods(self) -> None:
        """Refuse a document whose keys are not described as the data model wants them.

        A verifier reads the one key it needs; who hands out the whole document looks at all.

        Raises:
            InvalidDidDocument: a key without one id, type or controller, twice, or with its secret.
        """
        seen: set[str] = set()
        for entry in self._entries():
            name, owner = self._absolute(entry.get("id")), entry.get("controller")
            if name is None or not is_key_url(name) or name in seen:
                raise InvalidDidDocument("every key of a DID document has one id of its own")
            if not isinstance(entry.get("type"), str) or not is_did(owner):
                raise InvalidDidDocument(f"{name} needs one type, and a DID as its controller")
            if any(secret in entry for secret in SECRETS):
                raise InvalidDidDocument(f"{name} shows its private key")
            seen.add(name)

    def _readable(self, urls: Iterable[str]) -> Iterator[VerificationMethod]:
        for url in urls:
            try:
                yield self.method(url)
            except InvalidVerificationMethod:
                continue

    def _own(self, method_url: str) -> str:
        """Check that `method_url` is an absolute URL of a key of this very DID."""
        if not isinstance(method_url, str):
            raise InvalidVerificationMethod("the verification method is named by its URL only")
        try:
            url = parse(method_url)
        except InvalidDidUrl as error:
            raise InvalidVerificationMethod("the verification method is not a DID URL") from error
        if url.did != self.id or not url.fragment or url.path or url.query is not None:
            raise InvalidVerificationMethod(f"{method_url[:200]} is not a key of {self.id}")
        return method_url

    def _absolute(self, reference: object) -> str | None:
        """Complete an id: DID Core §3.2.2 lets documents write ``#key-1``."""
        if not isinstance(reference, str):
            return None
        return self.id + reference if reference.startswith("#") else reference

    def _entries(self) -> Iterator[Mapping[str, Any]]:
        """Go through every key, those written inside a relationship too."""
        for member in ("verificationMethod", *KNOWN_RELATIONSHIPS):
            for entry in self.raw.get(member, []):
                if isinstance(entry, Mapping):
                    yield entry

    def _listed(self, relationship: str) -> tuple[str, ...]:
        if relationship not in KNOWN_RELATIONSHIPS:
            raise InvalidRelationship(f"{relationship!r} is not a verification relationship")
        ids = (
            self._absolute(entry.get("id") if isinstance(entry, Mapping) else entry)
            for entry in self.raw.get(relationship, [])
        )
        return tuple(dict.fromkeys(url for url in ids if url is not None))


def is_key_url(text: str) -> bool:
    """Tell whether `text` is a DID URL that names a part of a document."""
    try:
        return bool(parse(text).fragment)
    except InvalidDidUrl:
        return False


def build(did: str, keys: Sequence[KeyEntry], *, services: Sequence[Any] = ()) -> dict[str, Any]:
    """Write the DID document of `did`.

    Raises:
        InvalidDid: `did` is not a DID.
        InvalidDidDocument: two keys have one fragment, or a fragment is empty.
    """
    if not is_did(did):
        raise InvalidDid(f"not a DID: {did[:80]!r}")
    fragments = [key.fragment for key in keys]
    if not all(fragments) or len(set(fragments)) < len(fragments):
        raise InvalidDidDocument("every key needs a fragment of its own")
    contexts = [*CONTEXTS]
    if any(key.public_key.curve is not Curve.ED25519 for key in keys):
        contexts.append(JWK_CONTEXT)
    document: dict[str, Any] = {"@context": contexts, "id": did}
    document["verificationMethod"] = [_write_method(did, key) for key in keys]
    for relationship in KNOWN_RELATIONSHIPS:
        if listed := [f"{did}#{key.fragment}" for key in keys if key.may(relationship)]:
            document[relationship] = listed
    if services:
        document["service"] = list(services)
    return document


def parse_document(body: bytes) -> dict[str, Any]:
    """Read a JSON object strictly: no duplicate members, no NaN, no endless nesting.

    Raises:
        InvalidDidDocument: it is not such an object.
    """
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise InvalidDidDocument("the DID document is not well-formed JSON") from error
    if not isinstance(value, dict):
        raise InvalidDidDocument("a DID document is a JSON object")
    return value


def _write_method(did: str, key: KeyEntry) -> dict[str, Any]:
    method: dict[str, Any] = {"id": f"{did}#{key.fragment}", "type": "Multikey", "controller": did}
    if key.public_key.curve is Curve.ED25519:
        method["publicKeyMultibase"] = encode(key.public_key)
    else:
        method |= {"type": "JsonWebKey", "publicKeyJwk": to_jwk(key.public_key)}
    if key.revoked is not None:
        method["revoked"] = key.revoked.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return method


def _read_method(url: str, did: str, entry: Mapping[str, Any]) -> VerificationMethod:
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in MEMBERS:
        raise InvalidVerificationMethod(f"{url} has an unknown type; known: {', '.join(MEMBERS)}")
    if entry.get("controller") != did:
        raise InvalidVerificationMethod(f"{url} is controlled by another than {did}")
    if any(secret in entry for secret in SECRETS):
        raise InvalidVerificationMethod(f"{url} shows its private key")
    return VerificationMethod(
        id=url,
        type=kind,
        controller=did,
        public_key=_read_key(url, kind, entry),
        expires=instant(url, entry, "expires"),
        revoked=instant(url, entry, "revoked"),
    )


def _read_key(url: str, kind: str, entry: Mapping[str, Any]) -> PublicKey:
    """Read the one key of an entry: two would let two readers see two keys."""
    given = [name for name in entry if name.startswith("publicKey")]
    if given != [MEMBERS[kind]]:
        raise InvalidVerificationMethod(f"{url} must have {MEMBERS[kind]} and no other key")
    value = entry[MEMBERS[kind]]
    try:
        if isinstance(value, str) and MEMBERS[kind] == "publicKeyMultibase":
            key = decode(value)
        elif isinstance(value, Mapping) and MEMBERS[kind] == "publicKeyJwk":
            key = from_jwk(value)
        else:
            raise InvalidVerificationMethod(f"{MEMBERS[kind]} of {url} has the wrong shape")
    except InvalidKey as error:
        raise InvalidVerificationMethod(f"{url}: {error}") from error
    if kind.startswith("Ed25519") and key.curve is not Curve.ED25519:
        raise InvalidVerificationMethod(f"{url} is a {kind} but holds another kind of key")
    return key


def instant(url: str, entry: Mapping[str, Any], member: str) -> datetime | None:
    """Read a date of a key, with its time zone; one we cannot read could hide a revocation.

    Raises:
        InvalidVerificationMethod: no date, or one without its zone.
    """
    if member not in entry:
        return None
    value = entry[member]
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidVerificationMethod(f"{member} of {url} is not a date and time") from error
    if instant.tzinfo is None:
        raise InvalidVerificationMethod(f"{member} of {url} has no time zone")
    return instant.astimezone(UTC)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is there twice")
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
