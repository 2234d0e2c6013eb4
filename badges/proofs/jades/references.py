"""Whose certificate a seal names: every reference must point at the same one.

Spec: RFC 7515 §4.1.6 and §4.1.8 (``x5c``, ``x5t#S256``); ETSI TS 119 182-1 §5.1.7 and §5.1.8,
      §5.2.2 (``x5t#o``, ``sigX5ts``), §5.1.4 (``kid`` = base64 of an IssuerSerial).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import asn1crypto.x509
from asn1crypto import tsp
from cryptography import x509

from badges.errors import MalformedCredential
from badges.proofs.jades.algorithms import DIGESTS
from badges.proofs.jades.encoding import from_b64, from_b64url, to_b64
from badges.proofs.x509 import ASN1_ERRORS, der, read_certificate

__all__ = ["chain_in", "issuer_serial", "signing_certificate"]

MAX_CHAIN = 10


def chain_in(members: Mapping[str, Any]) -> tuple[x509.Certificate, ...]:
    """Return the certificates of ``x5c``, the sealer's first.

    Raises:
        MalformedCredential: the list, or a certificate in it, cannot be read.
    """
    listed = members.get("x5c", [])
    if not isinstance(listed, list) or len(listed) > MAX_CHAIN:
        raise MalformedCredential(f"x5c must be a list of at most {MAX_CHAIN} certificates")
    return tuple(read_certificate(from_b64(each)) for each in listed)


def signing_certificate(
    members: Mapping[str, Any],
    chain: Sequence[x509.Certificate],
    others: Sequence[x509.Certificate],
) -> x509.Certificate:
    """Return the one certificate that every reference in the header points at.

    Args:
        members: the protected header.
        chain: what stands in ``x5c``.
        others: certificates from the unsigned part, used where ``x5c`` is absent.

    Raises:
        MalformedCredential: none fits, or two references disagree.
    """
    digests = tuple(_digests(members))
    candidates = chain[:1] or [each for each in others if _fits_all(each, digests)][:1]
    if not candidates:
        raise MalformedCredential("the certificate of the sealer is not in the file")
    if not _fits_all(candidates[0], digests):
        raise MalformedCredential("the certificate is not the one that the signed header names")
    kid = members.get("kid")
    if isinstance(kid, str) and _is_issuer_serial(kid) and kid != issuer_serial(candidates[0]):
        raise MalformedCredential("kid names another certificate")
    return candidates[0]


@lru_cache(maxsize=256)
def issuer_serial(certificate: x509.Certificate) -> str:
    """Return the ``kid`` of JAdES: base64 of the DER IssuerSerial."""
    serial = tsp.IssuerSerial(
        {
            "issuer": [_general_name(certificate)],
            "serial_number": certificate.serial_number,
        }
    )
    octets: bytes = serial.dump()
    return to_b64(octets)


def _general_name(certificate: x509.Certificate) -> Any:
    name = asn1crypto.x509.Name.load(certificate.issuer.public_bytes())
    return asn1crypto.x509.GeneralName("directory_name", name)


def _is_issuer_serial(kid: str) -> bool:
    try:
        tsp.IssuerSerial.load(from_b64(kid), strict=True).native  # noqa: B018 - forces the parse
    except (MalformedCredential, *ASN1_ERRORS):
        return False
    return True


def _digests(members: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    if "x5t#S256" in members:
        yield "sha256", from_b64url(_text(members["x5t#S256"]))
    if "x5t#o" in members:
        yield _digest(members["x5t#o"])
    if "sigX5ts" in members:
        listed = members["sigX5ts"]
        if not isinstance(listed, list) or not listed:
            raise MalformedCredential("sigX5ts must be a list of digests")
        yield _digest(listed[0])  # the first one is the sealer's (§5.2.2.3)


def _digest(found: object) -> tuple[str, bytes]:
    if not isinstance(found, Mapping) or found.get("digAlg") not in DIGESTS:
        raise MalformedCredential("a certificate digest needs digAlg and digVal")
    return DIGESTS[found["digAlg"]], from_b64url(_text(found.get("digVal")))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedCredential("a certificate digest must be a string")
    return value


def _fits_all(certificate: x509.Certificate, digests: Sequence[tuple[str, bytes]]) -> bool:
    octets = der(certificate)
    return all(hashlib.new(name, octets).digest() == value for name, value in digests)
