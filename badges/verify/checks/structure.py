"""Is it a well-formed credential, in which nothing escapes the signature?

Spec: VCDM 2.0 §4 and §7.1; VC Data Integrity 1.0 §2.4.1 (context validation); Open Badges 3.0,
      verification, steps 1 to 4 and 7.
"""

from badges.credential.rules import check_rules
from badges.errors import BadgeError
from badges.ob3.rules import check_badge, is_badge
from badges.proofs.context_check import check_contexts
from badges.verify.case import Examined
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Form

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether the document has the form it must have."""
    case = examined.case
    if case.presented.problem is not None:
        return _failed(case.presented.problem)
    if case.presented.form is Form.SD_JWT_VC:
        return Finding("structure", Outcome.PASSED, "well-formed", "SD-JWT VC")
    problems = check_rules(case.document)
    if is_badge(case.document):
        problems += check_badge(case.document)
    if problems:
        detail = "; ".join(problem.sentence() for problem in problems[:10])
        return Finding("structure", Outcome.FAILED, problems[0].code, detail)
    try:
        _check_words(examined)
    except BadgeError as error:
        return _failed(error)
    return Finding("structure", Outcome.PASSED, "well-formed", case.presented.form.value)


def _check_words(examined: Examined) -> None:
    """Refuse words that mean something else than they say: renamed, nested, aliased members.

    Read by the same edition of each vocabulary that the signature was made under.
    """
    presented = examined.case.presented
    if presented.form is not Form.VC_JWT:
        check_contexts(presented.document, contexts=examined.authenticity.vintages)


def _failed(error: BadgeError) -> Finding:
    later = error.code == "unknown-context"
    outcome = Outcome.UNKNOWN if later else Outcome.FAILED
    return Finding("structure", outcome, error.code, str(error))
