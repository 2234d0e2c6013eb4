"""Was a certificate revoked at a moment, by the lists and answers embedded in the file?

Spec: RFC 5280 §5 (CRL), RFC 6960 (OCSP), ETSI TS 119 182-1 §5.3.5.2 (``rVals``).
Shape: only material signed by the certificate's issuer counts, or by an OCSP responder that the
       issuer, or an authority above it, appointed (RFC 6960 §4.2.2.2, the first case included).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp

from badges.errors import MalformedCredential
from badges.proofs.jades.path import issuer_among
from badges.proofs.jades.report import Finding, Outcome
from badges.proofs.x509 import ASN1_ERRORS, constraints

__all__ = ["Material", "revocation"]

_CHECK = "revocation"
_FOREIGN = (
    *ASN1_ERRORS,
    *(UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension),
)
"""What the parsers of lists and answers raise; such material says nothing."""


@dataclass(frozen=True, slots=True)
class Material:
    """Embedded revocation lists and answers, DER."""

    crls: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _Statement:
    """One authority's word on one certificate."""

    made_at: datetime
    good_until: datetime | None
    revoked_at: datetime | None


def revocation(chain: Sequence[x509.Certificate], material: Material, at: datetime) -> Finding:
    """Tell whether the first certificate of `chain` stood at `at`; above it stand its issuers."""
    if len(chain) < 2:
        return Finding(_CHECK, Outcome.UNKNOWN, "seal-issuer-unknown", "the issuer is not here")
    statements = [*_from_answers(chain, material), *_from_lists(chain, material)]
    for each in statements:
        if each.revoked_at is not None and each.revoked_at <= at:
            detail = f"revoked on {each.revoked_at:%Y-%m-%d}, sealed on {at:%Y-%m-%d}"
            return Finding(_CHECK, Outcome.FAILED, "seal-certificate-revoked", detail)
    covering = [each for each in statements if _covers(each, at)]
    if not covering:
        detail = "no embedded revocation answer covers the time of sealing"
        return Finding(_CHECK, Outcome.UNKNOWN, "seal-revocation-unknown", detail)
    detail = f"not revoked by an answer of {covering[0].made_at:%Y-%m-%d}"
    return Finding(_CHECK, Outcome.PASSED, "seal-not-revoked", detail)


def _covers(statement: _Statement, at: datetime) -> bool:
    """Tell whether a statement speaks for `at`: made later, or still good then."""
    if statement.made_at >= at:
        return True
    return statement.good_until is not None and statement.good_until >= at


def _from_lists(chain: Sequence[x509.Certificate], material: Material) -> Iterator[_Statement]:
    certificate, issuer = chain[:2]
    for octets in material.crls:
        try:
            found = x509.load_der_x509_crl(octets)
            key = issuer.public_key()
            if found.issuer != issuer.subject or not found.is_signature_valid(key):  # type: ignore[arg-type] # other keys raise TypeError
                continue
            entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
            yield _Statement(
                found.last_update_utc,
                found.next_update_utc,
                entry.revocation_date_utc if entry is not None else None,
            )
        except _FOREIGN:
            continue


def _from_answers(chain: Sequence[x509.Certificate], material: Material) -> Iterator[_Statement]:
    for octets in material.answers:
        try:
            answer = ocsp.load_der_ocsp_response(octets)
            if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
                continue
            if not _is_for(answer, *chain[:2]) or not _is_signed(answer, chain[1:]):
                continue
            if answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
                continue
            yield _Statement(
                answer.this_update_utc, answer.next_update_utc, answer.revocation_time_utc
            )
        except _FOREIGN:
            continue


def _is_for(
    answer: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    if answer.serial_number != certificate.serial_number:
        return False
    digest = hashes.Hash(answer.hash_algorithm)
    digest.update(issuer.subject.public_bytes())
    return digest.finalize() == answer.issuer_name_hash


def _is_signed(answer: ocsp.OCSPResponse, issuers: Sequence[x509.Certificate]) -> bool:
    delegates = [each for each in answer.certificates if _is_delegate(each, issuers)]
    return any(_fits(each, answer) for each in (issuers[0], *delegates))


def _is_delegate(certificate: x509.Certificate, issuers: Sequence[x509.Certificate]) -> bool:
    try:
        purposes = constraints(certificate).purposes
    except MalformedCredential:
        return False
    return "ocsp_signing" in purposes and issuer_among(certificate, issuers) is not None


def _fits(signer: x509.Certificate, answer: ocsp.OCSPResponse) -> bool:
    key, digest = signer.public_key(), answer.signature_hash_algorithm
    if digest is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
            return True
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
            return True
    except InvalidSignature:
        return False
    return False
