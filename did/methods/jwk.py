"""did:jwk: the DID is the base64url of a public JWK.

Spec: did:jwk method specification.
Shape: ``did:jwk:eyJ…``; its one verification method is ``did:jwk:eyJ…#0``.
"""

import base64
import binascii
from typing import Any

from did.document import CONTEXTS, JWK_CONTEXT, parse_document
from did.errors import InvalidDid, InvalidDidDocument, InvalidKey
from did.jwk import from_jwk
from did.url import is_did

__all__ = ["METHOD", "location", "read"]

METHOD = "jwk"
PREFIX = "did:jwk:"
RELATIONSHIPS = (
    "assertionMethod",
    "authentication",
    "capabilityInvocation",
    "capabilityDelegation",
)


def location(did: str, *, allow_local: bool = False) -> str | None:  # noqa: ARG001 - one shape for all methods
    """Return nothing: a did:jwk carries all there is to know."""
    return None


def read(did: str, body: bytes | None = None) -> dict[str, Any]:  # noqa: ARG001 - one shape for all methods
    """Return the DID document that `did` itself spells; a key for encryption may not sign.

    Raises:
        InvalidDid: it is not a did:jwk, or its key is not well formed.
    """
    if not is_did(did) or not did.startswith(PREFIX):
        raise InvalidDid(f"not a did:jwk: {did[:80]!r}")
    jwk = _jwk(did)
    method = f"{did}#0"
    relationships = ("keyAgreement",) if jwk.get("use") == "enc" else RELATIONSHIPS
    document: dict[str, Any] = {
        "@context": [*CONTEXTS, JWK_CONTEXT],
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
        ],
    }
    return document | {relationship: [method] for relationship in relationships}


def _jwk(did: str) -> dict[str, Any]:
    text = did.removeprefix(PREFIX)
    try:
        body = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(body).rstrip(b"=").decode("ascii") != text:
            raise InvalidDid("a did:jwk is base64url without padding")
        jwk = parse_document(body)
        from_jwk(jwk)
    except (binascii.Error, ValueError, InvalidDidDocument, InvalidKey) as error:
        raise InvalidDid(f"{did[:80]}: not a public JWK in base64url") from error
    return jwk
