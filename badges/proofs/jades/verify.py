"""Check a sealed document: signature, header, timestamps, certificate, trust; and name its level.

Spec: ETSI TS 119 182-1 §6 (levels), ETSI EN 319 102-1 §5 (what has to hold, at which time).
Shape: a pure function of (document, trust anchors, now). A failed check never hides the next.
Time: the certificate is judged at the first good signature timestamp, else now. A timestamp
      whose authority is not on the given trust list proves no time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from badges.errors import MalformedCredential
from badges.proofs.jades import header as headers
from badges.proofs.jades.algorithms import is_signed_by
from badges.proofs.jades.detached import detached_payload
from badges.proofs.jades.encoding import from_b64url
from badges.proofs.jades.judgement import certificate_findings, level, seal_trust
from badges.proofs.jades.references import chain_in, signing_certificate
from badges.proofs.jades.report import Finding, JadesReport, Outcome
from badges.proofs.jades.serialization import Jws, SignaturePart, read
from badges.proofs.jades.stamps import Stamps, stamps
from badges.proofs.jades.trust import TrustAnchors
from badges.proofs.jades.unsigned import Property, properties, validation_values
from badges.proofs.x509 import issuer_from_certificate, read_certificate

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


@dataclass(frozen=True, slots=True)
class _Read:
    """One signature with everything in it read."""

    header: headers.Header
    properties: tuple[Property, ...]
    certificate: x509.Certificate
    pool: tuple[x509.Certificate, ...]
    """Every certificate that came with the file."""

    revocation: tuple[tuple[str, bytes], ...]


def _check(
    jws: Jws, part: SignaturePart, trust: TrustAnchors, now: datetime, beside: Mapping[str, bytes]
) -> JadesReport:
    try:
        header = headers.read(part.protected)
    except MalformedCredential as error:
        return JadesReport((_failed("header", "header-unreadable", str(error)),))
    findings = list(_header_findings(header, now))
    try:
        found = _open(header, part)
    except MalformedCredential as error:
        findings.append(_failed("certificate", "seal-parts-unreadable", str(error)))
        return JadesReport(tuple(findings), claimed_at=header.claimed_at)
    findings.append(_signature_finding(jws, part, found))
    findings.extend(detached_payload(header, jws.payload, beside))
    stamped = stamps(jws, part, header, found.properties, trust, found.pool)
    findings.extend(stamped.findings)
    findings.extend(
        certificate_findings(
            found.certificate, (*found.pool, *stamped.certificates), found.revocation, trust,
            proven=stamped.proven_at(trust), now=now,
        )
    )
    return _report(jws, found, stamped, tuple(findings))


def _open(header: headers.Header, part: SignaturePart) -> _Read:
    listed = properties(part.header)
    values = tuple(validation_values(listed))
    chain = chain_in(header.members)
    others = tuple(read_certificate(octets) for kind, octets in values if kind == "x509Cert")
    return _Read(
        header,
        listed,
        signing_certificate(header.members, chain, others),
        (*chain, *others),
        tuple(each for each in values if each[0] != "x509Cert"),
    )


def _header_findings(header: headers.Header, now: datetime) -> Iterator[Finding]:
    broken = headers.problems(header, now)
    yield from (_failed("header", code, sentence) for code, sentence in broken)
    if not broken:
        yield Finding("header", Outcome.PASSED, "header-valid")
    if "sigPId" in header.members:
        detail = "the seal refers to a signature policy that is not here"
        yield Finding("policy", Outcome.UNKNOWN, "policy-not-checked", detail)


def _signature_finding(jws: Jws, part: SignaturePart, found: _Read) -> Finding:
    try:
        value = from_b64url(part.signature)
        if found.header.is_b64 and jws.payload:
            from_b64url(jws.payload)
    except MalformedCredential as error:
        return _failed("signature", "signature-malformed", str(error))
    message = f"{part.protected}.{jws.payload or ''}".encode(errors="surrogatepass")
    key = found.certificate.public_key()
    if is_signed_by(key, found.header.algorithm, message, value):
        return Finding("signature", Outcome.PASSED, "signature-valid")
    detail = "the document or its signed header was changed, or another key signed"
    return _failed("signature", "signature-invalid", detail)


def _report(
    jws: Jws, found: _Read, stamped: Stamps, findings: tuple[Finding, ...]
) -> JadesReport:
    payload = jws.payload or None
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
    """Return one report for several signatures: the lowest level, every finding, the first owner."""
    first = reports[0]
    levels = [each.level for each in reports]
    lowest = None if None in levels else min(levels, key=lambda each: len(str(each)))
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
