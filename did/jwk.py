"""A public key as a JSON Web Key.

Spec: RFC 7517 (JWK), RFC 7518 §6 (EC, RSA), RFC 8037 §2 (OKP), RFC 7638 (thumbprint).
Shape: integers are base64url without padding; EC coordinates have the full length of the curve.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from did.errors import InvalidKey
from did.public_key import EC, Curve, PublicKey, from_cryptography

__all__ = ["from_jwk", "thumbprint", "to_jwk"]

PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members that hold a secret: a key that shows one is burnt."""

MAX_MEMBER = 2048
"""Longest member we decode: an 8192-bit modulus has 1366 characters."""


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """Return the public key of `jwk`; members that say nothing of the key are passed over.

    Raises:
        InvalidKey: a secret is in it, the kind is unknown, or it is malformed.
    """
    if PRIVATE & jwk.keys():
        raise InvalidKey("the JWK holds a private key: publish its public half only")
    kind = jwk.get("kty")
    read = READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise InvalidKey("unknown kind of JWK: use OKP, EC or RSA")
    return read(jwk)


def to_jwk(key: PublicKey) -> dict[str, str]:
    """Return the public JWK of `key`, with the members that name the key and nothing else."""
    if key.curve is Curve.ED25519:
        return {"kty": "OKP", "crv": "Ed25519", "x": _encode(key.raw)}
    if key.curve is Curve.RSA:
        public = serialization.load_der_public_key(key.raw)
        if not isinstance(public, rsa.RSAPublicKey):  # pragma: no cover - PublicKey has checked
            raise InvalidKey("the key is not an RSA key")
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": _integer(numbers.n), "e": _integer(numbers.e)}
    curve = EC[key.curve]
    point = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.raw).public_numbers()
    length = curve.key_size // 8
    x, y = point.x.to_bytes(length), point.y.to_bytes(length)
    return {"kty": "EC", "crv": str(key.curve), "x": _encode(x), "y": _encode(y)}


def thumbprint(key: PublicKey) -> str:
    """Return the SHA-256 thumbprint of `key` (RFC 7638), base64url."""
    canonical = json.dumps(to_jwk(key), sort_keys=True, separators=(",", ":"))
    return _encode(hashlib.sha256(canonical.encode()).digest())


def _okp(jwk: Mapping[str, Any]) -> PublicKey:
    if jwk.get("crv") != "Ed25519":
        raise InvalidKey("unknown OKP curve: use Ed25519")
    return PublicKey(Curve.ED25519, _decode(jwk, "x"))


def _ec(jwk: Mapping[str, Any]) -> PublicKey:
    curve = next((known for known in EC if known == jwk.get("crv")), None)
    if curve is None:
        raise InvalidKey("unknown EC curve: use P-256 or P-384")
    x, y = _decode(jwk, "x"), _decode(jwk, "y")
    if {len(x), len(y)} != {EC[curve].key_size // 8}:
        raise InvalidKey(f"x and y of a {curve} key have {EC[curve].key_size // 8} bytes each")
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(EC[curve], b"\x04" + x + y)
    except ValueError as error:
        raise InvalidKey(f"the {curve} key is not a point of the curve") from error
    return from_cryptography(point)


def _rsa(jwk: Mapping[str, Any]) -> PublicKey:
    n, e = _decode(jwk, "n"), _decode(jwk, "e")
    if n[:1] == b"\0" or e[:1] == b"\0":
        raise InvalidKey("n and e of an RSA key have no leading zeros")
    try:
        numbers = rsa.RSAPublicNumbers(int.from_bytes(e), int.from_bytes(n))
        return from_cryptography(numbers.public_key())
    except ValueError as error:
        raise InvalidKey("n and e are not an RSA key") from error


READERS: Mapping[str, Callable[[Mapping[str, Any]], PublicKey]] = {
    "OKP": _okp,
    "EC": _ec,
    "RSA": _rsa,
}
"""How each kind of JWK is read."""


def _decode(jwk: Mapping[str, Any], member: str) -> bytes:
    """Decode one member strictly: `b64decode` alone drops what it does not know."""
    text = jwk.get(member)
    if not isinstance(text, str) or not text or len(text) > MAX_MEMBER:
        raise InvalidKey(f"the JWK has no usable member {member}")
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidKey(f"the JWK member {member} is not base64url") from error
    if _encode(content) != text:
        raise InvalidKey(f"the JWK member {member} is not base64url without padding")
    return content


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _integer(number: int) -> str:
    return _encode(number.to_bytes((number.bit_length() + 7) // 8))
