"""did:key: the DID is the key.

Spec: did:key method v0.9 §3; the document uses Multikey (Controlled Identifiers v1.0).
Shape: ``did:key:z6Mk…``; its one verification method is ``did:key:z6Mk…#z6Mk…``.
"""

from typing import Any

from did.document import CONTEXTS
from did.errors import InvalidDid, InvalidKey
from did.multikey import decode
from did.url import is_did

__all__ = ["METHOD", "location", "read"]

METHOD = "key"
PREFIX = "did:key:"
RELATIONSHIPS = (
    "assertionMethod",
    "authentication",
    "capabilityInvocation",
    "capabilityDelegation",
)


def location(did: str, *, allow_local: bool = False) -> str | None:  # noqa: ARG001 - one shape for all methods
    """Return nothing: a did:key carries all there is to know."""
    return None


def read(did: str, body: bytes | None = None) -> dict[str, Any]:  # noqa: ARG001 - one shape for all methods
    """Return the DID document that `did` itself spells.

    Raises:
        InvalidDid: it is not a did:key, or its key is not well formed.
    """
    if not is_did(did) or not did.startswith(PREFIX):
        raise InvalidDid(f"not a did:key: {did[:80]!r}")
    multikey = did.removeprefix(PREFIX)
    try:
        decode(multikey)
    except InvalidKey as error:
        raise InvalidDid(f"{did[:80]}: {error}") from error
    method = f"{did}#{multikey}"
    document: dict[str, Any] = {
        "@context": [*CONTEXTS],
        "id": did,
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey,
            }
        ],
    }
    return document | {relationship: [method] for relationship in RELATIONSHIPS}
