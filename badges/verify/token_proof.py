"""The signature of a token, what it was asked for, and who shows it.

Spec: Open Badges 3.0 §8.2 (JWT); SD-JWT VC §3; RFC 9901 §7.3; VC-JOSE-COSE.
"""

from collections.abc import Mapping
from typing import Any

from badges.errors import ChallengeDiffers, DomainDiffers, MalformedValue, ProofInvalid
from badges.proofs import jws, sd_jwt, vc_jwt
from badges.verify.keys import FoundKey, KeyRing, is_web
from badges.verify.named_keys import issuer_of, named_key
from badges.verify.outcome import Outcome
from badges.verify.presented import W3C_TOKENS, Form, Presented
from badges.verify.proof_result import ProofResult, settled
from badges.verify.tokens import parsed
from did.errors import InvalidVerificationMethod, MethodNotSupported
from did.jwk import from_jwk

__all__ = ["check_token"]


def check_token(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:
    """Check the one signature of a token, with what it was asked for and who shows it."""
    header = parsed(presented.form, presented.token).header
    return (settled(lambda: _one_token(presented, ring, purpose), header),)


def _one_token(presented: Presented, ring: KeyRing, purpose: str) -> ProofResult:
    read = parsed(presented.form, presented.token)
    claims = read.claims
    method, found = _key_of_token(presented, ring, purpose)
    jws.verify(read, found.key)
    if presented.form is Form.PRESENTATION:
        _check_request(claims, ring)
    if presented.form in W3C_TOKENS:
        _check_end(vc_jwt.signature_end(claims, presented.document), ring)
    if "~" in presented.token:
        _check_binding(presented, claims, ring)
    detail = str(read.header["alg"])
    return ProofResult(Outcome.PASSED, "signature-correct", detail, method, purpose, found)


def _check_request(claims: Mapping[str, Any], ring: KeyRing) -> None:
    """Compare what the token answers with what was asked (VC-JOSE-COSE: ``nonce``, ``aud``)."""
    if ring.policy.challenge is not None and claims.get("nonce") != ring.policy.challenge:
        raise ChallengeDiffers("the presentation answers another nonce")
    if ring.policy.domain is not None and not _includes(claims.get("aud"), ring.policy.domain):
        raise DomainDiffers("the presentation is for another audience")
    expires = claims.get("exp")
    if expires is not None and not _is_number(expires):
        raise ProofInvalid("the end of the presentation is not a number of seconds")
    _check_end(expires, ring)


def _includes(value: object, wanted: str) -> bool:
    return wanted in value if isinstance(value, list) else value == wanted


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_end(end: float | None, ring: KeyRing) -> None:
    if end is not None and end <= (ring.now - ring.policy.skew).timestamp():
        raise ProofInvalid("the signature has expired")


def _check_binding(presented: Presented, payload: Mapping[str, Any], ring: KeyRing) -> None:
    """Check who shows an SD-JWT, if somebody says so or was asked to (RFC 9901 §7.3).

    A presentation is signed by who shows it: nobody else has to.
    """
    shown, policy = sd_jwt.parse(presented.token), ring.policy
    asked = policy.challenge is not None and presented.form is not Form.PRESENTATION
    if shown.key_binding is None and not asked:
        return
    confirmation = payload.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, Mapping) else None
    if not isinstance(jwk, Mapping):
        raise ProofInvalid("it was shown by a holder, but names no key of one")
    claims = sd_jwt.verify_key_binding(
        shown, from_jwk(jwk), audience=policy.domain, nonce=policy.challenge
    )
    if claims["iat"] > (ring.now + policy.skew).timestamp():
        raise ProofInvalid("it was shown in the future")


def _key_of_token(presented: Presented, ring: KeyRing, purpose: str) -> tuple[str, FoundKey]:
    header = parsed(presented.form, presented.token).header
    method, issuer, inline = named_key(presented), issuer_of(presented), header.get("jwk")
    if method is not None and "kid" in header:
        found = ring.find(method, purpose, issuer)
        if inline is not None and from_jwk(inline) != found.key:
            raise ProofInvalid("the key in the token is not the one its kid names")
        return method, found
    if "x5c" in header:
        raise MethodNotSupported("the issuer's key comes by certificates, which we do not read")
    if inline is None or issuer is None:
        raise MalformedValue("the token does not name its key")
    key = from_jwk(inline)
    if is_web(issuer):
        return issuer, ring.of_server(issuer, key, purpose)
    for listed in ring.document(issuer).methods(purpose):
        if listed.public_key == key:
            return listed.id, ring.find(listed.id, purpose)
    raise InvalidVerificationMethod("the key in the token is not a key of the issuer")
