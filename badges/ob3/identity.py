"""Who a badge is for: identifiers in the open, or hashed so that only those who know can tell.

Spec: Open Badges 3.0, IdentityObject and IdentityHash: ``sha256$`` + hex of identifier + salt.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

__all__ = ["hash_identity", "hashed_identity", "matches", "plain_identity"]


def hash_identity(identifier: str, salt: str) -> str:
    """Return the IdentityHash of `identifier`.

    >>> hash_identity("a@example.com", "Kosher")[:20]
    'sha256$b5809d8a92f88'
    """
    return "sha256$" + hashlib.sha256((identifier + salt).encode()).hexdigest()


def hashed_identity(kind: str, identifier: str, salt: str) -> dict[str, Any]:
    """Return an identity that only who knows `identifier` can recognise."""
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": hash_identity(identifier, salt),
        "identityType": kind,
        "salt": salt,
    }


def plain_identity(kind: str, value: str) -> dict[str, Any]:
    """Return an identity that everybody can read."""
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": value,
        "identityType": kind,
    }


def matches(identity: Mapping[str, Any], claimed: str) -> bool:
    """Tell whether an identity is that of `claimed`.

    Issuers differ in whether they lower an e-mail address before hashing: both forms are tried.
    """
    expected = identity.get("identityHash")
    salt = identity.get("salt", "")
    if not isinstance(expected, str) or not isinstance(salt, str):
        return False
    if identity.get("hashed") is not True:
        return expected.strip().casefold() == claimed.strip().casefold()
    forms = dict.fromkeys((claimed, claimed.strip(), claimed.strip().lower()))
    return any(_equal_hash(expected, form + salt) for form in forms)


def _equal_hash(expected: str, text: str) -> bool:
    algorithm, _, digest = expected.partition("$")
    if algorithm == "sha256":
        found = hashlib.sha256(text.encode()).hexdigest()
    elif algorithm == "md5":  # the specification allows it, old badges have it; we never issue it
        found = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    else:
        return False
    return hmac.compare_digest(found.encode(), digest.lower().encode())
