"""One private key, able to do exactly one thing: sign.

Spec: JOSE algorithm names (RFC 7518 §3.1, RFC 8037 §3.1).
Shape: signatures are raw: 64 bytes for EdDSA, r || s for ES256 (64) and ES384 (96).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair
from typing_extensions import override

from did.errors import InvalidKey
from did.multikey import encode
from did.public_key import ALGORITHMS, Curve, PublicKey, from_cryptography

__all__ = ["GENERATE", "PrivateKey", "Signer", "SoftwareSigner", "did_key_method", "software"]

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class Signer(Protocol):
    """One private key, able to do exactly one thing."""

    @property
    def verification_method(self) -> str:
        """DID URL of the public half, e.g. ``did:web:uni.example#key-1``."""
        ...

    @property
    def algorithm(self) -> str:
        """JOSE name of the algorithm: ``EdDSA``, ``ES256``, ``ES384`` or ``RS256``."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature of `message`.

        Raises:
            KeyUnavailable: the key cannot be reached (any more).
        """
        ...


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """A private key held in this process; never shown, not even in a traceback."""

    verification_method: str
    public_key: PublicKey
    _sign: Callable[[bytes], bytes] = field(repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        """JOSE name of the algorithm."""
        return ALGORITHMS[self.public_key.curve]

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature of `message`."""
        return self._sign(message)


def software(private_key: PrivateKey, verification_method: str | None = None) -> SoftwareSigner:
    """Return the signer of a private key; it speaks for its own did:key unless told another.

    Raises:
        InvalidKey: the key is of a kind we do not sign with.
    """
    public_key = from_cryptography(private_key.public_key())
    method = verification_method or did_key_method(public_key)
    if isinstance(private_key, ed25519.Ed25519PrivateKey):
        return SoftwareSigner(method, public_key, _ed25519(private_key))
    return SoftwareSigner(method, public_key, _ecdsa(private_key, public_key.curve))


def did_key_method(public_key: PublicKey) -> str:
    """Return the verification method of `public_key` as a did:key, or of RSA an error.

    Raises:
        InvalidKey: the key has no did:key.
    """
    multikey = encode(public_key)
    return f"did:key:{multikey}#{multikey}"


def _generate_rsa() -> PrivateKey:
    raise InvalidKey("new keys are Ed25519, P-256 or P-384: RSA is only verified")


GENERATE: dict[Curve, Callable[[], PrivateKey]] = {
    Curve.ED25519: ed25519.Ed25519PrivateKey.generate,
    Curve.P256: lambda: ec.generate_private_key(ec.SECP256R1()),
    Curve.P384: lambda: ec.generate_private_key(ec.SECP384R1()),
    Curve.RSA: _generate_rsa,
}
"""How a new private key of each kind is made."""


class _Secret(bytes):
    """Key material that shows itself in no traceback and no log."""

    @override
    def __repr__(self) -> str:
        return "a secret"


def _ed25519(private_key: ed25519.Ed25519PrivateKey) -> Callable[[bytes], bytes]:
    secret = _Secret(crypto_sign_seed_keypair(private_key.private_bytes_raw())[1])

    def sign(message: bytes) -> bytes:
        return crypto_sign(message, secret)[:64]  # libsodium: in six tenths of OpenSSL's time

    return sign


def _ecdsa(private_key: ec.EllipticCurvePrivateKey, curve: Curve) -> Callable[[bytes], bytes]:
    algorithm = ec.ECDSA(hashes.SHA256() if curve is Curve.P256 else hashes.SHA384())
    length = private_key.key_size // 8

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private_key.sign(message, algorithm))
        return r.to_bytes(length) + s.to_bytes(length)

    return sign
