"""Is it a well-formed credential, in which nothing escapes the signature?

Spec: VCDM 2.0 §4 and §7.1; VC Data Integrity 1.0 §2.4.1 (context validation); Open Badges 3.0,
      verification, steps 1 to 4 and 7.
"""

from collections.abc import Mapping
from typing import Any

from badges.credential.rules import RULES, check_rules
from badges.errors import BadgeError, Problem
from badges.ob3.rules import check_badge, is_badge
from badges.proofs import known_shapes
from badges.proofs.context_check import check_contexts
from badges.proofs.spared import Family, Rule
from badges.verify.case import Examined
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import W3C_TOKENS, Form

__all__ = ["FORM", "check"]


def check(examined: Examined) -> Finding:
    """Return whether the document has the form it must have."""
    case = examined.case
    if case.presented.problem is not None:
        return _failed(case.presented.problem)
    if case.presented.form is Form.SD_JWT_VC:
        return Finding("structure", Outcome.PASSED, "well-formed", "SD-JWT VC")
    if known_shapes.spares(FORM, case.document, examined.sight):
        problems = []
    else:
        problems = [*check_rules(case.document), *_badge_problems(case.document)]
    if problems:
        detail = "; ".join(problem.sentence() for problem in problems[:10])
        return Finding("structure", Outcome.FAILED, problems[0].code, detail)
    try:
        _check_words(examined)
    except BadgeError as error:
        return _failed(error)
    return Finding("structure", Outcome.PASSED, "well-formed", case.presented.form.value)


def _badge_problems(document: Mapping[str, Any]) -> list[Problem]:
    return check_badge(document) if is_badge(document) else []


FORM = Family("form", (*(Rule(rule) for rule in RULES), Rule(_badge_problems)))
"""What is asked of the form of a document: what its shape settled is not asked again."""


def _check_words(examined: Examined) -> None:
    """Refuse words that mean something else than they say: renamed, nested, aliased members.

    Read by the same edition of each vocabulary that the signature was made under.
    """
    presented = examined.case.presented
    if presented.form not in W3C_TOKENS:
        contexts = examined.authenticity.vintages
        check_contexts(presented.document, contexts=contexts, sight=examined.sight)


def _failed(error: BadgeError) -> Finding:
    later = error.code == "unknown-context"
    outcome = Outcome.UNKNOWN if later else Outcome.FAILED
    return Finding("structure", outcome, error.code, str(error))
