"""Do others really stand behind it, as it says?

Spec: Open Badges 3.0, EndorsementCredential; verification, step 14.
Shape: an endorsement is a credential of its own, checked like one. A bad one is a remark about the
       endorsement and takes nothing from the badge. Each is a finding of its own (``endorsement``),
       and ``endorsements`` says the worst of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from badges.credential import issuer_id, many, node_id, parse_moment, types, valid_from, valid_until
from badges.credential.rules import check_rules
from badges.errors import BadgeError, MalformedValue
from badges.proofs.context_check import check_contexts
from badges.verify.authenticity import authenticate
from badges.verify.case import Case, Examined
from badges.verify.endorsements import MAX_ENDORSEMENTS, find_endorsements
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Form, Presented
from badges.verify.standing import standing
from badges.verify.web_keys import UNCONFIRMED

__all__ = ["NONE", "check", "each"]

NONE = Finding("endorsements", Outcome.NOT_APPLICABLE, "no-endorsements")
"""What is found where nobody is said to endorse it."""

_ORDER = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)

_CODES = {
    Outcome.FAILED: "endorsement-not-valid",
    Outcome.UNKNOWN: "endorsement-unchecked",
    Outcome.PASSED: "endorsed",
}


def check(examined: Examined) -> Finding:
    """Return whether all endorsements are genuine; the worst of them speaks."""
    findings = each(examined)
    if not findings:
        return NONE
    worst = min(findings, key=_badness)
    if worst.outcome is Outcome.PASSED and len(findings) >= MAX_ENDORSEMENTS:
        worst = Finding("endorsement", Outcome.UNKNOWN, "endorsement-unchecked")
    lines = "; ".join(finding.detail for finding in findings)
    if len(findings) >= MAX_ENDORSEMENTS:
        lines = f"{lines}; only the first {MAX_ENDORSEMENTS} were looked at"
    return worst._replace(check="endorsements", detail=lines)


def each(examined: Examined) -> tuple[Finding, ...]:
    """Return a finding of its own for every endorsement."""
    found = find_endorsements(examined.case.document)
    return tuple(_judge(examined.case, endorsed, presented) for endorsed, presented in found)


def _badness(finding: Finding) -> tuple[int, bool]:
    return _ORDER.index(finding.outcome), finding.code != "endorsement-revoked"


def _judge(case: Case, endorsed: str | None, presented: Presented) -> Finding:
    endorser = issuer_id(presented.document) or "somebody"
    for problem in _problems(case, endorsed, presented):
        return _finding(Outcome.FAILED, f"{endorser}: {problem}")
    authenticity = authenticate(presented, case.ring)
    if presented.form is Form.EMBEDDED:
        # A badge that is a token has no words of its own checked, so those in it are checked here.
        try:
            check_contexts(presented.document, contexts=authenticity.vintages)
        except BadgeError as error:
            return _finding(Outcome.FAILED, f"{endorser}: {error}")
    for finding in (authenticity.seal(), authenticity.binding(issuer_id(presented.document))):
        if finding.outcome is not Outcome.PASSED and finding.code != UNCONFIRMED:
            return _finding(
                finding.outcome, f"{endorser}: {finding.code} {finding.detail}".rstrip()
            )
    return _standing(case, endorser, presented)


def _standing(case: Case, endorser: str, presented: Presented) -> Finding:
    """Tell whether the endorser still stands by it: its status is asked like a badge's."""
    found = standing(replace(case, presented=presented))
    if found.outcome in {Outcome.PASSED, Outcome.NOT_APPLICABLE}:
        return _finding(Outcome.PASSED, f"{endorser}: genuine")
    detail = f"{endorser}: {found.code} {found.detail}".rstrip()
    if found.code in {"revoked", "suspended"}:
        return Finding("endorsement", Outcome.FAILED, "endorsement-revoked", detail)
    return _finding(found.outcome, detail)


def _finding(outcome: Outcome, detail: str) -> Finding:
    return Finding("endorsement", outcome, _CODES[outcome], detail)


def _problems(case: Case, endorsed: str | None, presented: Presented) -> Iterator[str]:
    if presented.problem is not None:
        yield str(presented.problem)
        return
    document = presented.document
    if "EndorsementCredential" not in types(document):
        yield "it is not an EndorsementCredential"
    for problem in check_rules(document):
        yield problem.sentence()
    subjects = [node_id(subject) for subject in many(document.get("credentialSubject"))]
    if subjects != [endorsed] or endorsed is None:
        yield "it endorses something else"
    yield from _date_problems(case, document)


def _date_problems(case: Case, document: Mapping[str, Any]) -> Iterator[str]:
    try:
        begins, ends = valid_from(document), valid_until(document)
        if begins is not None and parse_moment(begins) > case.now + case.policy.skew:
            yield "it is not valid yet"
        if ends is not None and parse_moment(ends) <= case.now - case.policy.skew:
            yield "it has expired"
    except (MalformedValue, BadgeError) as error:
        yield str(error)
