"""A public key, and the strict checking of a signature with it.

Spec: RFC 8032 §5.1.7 (Ed25519), FIPS 186-5 §6.4 (ECDSA), RFC 8017 §8.2 (RSA PKCS#1 v1.5).
Shape: ``raw`` is 32 bytes for Ed25519, the compressed SEC 1 point for P-256 and P-384, and the
DER SubjectPublicKeyInfo for RSA. A signature is raw: 64 bytes for Ed25519, r || s for ECDSA.

A key that exists is well formed: the point is on its curve, the modulus is long enough, and an
Ed25519 key is not of small order (for such a key one signature fits many messages).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from did.errors import InvalidKey

__all__ = ["ALGORITHMS", "Curve", "HashName", "PublicKey", "from_cryptography"]

HashName = Literal["sha256", "sha384"]

MIN_RSA_BITS = 2048
"""Shortest RSA modulus we accept (RFC 7518 §3.3)."""

MAX_RSA_BITS = 8192
"""Longest RSA modulus: a huge one would make a stranger's signature expensive to check."""

P = 2**255 - 19
"""The field of Ed25519."""

D = -121665 * pow(121666, -1, P) % P
"""The curve constant of Ed25519."""

L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point of Ed25519: S must be smaller (RFC 8032 §5.1.7)."""

Y8 = int.from_bytes(
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
)
"""The y coordinate of a point of order 8."""

SMALL_ORDER = frozenset({0, 1, P - 1, Y8, P - Y8})
"""The y coordinates of the eight Ed25519 points of small order."""


class Curve(StrEnum):
    """The kinds of public key we know."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA"

    __hash__ = str.__hash__  # as fast as a text's: keys are looked up by it all the time


ALGORITHMS = {
    Curve.ED25519: "EdDSA",
    Curve.P256: "ES256",
    Curve.P384: "ES384",
    Curve.RSA: "RS256",
}
"""The JOSE algorithm each kind of key signs with."""

EC: dict[Curve, ec.EllipticCurve] = {Curve.P256: ec.SECP256R1(), Curve.P384: ec.SECP384R1()}
HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}
OWN_HASH = {Curve.P256: "sha256", Curve.P384: "sha384", Curve.RSA: "sha256"}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One well-formed public key.

    Raises:
        InvalidKey: the bytes are not such a key, or too weak a one.
    """

    curve: Curve
    raw: bytes

    def __post_init__(self) -> None:
        """Refuse a malformed or weak key at the door."""
        if self.curve is Curve.ED25519:
            _check_ed25519(self.raw)
        elif self.curve is Curve.RSA:
            _rsa(self.raw)
        else:
            _ec(self.curve, self.raw)

    def verify(
        self, signature: bytes, message: bytes, *, hash_name: HashName | None = None
    ) -> bool:
        """Tell whether `signature` is this key's signature of `message`.

        Args:
            signature: raw bytes; any other length than the algorithm's own is simply wrong.
            message: what was signed.
            hash_name: the hash, where a suite asks for another than the curve's own.
        """
        if self.curve is Curve.ED25519:
            if hash_name is not None:
                raise ValueError("Ed25519 has its own hash: none can be chosen")
            return _verify_ed25519(self.raw, signature, message)
        algorithm = HASHES[hash_name or OWN_HASH[self.curve]]
        if self.curve is Curve.RSA:
            return _verify_rsa(_rsa(self.raw), signature, message, algorithm)
        return _verify_ec(_ec(self.curve, self.raw), signature, message, algorithm)


def from_cryptography(key: object) -> PublicKey:
    """Return the public key that a key object of the cryptography library stands for.

    Raises:
        InvalidKey: it is of a kind we do not use.
    """
    if isinstance(key, ed25519.Ed25519PublicKey):
        return PublicKey(Curve.ED25519, key.public_bytes_raw())
    if isinstance(key, rsa.RSAPublicKey):
        return PublicKey(Curve.RSA, _spki(key))
    if isinstance(key, ec.EllipticCurvePublicKey):
        for curve, known in EC.items():
            if key.curve.name == known.name:
                return PublicKey(curve, _compressed(key))
    raise InvalidKey("unknown kind of key: use Ed25519, P-256, P-384 or RSA")


def _check_ed25519(raw: bytes) -> None:
    if len(raw) != 32:
        raise InvalidKey(f"an Ed25519 key has 32 bytes, not {len(raw)}")
    y = _y(raw)
    if y >= P:
        raise InvalidKey("the Ed25519 key is not in its canonical form")
    if y in SMALL_ORDER:
        raise InvalidKey("the Ed25519 key has small order: anybody could sign for it")
    if pow((y * y - 1) * (D * y * y + 1), (P - 1) // 2, P) != 1:  # x*x = (y*y-1) / (D*y*y+1)
        raise InvalidKey("the Ed25519 key is not a point of the curve")


def _y(encoded: bytes) -> int:
    """The y coordinate of an encoded point, without the sign bit of x."""
    return int.from_bytes(encoded, "little") & (1 << 255) - 1


def _verify_ed25519(raw: bytes, signature: bytes, message: bytes) -> bool:
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
        return False
    if _y(signature[:32]) % P in SMALL_ORDER:
        return False
    try:
        crypto_sign_open(signature + message, raw)  # libsodium: in half of OpenSSL's time
    except BadSignatureError:
        return False
    return True


def _ec(curve: Curve, raw: bytes) -> ec.EllipticCurvePublicKey:
    length = EC[curve].key_size // 8
    if len(raw) != length + 1 or raw[:1] not in (b"\x02", b"\x03"):
        raise InvalidKey(f"a {curve} key is a compressed point of {length + 1} bytes")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(EC[curve], raw)
    except ValueError as error:
        raise InvalidKey(f"the {curve} key is not a point of the curve") from error


def _verify_ec(
    key: ec.EllipticCurvePublicKey,
    signature: bytes,
    message: bytes,
    algorithm: hashes.HashAlgorithm,
) -> bool:
    length = key.key_size // 8
    if len(signature) != 2 * length:
        return False
    r, s = int.from_bytes(signature[:length]), int.from_bytes(signature[length:])
    if r == 0 or s == 0:
        return False
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True


def _rsa(raw: bytes) -> rsa.RSAPublicKey:
    try:
        key = serialization.load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidKey("the RSA key is not a SubjectPublicKeyInfo") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise InvalidKey("the key is not an RSA key")
    if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        raise InvalidKey(f"an RSA key has {MIN_RSA_BITS} to {MAX_RSA_BITS} bits")
    if key.public_numbers().e.bit_length() > 32 or _spki(key) != raw:
        raise InvalidKey("the RSA key is not in its canonical form")
    return key


def _verify_rsa(
    key: rsa.RSAPublicKey, signature: bytes, message: bytes, algorithm: hashes.HashAlgorithm
) -> bool:
    try:
        key.verify(signature, message, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def _spki(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
