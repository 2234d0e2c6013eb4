"""The pipeline: every check runs, whatever the others say; the order is that of the report."""

from collections.abc import Callable, Mapping
from typing import Any

from badges.ob3.meaning import read_claims, read_meaning
from badges.verify.case import Case, Examined, examine
from badges.verify.checks import (
    dates,
    endorsements,
    issuer,
    proof,
    recipient,
    refresh,
    register,
    resources,
    schema,
    status,
    structure,
)
from badges.verify.outcome import Finding, Outcome
from badges.verify.presentation import check_presentation
from badges.verify.presented import Form
from badges.verify.report import Report, Said
from badges.verify.sealed import check_sealed

__all__ = ["CHECKS", "check"]

CHECKS: Mapping[str, Callable[[Examined], Finding]] = {
    "structure": structure.check,
    "proof": proof.check,
    "issuer": issuer.check,
    "register": register.check,
    "dates": dates.check,
    "status": status.check,
    "schema": schema.check,
    "recipient": recipient.check,
    "resources": resources.check,
    "endorsements": endorsements.check,
    "refresh": refresh.check,
}
"""Each stands alone; a failed one never hides the ones after it."""

_PROOF_ONLY = ("structure", "proof")


def check(case: Case, *, tell: bool = True) -> Report:
    """Run every check on what was handed in: a credential, or a presentation of some.

    `tell` is whether the report says what the credential says, or only what was found.
    """
    if case.presented.form is Form.JADES:
        return check_sealed(case, check)
    if case.presented.form is Form.PRESENTATION:
        return check_presentation(case, check)
    return _check_credential(case, tell=tell)


def _check_credential(case: Case, *, tell: bool) -> Report:
    examined = examine(case)
    if case.policy.proof_only:
        unbound = Finding("issuer", Outcome.UNKNOWN, "unbound")
        findings = (*(_run(name, examined) for name in _PROOF_ONLY), unbound)
    else:
        findings = tuple([_run(name, examined) for name in CHECKS])
        if endorsements.NONE not in findings:
            findings += _each_endorsement(examined)
    said = Said(lambda: _credential(case, findings)) if tell else {}
    return Report(findings, case.now, said)


def _run(name: str, examined: Examined) -> Finding:
    try:
        return CHECKS[name](examined)
    except Exception as error:  # noqa: BLE001 - a stranger's file must not stop the other checks
        return Finding(name, Outcome.UNKNOWN, "internal-error", type(error).__name__)


def _each_endorsement(examined: Examined) -> tuple[Finding, ...]:
    try:
        return endorsements.each(examined)
    except Exception:  # noqa: BLE001 - the check that sums them up has told already
        return ()


def _credential(case: Case, findings: tuple[Finding, ...]) -> Mapping[str, Any]:
    """Return what the credential says; names come from the register where it lists the issuer."""
    presented = case.presented
    if presented.problem is not None:
        return {"protected": False, "form": presented.form.value}
    passed = {finding.check for finding in findings if finding.outcome is Outcome.PASSED}
    said: dict[str, Any] = {
        "protected": {"structure", "proof"} <= passed,
        "form": presented.form.value,
        "container": presented.container,
    }
    if presented.form is not Form.SD_JWT_VC:
        said |= read_meaning(presented.document)
    else:
        said |= read_claims(presented.document)
        said |= {"claims": _shown(presented.document), "issuer": {"id": case.issuer}}
    return said | {"issuer": _issuer(case, said.get("issuer", {}), passed)}


def _issuer(case: Case, said: Mapping[str, Any], passed: set[str]) -> dict[str, Any]:
    register = case.policy.register
    listing = register.find(case.issuer) if register and case.issuer else None
    if listing is None or not {"register", "proof", "issuer"} <= passed:
        return {**said, "name_source": "self-declared"}
    known = {"name": listing.name, "country": listing.country, "url": listing.homepage}
    own = {"id": listing.id, "image": listing.logo, "name_source": "register"}
    return {name: value for name, value in (known | own).items() if value}


_ENVELOPE = frozenset({"cnf", "status", "_sd_alg"})


def _shown(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in _ENVELOPE}
