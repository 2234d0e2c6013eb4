"""Check a sealed European Digital Credential with the same eleven questions as a badge.

Spec: ETSI EN 319 102-1 (the seal); the seven checks of the Europass viewer (scheme
      ``http://data.europa.eu/snb/verification/25831c2``).
What a seal says of its owner counts only when its certificate leads to an authority on the trust
list; without a list nobody knows who sealed, and the verdict says so.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from badges.edc.rules import TYPES, check_edc
from badges.proofs import jades
from badges.proofs.jades import JadesReport, SealTrust, TrustAnchors
from badges.proofs.jades import Outcome as SealOutcome
from badges.proofs.x509 import read_certificate
from badges.verify.case import Case
from badges.verify.outcome import Finding, Outcome
from badges.verify.policy import Policy
from badges.verify.report import Report
from badges.verify.sealed_claims import dates, is_for, is_sealed_by
from badges.verify.sealed_meaning import europass_checks, read_sealed_meaning

__all__ = ["check_sealed"]

Inner = Callable[[Case], Report]


def check_sealed(case: Case, check: Inner) -> Report:
    """Return the report on a sealed credential; `check` looks at the badge inside."""
    seal = jades.verify(case.presented.sealed, _anchors(case.policy), case.now)
    carried = [
        check(Case(each, case.evidence, case.policy, case.now)) for each in case.presented.inner
    ]
    problems = check_edc(case.document)
    findings = (
        _structure(case, {each.code for each in problems}),
        _proof(seal),
        _issuer(case, seal),
        _register(seal),
        dates(case),
        _status(carried),
        _schema(problems),
        _recipient(case),
        Finding("resources", Outcome.NOT_APPLICABLE, "no-resources"),
        Finding("endorsements", Outcome.NOT_APPLICABLE, "no-endorsements"),
        Finding("refresh", Outcome.NOT_APPLICABLE, "no-refresh"),
    )
    return Report(findings, case.now, _said(case, seal, findings), inner=tuple(carried))


def _anchors(policy: Policy) -> TrustAnchors:
    return TrustAnchors(
        tuple(map(read_certificate, policy.seal_authorities)),
        tuple(map(read_certificate, policy.timestamp_authorities)),
    )


def _structure(case: Case, broken: set[str]) -> Finding:
    if "wrong-context" in broken:
        detail = "other vocabularies than those of a European Digital Credential"
        return Finding("structure", Outcome.FAILED, "MALFORMED_VALUE_ERROR", detail)
    kinds = case.document.get("type")
    if isinstance(kinds, list) and set(TYPES) <= {each for each in kinds if isinstance(each, str)}:
        return Finding("structure", Outcome.PASSED, "well-formed", "European Digital Credential")
    detail = f"the type does not name {' and '.join(TYPES)}"
    return Finding("structure", Outcome.FAILED, "MALFORMED_VALUE_ERROR", detail)


def _proof(seal: JadesReport) -> Finding:
    wrong = _details(seal, SealOutcome.FAILED)
    if "seal-certificate-revoked" in seal.failures():
        return Finding("proof", Outcome.FAILED, "seal-certificate-revoked", wrong)
    if seal.level is None or wrong:
        return Finding("proof", Outcome.FAILED, "PROOF_VERIFICATION_ERROR", wrong)
    if not seal.is_intact:
        unknown = _details(seal, SealOutcome.UNKNOWN)
        return Finding("proof", Outcome.UNKNOWN, "seal-time-unproven", unknown)
    moment = seal.sealed_at or seal.claimed_at
    detail = f"JAdES {seal.level}, {moment:%Y-%m-%d %H:%M} UTC" if moment else str(seal.level)
    return Finding("proof", Outcome.PASSED, "signature-correct", detail)


def _details(seal: JadesReport, outcome: SealOutcome) -> str:
    return "; ".join(
        f"{each.code} ({each.detail})" if each.detail else each.code
        for each in seal.findings
        if each.outcome is outcome and each.check != "trust"
    )


def _issuer(case: Case, seal: JadesReport) -> Finding:
    if seal.identity is None or seal.level is None:
        return Finding("issuer", Outcome.UNKNOWN, "nothing-to-bind")
    detail = f"{seal.identity.legal_name} {seal.identity.identifier}".strip()
    if not is_sealed_by(case.document, seal.identity):
        return Finding("issuer", Outcome.FAILED, "seal-of-another", f"sealed by {detail}")
    return Finding("issuer", Outcome.PASSED, "seal-of-issuer", detail)


def _register(seal: JadesReport) -> Finding:
    codes = {each.code: each.detail for each in seal.findings}
    if "test-seal" in codes:
        return Finding("register", Outcome.UNKNOWN, "test-seal", codes["test-seal"])
    if "test-seal-unlisted" in codes:
        detail = codes["test-seal-unlisted"]
        return Finding("register", Outcome.UNKNOWN, "test-seal-unlisted", detail)
    if seal.trust is SealTrust.TRUSTED:
        if seal.is_trusted and "seal-not-revoked" in codes:
            return Finding("register", Outcome.PASSED, "seal-trusted", codes["seal-trusted"])
        return Finding("register", Outcome.UNKNOWN, "seal-revocation-not-checked")
    if seal.trust is SealTrust.NOT_LISTED:
        detail = codes.get("seal-not-trusted", "")
        return Finding("register", Outcome.FAILED, "seal-not-trusted", detail)
    return Finding("register", Outcome.UNKNOWN, "trust-list-not-checked")


def _status(carried: list[Report]) -> Finding:
    found = [_status_of(report) for report in carried]
    nothing = Finding("status", Outcome.NOT_APPLICABLE, "no-status")
    return min(found, key=lambda each: _WORST_FIRST.index(each.outcome), default=nothing)


def _status_of(report: Report) -> Finding:
    status, proof = report.finding("status"), report.finding("proof")
    if status is None or proof is None or proof.outcome is not Outcome.PASSED:
        detail = "the badge inside does not verify"
        return Finding("status", Outcome.UNKNOWN, "STATUS_VERIFICATION_ERROR", detail)
    detail = f"of the badge inside: {status.detail}"
    return Finding("status", status.outcome, status.code, detail)


_WORST_FIRST = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE, Outcome.PASSED)
"""Of several badges inside, the one in the worst state speaks."""


def _schema(problems: list[Any]) -> Finding:
    broken = [each for each in problems if each.severity == "error"]
    if not broken:
        return Finding("schema", Outcome.PASSED, "schema-kept")
    detail = "; ".join(f"{each.path}: {each.message}" for each in broken[:10])
    return Finding("schema", Outcome.FAILED, "schema-remarks", detail)


def _recipient(case: Case) -> Finding:
    wanted = case.policy.recipient
    if wanted is None:
        return Finding("recipient", Outcome.NOT_APPLICABLE, "recipient-not-asked")
    if is_for(case.document, wanted):
        return Finding("recipient", Outcome.PASSED, "recipient-matches")
    return Finding("recipient", Outcome.FAILED, "recipient-differs")


def _said(case: Case, seal: JadesReport, findings: tuple[Finding, ...]) -> Mapping[str, Any]:
    passed = {each.check for each in findings if each.outcome is Outcome.PASSED}
    said = dict(read_sealed_meaning(case.document))
    about = {
        "protected": {"structure", "proof"} <= passed,
        "form": case.presented.form.value,
        "container": case.presented.container,
        "seal": dict(_seal(seal)),
        "europass": [dict(each) for each in europass_checks(findings)],
    }
    issuer = said.get("issuer", {}) | {"name_source": "self-declared"}
    if seal.identity is not None and str(issuer.get("id", "urn:")).startswith("urn:"):
        # ids such as urn:epass:org:1 name nobody: the number in the certificate does
        issuer |= {"id": seal.identity.identifier or seal.identity.legal_name}
    if seal.identity is not None and {"proof", "issuer", "register"} <= passed:
        issuer |= {"name": seal.identity.legal_name, "name_source": "seal-certificate"}
    return said | about | {"issuer": issuer}


def _seal(seal: JadesReport) -> Iterator[tuple[str, str]]:
    if seal.level is not None:
        yield "level", seal.level.value
    yield "trust", seal.trust.value
    if seal.identity is not None:
        yield "name", seal.identity.legal_name
        yield "identifier", seal.identity.identifier
        yield "country", seal.identity.country
    if seal.sealed_at is not None:
        yield "sealed_at", f"{seal.sealed_at:%Y-%m-%dT%H:%M:%SZ}"
