"""1EdTech revocation lists, of badges from before bitstring lists: read only.

Spec: 1EdTech Credential Status Revocation List 1.0 (deprecated since Open Badges 3.0 doc 1.3).
Shape: an unsigned JSON document that the issuer serves; it counts by the server it came from.
"""

from collections.abc import Mapping
from typing import Any

from badges.errors import StatusVerification

__all__ = ["TYPE", "is_revoked"]

TYPE = "1EdTechRevocationList"


def is_revoked(document: Mapping[str, Any], *, list_url: str, issuer: str, credential: str) -> bool:
    """Tell whether the list says that `credential` is revoked.

    Raises:
        StatusVerification: not a revocation list, another one, or another issuer's.
    """
    if document.get("id", list_url) != list_url:
        raise StatusVerification("the revocation list is another one than the credential names")
    if _id(document.get("issuer", issuer)) != issuer:
        raise StatusVerification("the revocation list is by another issuer")
    revoked = document.get("revokedCredential")
    if not isinstance(revoked, list):
        raise StatusVerification("the document holds no revokedCredential list")
    return any(_revokes(item, credential) for item in revoked)


def _revokes(item: object, credential: str) -> bool:
    if not isinstance(item, Mapping):
        raise StatusVerification("an entry of the revocation list is not an object")
    revoked = item.get("revoked", True)
    if not isinstance(revoked, bool):
        raise StatusVerification("an entry's revoked member is not true or false")
    return revoked and item.get("id") == credential


def _id(value: object) -> object:
    return value.get("id") if isinstance(value, Mapping) else value
