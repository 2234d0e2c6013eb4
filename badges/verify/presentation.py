"""A presentation: credentials that a holder shows, signed by the holder's key for one request.

Spec: VCDM 2.0 §4.13; VC Data Integrity 1.0 §2.1 (``challenge``, ``domain``); VC-JOSE-COSE §3.2.
Shape: three findings of its own (form, holder, credentials) and a report for each credential.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from badges.credential import node_id, subjects
from badges.credential.rules import check_presentation_rules
from badges.errors import BadgeError
from badges.proofs.context_check import check_contexts
from badges.verify.authenticity import Authenticity, authenticate
from badges.verify.case import Case
from badges.verify.outcome import Finding, Outcome, Verdict
from badges.verify.presented import Presented
from badges.verify.report import Report
from badges.verify.tokens import parsed
from did.errors import DidError
from did.jwk import from_jwk
from did.public_key import PublicKey

__all__ = ["EXPECTED_OF_PRESENTATION", "check_presentation"]

EXPECTED_OF_PRESENTATION = frozenset({"structure", "holder", "credentials"})
"""Checks whose finding must be in the report of a presentation."""

AUTHENTICATION = "authentication"

_OF_VERDICT = {
    Verdict.VALID: (Outcome.PASSED, "credentials-valid"),
    Verdict.GENUINE_WITH_REMARKS: (Outcome.FAILED, "credentials-with-remarks"),
    Verdict.COULD_NOT_CHECK: (Outcome.UNKNOWN, "credentials-unchecked"),
    Verdict.NOT_VALID: (Outcome.FAILED, "credentials-not-valid"),
}
_WORST_FIRST = (
    Verdict.NOT_VALID,
    Verdict.COULD_NOT_CHECK,
    Verdict.GENUINE_WITH_REMARKS,
    Verdict.VALID,
)


def check_presentation(case: Case, check_credential: Callable[[Case], Report]) -> Report:
    """Check a presentation, and each credential in it with `check_credential`."""
    authenticity = authenticate(case.presented, case.ring, purpose=AUTHENTICATION)
    own = replace(case.policy, challenge=None, domain=None)  # it is the presentation that answers
    inner = tuple(
        check_credential(replace(case, presented=one, policy=own)) for one in case.presented.inner
    )
    findings = (_structure(case, authenticity), _holder(case, authenticity), _credentials(inner))
    said = inner[0].credential if len(inner) == 1 else {}
    return Report(findings, case.now, said, inner, EXPECTED_OF_PRESENTATION)


def _structure(case: Case, authenticity: Authenticity) -> Finding:
    presented = case.presented
    if problems := check_presentation_rules(presented.document):
        detail = "; ".join(problem.sentence() for problem in problems[:10])
        return Finding("structure", Outcome.FAILED, problems[0].code, detail)
    try:
        if not presented.token:
            check_contexts(presented.document, contexts=authenticity.vintages)
    except BadgeError as error:
        later = error.code == "unknown-context"
        outcome = Outcome.UNKNOWN if later else Outcome.FAILED
        return Finding("structure", outcome, error.code, str(error))
    return Finding("structure", Outcome.PASSED, "well-formed", "presentation")


def _holder(case: Case, authenticity: Authenticity) -> Finding:
    """Tell whether who presents it holds the key, and the key it was issued to."""
    asked = case.policy.challenge is not None
    if not authenticity.proofs:
        if asked:
            return Finding("holder", Outcome.FAILED, "no-proof", "the presentation is not signed")
        return Finding("holder", Outcome.NOT_APPLICABLE, "holder-not-asked")
    seal = authenticity.seal()
    if seal.outcome is not Outcome.PASSED:
        return seal._replace(check="holder")
    holders = frozenset[str]().union(*(p.found.speaks_for for p in authenticity.proofs if p.found))
    for proof in authenticity.proofs:
        if proof.found and proof.found.refusal:
            refusal = proof.found.refusal
            return Finding("holder", Outcome.FAILED, refusal.code, str(refusal))
    keys = frozenset(proof.found.key for proof in authenticity.proofs if proof.found)
    return _is_subject(case, holders, keys)


def _is_subject(case: Case, holders: frozenset[str], keys: frozenset[PublicKey]) -> Finding:
    named = node_id(case.document.get("holder"))
    if named is not None and named not in holders:
        return Finding("holder", Outcome.FAILED, "holder-differs", f"it says it is by {named}")
    asked = case.policy.challenge is not None
    for one in case.presented.inner:
        if asked and _bound_key(one) not in {None, *keys}:
            return Finding("holder", Outcome.FAILED, "holder-differs", "issued to another key")
        for subject in subjects(one.document):
            owner = node_id(subject)
            if asked and owner and owner.startswith("did:") and owner not in holders:
                return Finding("holder", Outcome.FAILED, "holder-differs", f"issued to {owner}")
    code = "holder-proved" if asked else "holder-signed"
    return Finding("holder", Outcome.PASSED, code, ", ".join(sorted(holders)))


def _bound_key(presented: Presented) -> PublicKey | None:
    """Return the key a token was issued to (``cnf``), if it says one that can be read."""
    if not presented.token or presented.problem is not None:
        return None
    confirmation = parsed(presented.form, presented.token).claims.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, Mapping) else None
    try:
        return from_jwk(jwk) if isinstance(jwk, Mapping) else None
    except DidError:
        return None


def _credentials(inner: tuple[Report, ...]) -> Finding:
    if not inner:
        return Finding("credentials", Outcome.FAILED, "no-credentials")
    verdicts = [report.verdict for report in inner]
    worst = min(verdicts, key=_WORST_FIRST.index)
    outcome, code = _OF_VERDICT[worst]
    return Finding("credentials", outcome, code, ", ".join(verdict.value for verdict in verdicts))
