"""A token status list as it is served: a signed token around the bits.

Spec: IETF Token Status List §5.1 (``statuslist+jwt``), §8.3 (validation rules).
"""

from collections.abc import Mapping
from typing import Any

from badges.errors import BadgeError, StatusVerification
from badges.proofs import jws
from badges.status.token import TokenEntry, read_list_claim
from badges.verify.keys import KeyRing
from did.errors import DidError

__all__ = ["read_token_status"]

_TYPES = frozenset({"statuslist+jwt"})
_HEADERS = frozenset({"kid"})


def read_token_status(body: bytes, entry: TokenEntry, ring: KeyRing, issuer: str | None) -> int:
    """Return the value of `entry` in the token that was served for it.

    Raises:
        StatusVerification: not a current list signed by `issuer`.
        RangeError: the list has no such entry.
    """
    try:
        token = jws.parse(body.decode("ascii").strip(), types=_TYPES, headers=_HEADERS)
        found = ring.find(str(token.header.get("kid")), "assertionMethod", issuer)
        jws.verify(token, found.key)
        claims = token.claims
    except (BadgeError, DidError, UnicodeDecodeError) as error:
        raise StatusVerification("not a signed status list token") from error
    if found.refusal is not None or issuer not in found.speaks_for:
        raise StatusVerification("the list is not signed by the issuer of the credential")
    _check_claims(claims, entry, ring)
    return read_list_claim(claims.get("status_list"), entry.index)


def _check_claims(claims: Mapping[str, Any], entry: TokenEntry, ring: KeyRing) -> None:
    if claims.get("sub") != entry.uri:
        raise StatusVerification("the token is another list than the one named")
    now, skew = ring.now.timestamp(), ring.policy.skew.total_seconds()
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int | float) or issued > now + skew:
        raise StatusVerification("the list has no date of issue, or one in the future")
    if expires is not None and (not isinstance(expires, int | float) or expires <= now - skew):
        raise StatusVerification("the list has expired")
