"""Check a sealed document: signature, header, timestamps, certificate, trust; and name its level.

Spec: ETSI TS 119 182-1 §6 (levels), ETSI EN 319 102-1 §5 (what has to hold, at which time).
Shape: a pure function of (document, trust anchors, now). A failed check never hides the next.
Time: the certificate is judged at the first good signature timestamp, else now. A timestamp
      whose authority is not on the given trust list proves no time.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from badges.errors import MalformedCredential
from badges.proofs.jades import header as headers
from badges.proofs.jades.algorithms import is_signed_by
from badges.proofs.jades.detached import detached_payload
from badges.proofs.jades.encoding import from_b64url
from badges.proofs.jades.judgement import certificate_findings, level, seal_trust
from badges.proofs.jades.opened import Opened, open_signature
from badges.proofs.jades.report import Finding, JadesReport, Level, Outcome
from badges.proofs.jades.serialization import Jws, SignaturePart, read
from badges.proofs.jades.stamps import Stamps, stamps
from badges.proofs.jades.trust import TrustAnchors
from badges.proofs.x509 import issuer_from_certificate

__all__ = ["verify"]


def verify(
    document: bytes | str | Mapping[str, Any],
    trust: TrustAnchors,
    now: datetime,
    *,
    detached: Mapping[str, bytes] | None = None,
) -> JadesReport:
    """Return what there is to say about the seal of `document`.

    Args:
        document: the sealed file, or its JSON.
        trust: the authorities to believe; `NO_LIST` where there is no list.
        now: the time of checking.
        detached: documents that lie beside the seal, by the name the seal gives them.
    """
    try:
        jws = read(document)
    except MalformedCredential as error:
        return JadesReport((_failed("form", "seal-malformed", str(error)),))
    reports = [_check(jws, part, trust, now, detached or {}) for part in jws.signatures]
    return reports[0] if len(reports) == 1 else _joined(reports)


def _check(
    jws: Jws, part: SignaturePart, trust: TrustAnchors, now: datetime, beside: Mapping[str, bytes]
) -> JadesReport:
    try:
        header = headers.read(part.protected)
    except MalformedCredential as error:
        return JadesReport((_failed("header", "header-unreadable", str(error)),))
    findings = list(_header_findings(header, now))
    try:
        found = open_signature(jws, part, header)
    except MalformedCredential as error:
        findings.append(_failed("certificate", "seal-parts-unreadable", str(error)))
        return JadesReport(tuple(findings), claimed_at=header.claimed_at)
    findings.append(_signature_finding(found))
    findings.extend(detached_payload(header, jws.payload, beside))
    stamped = stamps(found, trust)
    findings.extend(stamped.findings)
    findings.extend(
        certificate_findings(
            found.certificate,
            (*found.pool, *stamped.certificates),
            found.revocation,
            trust,
            proven=stamped.proven_at(trust),
            now=now,
        )
    )
    return _report(found, stamped, tuple(findings))


def _header_findings(header: headers.Header, now: datetime) -> Iterator[Finding]:
    broken = headers.problems(header, now)
    yield from (_failed("header", code, sentence) for code, sentence in broken)
    if not broken:
        yield Finding("header", Outcome.PASSED, "header-valid")
    if "sigPId" in header.members:
        detail = "the seal refers to a signature policy that is not here"
        yield Finding("policy", Outcome.UNKNOWN, "policy-not-checked", detail)


def _signature_finding(found: Opened) -> Finding:
    payload, part = found.jws.payload or "", found.part
    try:
        value = from_b64url(part.signature)
        if found.header.is_b64:
            from_b64url(payload)
    except MalformedCredential as error:
        return _failed("signature", "signature-malformed", str(error))
    message = f"{part.protected}.{payload}".encode(errors="surrogatepass")
    key = found.certificate.public_key()
    if is_signed_by(key, found.header.algorithm, message, value):
        return Finding("signature", Outcome.PASSED, "signature-valid")
    detail = "the document or its signed header was changed, or another key signed"
    return _failed("signature", "signature-invalid", detail)


def _report(found: Opened, stamped: Stamps, findings: tuple[Finding, ...]) -> JadesReport:
    payload = found.jws.payload or None
    if payload and found.header.is_b64:
        payload = _decoded(payload)
    return JadesReport(
        findings,
        level(findings),
        seal_trust(findings, found.certificate),
        payload,
        found.certificate,
        issuer_from_certificate(found.certificate),
        stamped.first,
        found.header.claimed_at,
    )


def _decoded(payload: str) -> str | None:
    try:
        return from_b64url(payload).decode()
    except (MalformedCredential, UnicodeDecodeError):
        return None


def _joined(reports: list[JadesReport]) -> JadesReport:
    """Return one report for several signatures: lowest level, every finding, first owner."""
    first = reports[0]
    levels = [each.level for each in reports if each.level is not None]
    lowest = min(levels, key=list(Level).index) if len(levels) == len(reports) else None
    return JadesReport(
        tuple(finding for each in reports for finding in each.findings),
        lowest,
        first.trust,
        first.payload,
        first.certificate,
        first.identity,
        first.sealed_at,
        first.claimed_at,
    )


def _failed(check: str, code: str, detail: str) -> Finding:
    return Finding(check, Outcome.FAILED, code, detail)
