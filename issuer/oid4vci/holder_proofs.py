"""Proofs that a wallet holds its key: ``jwt``, ``di_vp`` and ``attestation``.

Spec: OpenID4VCI 1.0 §8.2.1 and appendices F.1 (jwt), F.2 (di_vp), F.3 (attestation),
F.4 (verifying), D (key attestations).
Holder keys come inside the proof (``jwk``) or inside their own DID (did:key, did:jwk): nothing is
ever fetched for a stranger. Nonces are checked here and *spent* by the caller, once, after every
signature of a request held.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from badges.errors import BadgeError, MalformedCredential, ProofInvalid
from badges.proofs import data_integrity, jws
from did import jwk
from did.errors import DidError
from did.public_key import PublicKey
from did.resolve import resolve
from did.url import parse as parse_did_url
from issuer.oid4vci.model import BATCH_SIZE, Holder
from issuer.oid4vci.refusal import Code, Refused

__all__ = ["ALGORITHMS", "Expected", "Proven", "verify_proofs"]

ALGORITHMS = ("ES256", "ES384", "EdDSA")
"""What holders may sign with."""

HOLDER_METHODS = frozenset({"key", "jwk"})
"""DID methods that spell their key out."""

MAX_AGE = timedelta(minutes=10)
"""How old ``iat`` may be, and how far ahead a phone's clock may run."""

_PROOF = "openid4vci-proof+jwt"
_ATTESTATION = "key-attestation+jwt"
_PROOF_HEADERS = frozenset({"kid", "jwk", "x5c", "key_attestation", "trust_chain"})
_ATTESTATION_HEADERS = frozenset({"kid", "x5c"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What a proof must say to be for us, now."""

    audience: str
    """The credential issuer identifier."""

    now: datetime
    nonce_holds: Callable[[str], bool]
    client_id: str | None = None
    attesters: Sequence[PublicKey] = ()
    """Keys of wallet providers whose key attestations count; none = attestations are refused."""

    relaxed: bool = False
    """Accept proofs without ``typ`` and ``iat`` (`compat`)."""


@dataclass(frozen=True, slots=True)
class Proven:
    """The keys that were proven, and the nonces that are now to be spent."""

    holders: tuple[Holder, ...]
    nonces: frozenset[str]


def verify_proofs(proofs: Mapping[str, Sequence[Any]] | None, expected: Expected) -> Proven:
    """Check every proof of a request; one bad one refuses them all.

    Raises:
        Refused: ``invalid_proof`` or ``invalid_nonce``.
    """
    if not proofs:
        raise Refused(Code.INVALID_PROOF, "proofs is missing: this badge is bound to a key")
    ((kind, values),) = proofs.items()
    if kind not in _KINDS:
        raise Refused(Code.INVALID_PROOF, f"proof type {kind!r}; known: {', '.join(_KINDS)}")
    if len(values) > BATCH_SIZE:
        raise Refused(Code.INVALID_PROOF, f"{len(values)} proofs, at most {BATCH_SIZE} at once")
    try:
        proven = [one for value in values for one in _KINDS[kind](value, expected)]
    except (BadgeError, DidError) as problem:
        raise Refused(Code.INVALID_PROOF, str(problem)) from problem
    holders = tuple(holder for holder, _ in proven)
    if len({jwk.thumbprint(holder.key) for holder in holders}) < len(holders):
        raise Refused(Code.INVALID_PROOF, "the same key twice: each copy needs a key of its own")
    if len(holders) > BATCH_SIZE:
        raise Refused(Code.INVALID_PROOF, f"{len(holders)} keys, at most {BATCH_SIZE} at once")
    nonces = frozenset(nonce for _, nonce in proven)
    if not all(expected.nonce_holds(nonce) for nonce in nonces):
        raise Refused(Code.INVALID_NONCE, "the nonce is not ours, too old or used: fetch a new one")
    return Proven(holders, nonces)


def _jwt(value: Any, expected: Expected) -> list[tuple[Holder, str]]:
    types = frozenset({_PROOF, ""}) if expected.relaxed else frozenset({_PROOF})
    read = jws.parse(_text(value), types=types, headers=_PROOF_HEADERS)
    if read.header["alg"] not in ALGORITHMS:
        raise ProofInvalid(f"alg is one of {', '.join(ALGORITHMS)}")
    holder = _named_key(read.header)
    jws.verify(read, holder.key)
    claims = read.claims
    _check_claims(claims, expected)
    if "key_attestation" in read.header:
        attested, _ = _attested(read.header["key_attestation"], expected)
        if jwk.thumbprint(holder.key) not in map(jwk.thumbprint, attested):
            raise ProofInvalid("the key of the proof is not among the attested keys")
    return [(holder, _nonce(claims))]


def _di_vp(value: Any, expected: Expected) -> list[tuple[Holder, str]]:
    """Check a presentation with a Data Integrity proof made for us (appendix F.2)."""
    if not isinstance(value, dict):
        raise MalformedCredential("a di_vp proof is a JSON object")
    _, proofs = data_integrity.split(value)
    if len(proofs) != 1:
        raise ProofInvalid("a di_vp proof has exactly one proof")
    (proof,) = proofs
    if proof.get("proofPurpose") != "authentication":
        raise ProofInvalid("proofPurpose of a di_vp proof is authentication")
    if proof.get("domain") != expected.audience:
        raise ProofInvalid(f"domain of a di_vp proof is {expected.audience}")
    holder = _did_key(str(proof.get("verificationMethod", "")), "authentication")
    if value.get("holder", holder.did) not in (holder.did, {"id": holder.did}):
        raise ProofInvalid("holder is not who made the proof")
    data_integrity.verify_proof(value, proof, holder.key)
    return [(holder, _nonce({"nonce": proof.get("challenge")}))]


def _attestation(value: Any, expected: Expected) -> list[tuple[Holder, str]]:
    """Return every key of an attestation; it stands for all of them (appendix F.3)."""
    keys, claims = _attested(value, expected)
    nonce = _nonce(claims)
    return [(Holder(key, jwk.to_jwk(key)), nonce) for key in keys]


_KINDS: Mapping[str, Callable[[Any, Expected], list[tuple[Holder, str]]]] = {
    "jwt": _jwt,
    "di_vp": _di_vp,
    "attestation": _attestation,
}
"""Every proof type we verify."""


def _attested(value: Any, expected: Expected) -> tuple[list[PublicKey], Mapping[str, Any]]:
    read = jws.parse(_text(value), types=frozenset({_ATTESTATION}), headers=_ATTESTATION_HEADERS)
    if not any(_signed_by(read, attester) for attester in expected.attesters):
        raise ProofInvalid("the key attestation is by no wallet provider trusted here")
    claims = read.claims
    keys = claims.get("attested_keys")
    if not isinstance(keys, list) or not keys:
        raise ProofInvalid("a key attestation has attested_keys")
    _check_age(claims, expected.now)
    return [jwk.from_jwk(key) for key in keys[: BATCH_SIZE + 1]], claims


def _signed_by(read: jws.Jws, key: PublicKey) -> bool:
    try:
        jws.verify(read, key)
    except ProofInvalid:
        return False
    return True


def _named_key(header: Mapping[str, Any]) -> Holder:
    named = [name for name in ("kid", "jwk", "x5c", "trust_chain") if name in header]
    if len(named) != 1:
        raise ProofInvalid("the key comes by exactly one of kid and jwk")
    if named == ["jwk"]:
        key = jwk.from_jwk(header["jwk"])
        return Holder(key, jwk.to_jwk(key))
    if named == ["kid"]:
        return _did_key(header["kid"])
    raise ProofInvalid(f"keys by {named[0]} are not accepted: send jwk, or kid with did:key")


def _did_key(url: str, relationship: str | None = None) -> Holder:
    """Return the key a did:key or did:jwk spells out; other methods would need a fetch."""
    parsed = parse_did_url(url)
    if parsed.method not in HOLDER_METHODS:
        raise ProofInvalid(f"did:{parsed.method} holder keys are not accepted, did:key and did:jwk")
    document = resolve(parsed.did, {})
    methods = document.methods(relationship or "authentication")
    if parsed.fragment is not None:
        methods = tuple(method for method in methods if method.id == url)
    if not methods:
        raise ProofInvalid("the DID has no such key")
    key = methods[0].public_key
    return Holder(key, jwk.to_jwk(key), parsed.did)


def _check_claims(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("aud") not in (expected.audience, [expected.audience]):
        raise ProofInvalid(f"aud of the proof is {expected.audience}")
    if "iat" in claims or not expected.relaxed:
        _check_age(claims, expected.now)
    issuer = claims.get("iss")
    if expected.client_id is not None and issuer not in (None, expected.client_id):
        raise ProofInvalid("iss of the proof is the client_id")


def _check_age(claims: Mapping[str, Any], now: datetime) -> None:
    moment = now.timestamp()
    issued, expires = claims.get("iat"), claims.get("exp")
    if (
        type(issued) not in (int, float)
        or abs(moment - float(issued or 0)) > MAX_AGE.total_seconds()
    ):
        raise ProofInvalid("iat is missing, too old or in the future")
    if expires is not None and (type(expires) not in (int, float) or expires <= moment):
        raise ProofInvalid("the proof has expired")


def _nonce(claims: Mapping[str, Any]) -> str:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise Refused(
            Code.INVALID_PROOF, "the proof has no nonce: fetch one from the nonce endpoint"
        )
    return nonce


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise MalformedCredential("this proof is a compact token")
    return value
