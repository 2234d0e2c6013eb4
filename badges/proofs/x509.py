"""What an e-seal certificate says about its owner, and how long it still says so.

Spec: RFC 5280; ETSI EN 319 412-3 §4.2 (legal persons); OID 2.5.4.97 = ``organizationIdentifier``.
Shape: ``SealIdentity`` is what an EDC's issuer must repeat at sealing: legal name, identifier and
       country, exactly as the certificate has them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import asn1crypto.x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from badges.errors import MalformedCredential

__all__ = [
    "ASN1_ERRORS",
    "TEST_MARK",
    "Constraints",
    "SealIdentity",
    "constraints",
    "der",
    "expires_in",
    "fingerprint",
    "identity_differences",
    "is_current",
    "is_issued_by",
    "is_test_certificate",
    "issuer_from_certificate",
    "may_seal",
    "read_certificate",
]

TEST_MARK = "LEARNSEAL TEST SEAL"
"""Words in the subject of every certificate that we make ourselves for demonstrations."""


ASN1_ERRORS = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(OverflowError, RecursionError),
)
"""What asn1crypto raises on bytes of strangers: it has no error class of its own."""

_OTHER_PURPOSES = {"server_auth", "ocsp_signing", "time_stamping", "code_signing"}
"""A certificate for nothing but these seals no document."""

MAX_RSA_BITS = 16_384
"""Most bits of an RSA key we work with; checking longer ones only costs time."""


@dataclass(frozen=True, slots=True)
class SealIdentity:
    """The legal person named by a seal certificate."""

    legal_name: str
    identifier: str
    """``organizationIdentifier`` as it stands (``VATES-Q0000000J``), or empty."""

    country: str
    """ISO 3166-1 alpha-2, upper case, or empty."""

    common_name: str = ""


def issuer_from_certificate(certificate: x509.Certificate) -> SealIdentity:
    """Return the owner that `certificate` names; what it does not say is empty."""
    common_name = _attribute(certificate, NameOID.COMMON_NAME)
    return SealIdentity(
        legal_name=_attribute(certificate, NameOID.ORGANIZATION_NAME) or common_name,
        identifier=_attribute(certificate, NameOID.ORGANIZATION_IDENTIFIER),
        country=_attribute(certificate, NameOID.COUNTRY_NAME).upper(),
        common_name=common_name,
    )


def identity_differences(
    identity: SealIdentity, *, legal_name: str, identifier: str, country: str
) -> tuple[str, ...]:
    """Name what a document says of its issuer and the certificate does not (empty: all equal).

    The words are compared as they stand, but for letter case of the country.
    """
    said = {
        "legalName": (legal_name, identity.legal_name),
        "eIDASIdentifier": (identifier, identity.identifier),
        "country": (country.upper(), identity.country),
    }
    return tuple(
        f"{field} is “{document}” in the document and “{certificate}” in the certificate"
        for field, (document, certificate) in said.items()
        if document != certificate
    )


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a certificate may be used for."""

    is_authority: bool
    max_path_length: int | None
    key_usage: frozenset[str] | None
    """Names such as ``digital_signature``; None when the certificate does not say."""

    purposes: tuple[str, ...]
    """Extended key usage, e.g. ``time_stamping``; empty when it does not say."""

    critical: frozenset[str]
    """Names or dotted OIDs of the extensions marked critical."""


@lru_cache(maxsize=256)
def constraints(certificate: x509.Certificate) -> Constraints:
    """Return what `certificate` may be used for.

    Read with a parser that skips what it does not need: real certificates carry policy texts
    that are not quite DER.

    Raises:
        MalformedCredential: the extensions cannot be read.
    """
    try:
        found = asn1crypto.x509.Certificate.load(der(certificate))
        usage, purposes = found.key_usage_value, found.extended_key_usage_value
        basic = found.basic_constraints_value
        return Constraints(
            is_authority=bool(basic is not None and basic["ca"].native),
            max_path_length=basic["path_len_constraint"].native if basic is not None else None,
            key_usage=None if usage is None else frozenset(usage.native),
            purposes=() if purposes is None else tuple(purposes.native),
            critical=frozenset(found.critical_extensions),
        )
    except ASN1_ERRORS as error:
        raise MalformedCredential("the certificate's extensions cannot be read") from error


def read_certificate(octets: bytes) -> x509.Certificate:
    """Return the certificate in DER `octets`.

    Raises:
        MalformedCredential: these bytes are no X.509 certificate we can work with.
    """
    try:
        certificate = x509.load_der_x509_certificate(octets)
        # cryptography parses lazily: read what later checks rely on, so that errors come here
        _ = (certificate.subject, certificate.issuer, certificate.not_valid_after_utc)
        key = certificate.public_key()
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise MalformedCredential(f"not a readable certificate: {error}") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size > MAX_RSA_BITS:
        raise MalformedCredential(f"an RSA key of {key.key_size} bits")
    return certificate


def der(certificate: x509.Certificate) -> bytes:
    """Return `certificate` as DER."""
    return certificate.public_bytes(Encoding.DER)


def expires_in(certificate: x509.Certificate, now: datetime) -> timedelta:
    """Return how long `certificate` is still good for; negative when it has expired."""
    return certificate.not_valid_after_utc - now


def is_current(certificate: x509.Certificate, at: datetime) -> bool:
    """Tell whether `at` lies within the validity of `certificate`."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether names and signature say that `issuer` issued `certificate`."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def may_seal(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate's key usage and purposes allow signatures on documents."""
    allowed = constraints(certificate)
    usage, purposes = allowed.key_usage, set(allowed.purposes)
    if purposes and purposes <= _OTHER_PURPOSES:
        return False
    return usage is None or bool(usage & {"digital_signature", "non_repudiation"})


def is_test_certificate(certificate: x509.Certificate) -> bool:
    """Tell whether `certificate` is one of our own throw-away test certificates."""
    names = (*certificate.subject, *certificate.issuer)
    return any(TEST_MARK in str(attribute.value) for attribute in names)


def fingerprint(certificate: x509.Certificate) -> bytes:
    """Return the SHA-256 of the certificate (32 bytes)."""
    return certificate.fingerprint(hashes.SHA256())


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value).strip() if found else ""
