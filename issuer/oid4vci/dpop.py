"""Tokens bound to a key: check the DPoP proof of a request.

Spec: RFC 9449 §4.2 (proof), §4.3 (checking), §5 (token request), §7.1 (with an access token).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from badges.errors import BadgeError, ProofInvalid
from badges.proofs import jws
from did import jwk
from did.errors import DidError
from issuer.oid4vci.refusal import Code, Refused

__all__ = ["ALGORITHMS", "MAX_AGE", "Bound", "verify_dpop"]

ALGORITHMS = ("ES256", "ES384", "EdDSA")
"""What DPoP proofs may be signed with."""

MAX_AGE = timedelta(minutes=5)
"""How old a proof may be, and how far ahead its clock."""

_TYPES = frozenset({"dpop+jwt"})
_HEADERS = frozenset({"jwk"})


@dataclass(frozen=True, slots=True)
class Bound:
    """The key of a DPoP proof and the mark under which the proof is spent."""

    jkt: str
    mark: str
    """What must not come twice: the key's thumbprint and ``jti``."""


def verify_dpop(
    proof: str, *, method: str, url: str, now: datetime, access_token: str | None = None
) -> Bound:
    """Check that `proof` is for this request, now, by one key; the caller spends its mark.

    Raises:
        Refused: ``invalid_dpop_proof``.
    """
    try:
        read = jws.parse(proof, types=_TYPES, headers=_HEADERS)
        if read.header["alg"] not in ALGORITHMS or "jwk" not in read.header:
            raise ProofInvalid(f"a DPoP proof has a jwk and alg {', '.join(ALGORITHMS)}")
        key = jwk.from_jwk(read.header["jwk"])
        jws.verify(read, key)
        claims = read.claims
        _check_request(claims, method, url, now)
        _check_token(claims, access_token)
    except (BadgeError, DidError) as problem:
        raise Refused(Code.INVALID_DPOP_PROOF, str(problem)) from problem
    jkt = jwk.thumbprint(key)
    return Bound(jkt, f"dpop {jkt} {claims['jti']}")


def _check_request(claims: Mapping[str, Any], method: str, url: str, now: datetime) -> None:
    jti, issued = claims.get("jti"), claims.get("iat")
    if not isinstance(jti, str) or not jti:
        raise ProofInvalid("a DPoP proof has a jti")
    if claims.get("htm") != method:
        raise ProofInvalid(f"htm is {method}")
    if not isinstance(claims.get("htu"), str) or _place(claims["htu"]) != _place(url):
        raise ProofInvalid(f"htu is {url}")
    if type(issued) not in (int, float):
        raise ProofInvalid("a DPoP proof has an iat")
    if abs(now.timestamp() - float(claims["iat"])) > MAX_AGE.total_seconds():
        raise ProofInvalid("the DPoP proof is too old or from the future")


def _check_token(claims: Mapping[str, Any], access_token: str | None) -> None:
    if access_token is None:
        return
    digest = hashlib.sha256(access_token.encode("ascii", "replace")).digest()
    if claims.get("ath") != jws.b64url_encode(digest):
        raise ProofInvalid("ath is not the hash of the access token")


def _place(url: str) -> tuple[str, str, str]:
    """Return what of a URL is compared: no query, no fragment, case as RFC 3986 §6.2.2."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower(), parts.path
