"""Seal a document: JAdES B-B, and B-T once a timestamp has come back.

Spec: ETSI TS 119 182-1 §6.3 (B-B, B-T), RFC 7797 (`b64` false), RFC 7515 §7.2.1.
Shape: the form the European Digital Credentials portal writes: general JSON, one signature, the
       document inside as a string, byte for byte as it was given.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography import x509

from badges.errors import MalformedCredential, NotSealable, Problem
from badges.proofs.jades.algorithms import is_signed_by
from badges.proofs.jades.encoding import to_b64, to_b64url
from badges.proofs.jades.references import issuer_serial
from badges.proofs.jades.serialization import MAX_BYTES, read
from badges.proofs.jades.timestamp import verify_token
from badges.proofs.x509 import der, fingerprint, is_current, may_seal
from badges.strict_json import dumps, loads

__all__ = ["SealKey", "add_timestamp", "seal_bytes", "sign_b", "timestamp_input"]

ALGORITHMS = ("RS256", "ES256")
"""What we seal with. More can be checked than is made."""


class SealKey(Protocol):
    """The private key of an e-seal and the certificates that say whose it is."""

    @property
    def certificate_chain(self) -> Sequence[x509.Certificate]:
        """The seal's own certificate first."""
        ...

    @property
    def algorithm(self) -> str:
        """``RS256`` or ``ES256``."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the JOSE signature of `message`: PKCS#1 v1.5, or r||s."""
        ...


def sign_b(payload: str, key: SealKey, now: datetime) -> dict[str, Any]:
    """Return `payload` sealed at level B-B, checked with the key of the certificate.

    Raises:
        NotSealable: the document is not JSON text, or certificate and key are not fit to seal.
    """
    if problems := [*_payload_problems(payload), *_key_problems(key, now)]:
        raise NotSealable(problems)
    protected = to_b64url(dumps(_protected(key, now)))
    message = f"{protected}.{payload}".encode()
    signature = key.sign(message)
    public_key = key.certificate_chain[0].public_key()
    if not is_signed_by(public_key, key.algorithm, message, signature):
        raise NotSealable([_problem("seal-key-mismatch", "the key is not the certificate's key")])
    return {
        "payload": payload,
        "signatures": [{"protected": protected, "signature": to_b64url(signature)}],
    }


def timestamp_input(sealed: Mapping[str, Any]) -> bytes:
    """Return the octets to have timestamped: the signature value, as it is written.

    Raises:
        MalformedCredential: `sealed` is not a JWS with one signature.
    """
    signatures = read(sealed).signatures
    if len(signatures) != 1:
        raise MalformedCredential("a document is sealed once")
    return signatures[0].signature.encode()


def add_timestamp(sealed: Mapping[str, Any], token: bytes) -> dict[str, Any]:
    """Return `sealed` at level B-T, with the RFC 3161 `token` over its signature.

    Raises:
        TimestampInvalid: the token is not a good one, or is for another signature.
        MalformedCredential: `sealed` is not a JWS with one signature.
    """
    verify_token(token, timestamp_input(sealed))
    (signature,) = sealed["signatures"]
    entry = to_b64url(dumps({"sigTst": {"tstTokens": [{"val": to_b64(token)}]}}))
    listed = [*signature.get("header", {}).get("etsiU", []), entry]
    stamped = {
        "protected": signature["protected"],
        "header": {"etsiU": listed},
        "signature": signature["signature"],
    }
    return {"payload": sealed["payload"], "signatures": [stamped]}


def seal_bytes(sealed: Mapping[str, Any]) -> bytes:
    """Return the file to hand out."""
    return dumps(sealed)


def _protected(key: SealKey, now: datetime) -> dict[str, Any]:
    certificate = key.certificate_chain[0]
    return {
        "alg": key.algorithm,
        "cty": "octet-stream",
        "kid": issuer_serial(certificate),
        "x5t#S256": to_b64url(fingerprint(certificate)),
        "x5c": [to_b64(der(each)) for each in key.certificate_chain],
        "typ": "jose+json",
        "b64": False,
        "sigT": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "crit": ["b64", "sigT"],
    }


def _payload_problems(payload: str) -> list[Problem]:
    try:
        payload.encode()
        found = loads(payload, max_bytes=MAX_BYTES)
    except (UnicodeEncodeError, MalformedCredential):
        return [_problem("payload-not-json", "only JSON text can be sealed")]
    if not isinstance(found, Mapping):
        return [_problem("payload-not-json", "the document must be a JSON object")]
    return []


def _key_problems(key: SealKey, now: datetime) -> list[Problem]:
    if not key.certificate_chain:
        return [_problem("seal-certificate-missing", "the seal key has no certificate")]
    if key.algorithm not in ALGORITHMS:
        return [_problem("seal-algorithm", f"{key.algorithm} is not RS256 or ES256")]
    certificate = key.certificate_chain[0]
    if not is_current(certificate, now):
        begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        period = f"valid {begin:%Y-%m-%d} to {end:%Y-%m-%d}"
        message = f"the seal certificate is {period}: renew it before sealing"
        return [_problem("seal-certificate-expired", message)]
    if not may_seal(certificate):
        message = "the certificate is not for sealing documents: ask for an e-seal certificate"
        return [_problem("seal-certificate-purpose", message)]
    return []


def _problem(code: str, message: str) -> Problem:
    return Problem(code, "", message)
