"""What the findings add up to: the certificate at its time, the level, the trust.

Spec: ETSI EN 319 102-1 §5.2.6 (X.509 validation) and §5.6 (past validation), TS 119 182-1 §6.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509

from badges.errors import MalformedCredential
from badges.proofs.jades.path import find_path
from badges.proofs.jades.report import Finding, Level, Outcome, SealTrust
from badges.proofs.jades.revocation import Material, revocation
from badges.proofs.jades.trust import TrustAnchors
from badges.proofs.x509 import is_current, is_test_certificate, may_seal

__all__ = ["certificate_findings", "level", "seal_trust"]


def certificate_findings(  # noqa: PLR0913 - one moment, one certificate, everything known of it
    certificate: x509.Certificate,
    pool: Sequence[x509.Certificate],
    embedded: Sequence[tuple[str, bytes]],
    trust: TrustAnchors,
    *,
    proven: datetime | None,
    now: datetime,
) -> Iterator[Finding]:
    """Yield what there is to say about the sealer's certificate at the time that counts."""
    yield _validity(certificate, proven, now)
    yield _purpose(certificate)
    material = Material(
        tuple(octets for kind, octets in embedded if kind == "crl"),
        tuple(octets for kind, octets in embedded if kind == "ocsp"),
    )
    if material.crls or material.answers:
        chain = find_path(certificate, (*trust.seals, *pool), (), proven or now).certificates
        yield revocation(chain, material, proven or now)
    yield _trust(certificate, pool, trust, proven or now)


def _validity(certificate: x509.Certificate, proven: datetime | None, now: datetime) -> Finding:
    check = "certificate-time"
    at = proven or now
    if is_current(certificate, at):
        return Finding(check, Outcome.PASSED, "seal-certificate-current", f"on {at:%Y-%m-%d}")
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    detail = f"valid {begin:%Y-%m-%d} to {end:%Y-%m-%d}, judged on {at:%Y-%m-%d}"
    if proven is None and now > end:
        return Finding(check, Outcome.UNKNOWN, "seal-certificate-expired-no-timestamp", detail)
    return Finding(check, Outcome.FAILED, "seal-certificate-not-valid-then", detail)


def _purpose(certificate: x509.Certificate) -> Finding:
    check = "certificate-purpose"
    try:
        if may_seal(certificate):
            return Finding(check, Outcome.PASSED, "seal-certificate-may-seal")
    except MalformedCredential as error:
        return Finding(check, Outcome.FAILED, "seal-certificate-unreadable", str(error))
    detail = "the certificate is for something else than signatures on documents"
    return Finding(check, Outcome.FAILED, "seal-certificate-purpose", detail)


def _trust(
    certificate: x509.Certificate,
    pool: Sequence[x509.Certificate],
    trust: TrustAnchors,
    at: datetime,
) -> Finding:
    check = "trust"
    if is_test_certificate(certificate):
        known = find_path(certificate, pool, trust.seals, at).anchored
        code = "test-seal" if known else "test-seal-unlisted"
        detail = "made for demonstrations: nobody vouches for this seal"
        return Finding(check, Outcome.UNKNOWN, code, detail)
    if not trust.is_checked:
        detail = "seal valid, trust list not checked"
        return Finding(check, Outcome.UNKNOWN, "trust-list-not-checked", detail)
    path = find_path(certificate, pool, trust.seals, at)
    if path.anchored:
        top = path.certificates[-1].subject.rfc4514_string()
        return Finding(check, Outcome.PASSED, "seal-trusted", f"through {top}")
    return Finding(check, Outcome.FAILED, "seal-not-trusted", path.reason)


def seal_trust(findings: Sequence[Finding], certificate: x509.Certificate) -> SealTrust:
    """Return the trust that the `trust` finding stands for."""
    if is_test_certificate(certificate):
        return SealTrust.TEST
    outcomes = {each.outcome for each in findings if each.check == "trust"}
    if outcomes == {Outcome.PASSED}:
        return SealTrust.TRUSTED
    return SealTrust.NOT_LISTED if Outcome.FAILED in outcomes else SealTrust.NOT_CHECKED


def level(findings: Sequence[Finding]) -> Level | None:
    """Return the highest level whose parts all hold, None when the seal itself does not."""
    if not all(_holds(findings, check) for check in ("header", "signature")) or _has_failed(
        findings, ("certificate", "payload", "content-timestamp")
    ):
        return None
    proven = not _is_open(findings, "timestamp-trust")
    if not (proven and _holds(findings, "signature-timestamp")):
        return Level.B
    if not _holds(findings, "revocation"):
        return Level.T
    return Level.LTA if _holds(findings, "archive-timestamp") else Level.LT


def _holds(findings: Sequence[Finding], check: str) -> bool:
    outcomes = {each.outcome for each in findings if each.check == check}
    return outcomes == {Outcome.PASSED}


def _is_open(findings: Sequence[Finding], check: str) -> bool:
    return any(each.check == check and each.outcome is Outcome.UNKNOWN for each in findings)


def _has_failed(findings: Sequence[Finding], checks: Sequence[str]) -> bool:
    return any(each.check in checks and each.outcome is Outcome.FAILED for each in findings)
