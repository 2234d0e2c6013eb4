"""Do others really stand behind it, as it says?

Spec: Open Badges 3.0, EndorsementCredential; verification, step 14.
Shape: an endorsement is a credential of its own, checked like one. A bad one is a remark about the
       endorsement and takes nothing from the badge; each has its line in the details.
"""

from collections.abc import Iterator, Mapping
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

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether all endorsements are genuine; the worst of them speaks."""
    case = examined.case
    found = find_endorsements(case.document)
    if not found:
        return Finding("endorsements", Outcome.NOT_APPLICABLE, "no-endorsements")
    lines = [_judge(case, endorsed, presented) for endorsed, presented in found]
    if len(found) >= MAX_ENDORSEMENTS:
        lines.append((Outcome.UNKNOWN, f"only the first {MAX_ENDORSEMENTS} were looked at"))
    detail = "; ".join(text for _, text in lines)
    outcomes = {outcome for outcome, _ in lines}
    if Outcome.FAILED in outcomes:
        return Finding("endorsements", Outcome.FAILED, "endorsement-not-valid", detail)
    if Outcome.UNKNOWN in outcomes:
        return Finding("endorsements", Outcome.UNKNOWN, "endorsement-unchecked", detail)
    return Finding("endorsements", Outcome.PASSED, "endorsed", detail)


def _judge(case: Case, endorsed: str | None, presented: Presented) -> tuple[Outcome, str]:
    endorser = issuer_id(presented.document) or "somebody"
    for problem in _problems(case, endorsed, presented):
        return Outcome.FAILED, f"{endorser}: {problem}"
    authenticity = authenticate(presented, case.ring)
    if presented.form is Form.EMBEDDED:
        # A badge that is a token has no words of its own checked, so those in it are checked here.
        try:
            check_contexts(presented.document, contexts=authenticity.vintages)
        except BadgeError as error:
            return Outcome.FAILED, f"{endorser}: {error}"
    for finding in (authenticity.seal(), authenticity.binding(issuer_id(presented.document))):
        if finding.outcome is not Outcome.PASSED:
            return finding.outcome, f"{endorser}: {finding.code} {finding.detail}".rstrip()
    if many(presented.document.get("credentialStatus")):
        return Outcome.UNKNOWN, f"{endorser}: signed; whether it was withdrawn was not asked"
    return Outcome.PASSED, f"{endorser}: genuine"


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
