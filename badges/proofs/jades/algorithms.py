"""The JOSE signature algorithms a seal may use, over the keys of X.509 certificates.

Spec: RFC 7518 §3 (RS256, ES256, …), RFC 7515 §2; ECDSA values are r||s on the wire, never DER.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

__all__ = ["ALGORITHMS", "DIGESTS", "MIN_RSA_BITS", "Algorithm", "is_signed_by"]

MIN_RSA_BITS = 2048
"""Fewest bits of an RSA key whose seal we accept (ETSI TS 119 312 §6.2)."""

DIGESTS: Mapping[str, str] = {"S256": "sha256", "S384": "sha384", "S512": "sha512"}
"""Digest names of ``x5t#o`` and friends (TS 119 182-1 §5.2.2) → Python's."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One JOSE algorithm: its hash and, for ECDSA, its curve; `pss` tells PS from RS."""

    digest: hashes.HashAlgorithm
    curve: str = ""
    pss: bool = False


ALGORITHMS: Mapping[str, Algorithm] = {
    "RS256": Algorithm(hashes.SHA256()),
    "RS384": Algorithm(hashes.SHA384()),
    "RS512": Algorithm(hashes.SHA512()),
    "PS256": Algorithm(hashes.SHA256(), pss=True),
    "PS384": Algorithm(hashes.SHA384(), pss=True),
    "PS512": Algorithm(hashes.SHA512(), pss=True),
    "ES256": Algorithm(hashes.SHA256(), "secp256r1"),
    "ES384": Algorithm(hashes.SHA384(), "secp384r1"),
    "ES512": Algorithm(hashes.SHA512(), "secp521r1"),
}
"""Everything else, ``none`` and the HMACs first of all, is refused."""


def is_signed_by(
    key: CertificatePublicKeyTypes, algorithm: str, message: bytes, signature: bytes
) -> bool:
    """Tell whether `signature` over `message` was made by `key` with `algorithm`.

    A key of another kind, or too short, made nothing.
    """
    chosen = ALGORITHMS.get(algorithm)
    if chosen is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            return _rsa(key, chosen, message, signature)
        if isinstance(key, ec.EllipticCurvePublicKey):
            return _ecdsa(key, chosen, message, signature)
    except InvalidSignature:
        return False
    return False


def _rsa(key: rsa.RSAPublicKey, chosen: Algorithm, message: bytes, signature: bytes) -> bool:
    if chosen.curve or key.key_size < MIN_RSA_BITS:
        return False
    scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    if chosen.pss:
        scheme = padding.PSS(padding.MGF1(chosen.digest), chosen.digest.digest_size)
    key.verify(signature, message, scheme, chosen.digest)
    return True


def _ecdsa(
    key: ec.EllipticCurvePublicKey, chosen: Algorithm, message: bytes, signature: bytes
) -> bool:
    half = (key.key_size + 7) // 8
    if key.curve.name != chosen.curve or len(signature) != 2 * half:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    key.verify(encode_dss_signature(r, s), message, ec.ECDSA(chosen.digest))
    return True
