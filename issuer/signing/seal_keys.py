"""Where the key of an e-seal lives: a PKCS#12 file, or a service that signs digests for us.

Spec: RFC 7292 (PKCS#12); CSC API v2 §11.11 ``signatures/signHash`` for the shape of remote signing.
Shape: a key file holds the private key and its certificates; only RSA (2048 bits and more) and
       P-256 seal, for those are what Europass reads.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import pkcs12

from badges.proofs.jades import SealKey
from badges.proofs.jades.algorithms import MIN_RSA_BITS
from badges.proofs.x509 import is_issued_by
from did.errors import KeyUnavailable
from did.signer import Signer
from did.signers import pkcs11
from issuer.errors import SealKeyUnusable

__all__ = [
    "FileSealKey",
    "RemoteSealKey",
    "RemoteSigner",
    "TokenSealKey",
    "open_pkcs12",
    "open_seal_key",
]

MAX_BYTES = 2**20
"""Most bytes of a key file: real ones have a few kilobytes."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class FileSealKey:
    """A seal key held in memory. See `badges.proofs.jades.SealKey`."""

    certificate_chain: Sequence[x509.Certificate]
    private_key: PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        """``RS256`` or ``ES256``, by the kind of key."""
        return "RS256" if isinstance(self.private_key, rsa.RSAPrivateKey) else "ES256"

    def sign(self, message: bytes) -> bytes:
        """Return the JOSE signature of `message`."""
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private_key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class RemoteSigner(Protocol):
    """A trust service that keeps the key and signs digests."""

    def sign_digest(self, digest: bytes, algorithm: str) -> bytes:
        """Return the JOSE signature for the SHA-256 `digest` (32 bytes)."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteSealKey:
    """A seal key that stays with the trust service: only digests leave this house."""

    certificate_chain: Sequence[x509.Certificate]
    algorithm: str
    service: RemoteSigner = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Return the JOSE signature of `message`, made by the service."""
        return self.service.sign_digest(hashlib.sha256(message).digest(), self.algorithm)


@dataclass(frozen=True, slots=True)
class TokenSealKey:
    """A seal key in a hardware security module (`did.signers.pkcs11`)."""

    certificate_chain: Sequence[x509.Certificate]
    signer: Signer = field(repr=False)

    @property
    def algorithm(self) -> str:
        """``RS256`` or ``ES256``, by the kind of key."""
        return self.signer.algorithm

    def sign(self, message: bytes) -> bytes:
        """Return the JOSE signature of `message`."""
        return self.signer.sign(message)


def open_seal_key(uri: str, passphrase: str, certificates: bytes = b"") -> SealKey:
    """Return the seal key that `uri` names.

    Args:
        uri: ``file:seal.p12`` (PKCS#12), or ``pkcs11:token=…;object=…?module-path=…``.
        passphrase: of the file, or the PIN of the token.
        certificates: PEM, the seal's own first; needed where the key comes without.

    Raises:
        SealKeyUnusable: no such key, the wrong passphrase, or no certificate for it.
    """
    scheme, _, place = uri.partition(":")
    if scheme == "file":
        try:
            octets = Path(place).read_bytes()
        except OSError as error:
            raise SealKeyUnusable(f"the key file {place} cannot be read") from error
        return open_pkcs12(octets, passphrase.encode())
    if scheme != pkcs11.SCHEME:
        raise SealKeyUnusable("a seal key is named by file: or pkcs11:")
    try:
        signer = pkcs11.open_key(uri, passphrase, uri)
        chain = x509.load_pem_x509_certificates(certificates)
    except KeyUnavailable as error:
        raise SealKeyUnusable(str(error)) from error
    except ValueError as error:
        raise SealKeyUnusable("a key on a token needs its certificate (PEM) beside it") from error
    if signer.algorithm not in ("RS256", "ES256"):
        raise SealKeyUnusable("the key must be RSA of at least 2048 bits, or P-256")
    return TokenSealKey(tuple(chain), signer)


def open_pkcs12(octets: bytes, passphrase: bytes) -> FileSealKey:
    """Return the seal key in a PKCS#12 file.

    Raises:
        SealKeyUnusable: not such a file, the wrong passphrase, no key or certificate in it, or a
            key that cannot seal. The message says which, never what is inside.
    """
    if len(octets) > MAX_BYTES:
        raise SealKeyUnusable("the file is too large for a key file")
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(octets, passphrase or None)
    except (ValueError, TypeError) as error:
        raise SealKeyUnusable("not a PKCS#12 file, or the passphrase is wrong") from error
    if key is None or certificate is None:
        raise SealKeyUnusable("the file must hold a private key and its certificate")
    chain = _ordered(certificate, others)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= MIN_RSA_BITS:
        return FileSealKey(chain, key)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return FileSealKey(chain, key)
    raise SealKeyUnusable("the key must be RSA of at least 2048 bits, or P-256")


def _ordered(
    certificate: x509.Certificate, others: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Return the chain from the seal up, leaving out what does not belong to it and the root."""
    chain = [certificate]
    while issuer := _issuer(chain[-1], others):
        if issuer in chain or issuer.issuer == issuer.subject:
            break
        chain.append(issuer)
    return tuple(chain)


def _issuer(
    certificate: x509.Certificate, others: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    return next((each for each in others if is_issued_by(certificate, each)), None)
