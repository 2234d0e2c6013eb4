"""What one check found, and what all of them together mean: one rule, and it fails closed.

Shape: a verdict is a function of the findings: one for each expected check, no more and no fewer.
A finding that is missing counts as a check that could not be made, so taking any finding away from
a report never makes it ``valid``.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from badges.verify.codes import CODES, Weight

__all__ = ["EXPECTED", "MUST_PASS", "Finding", "Outcome", "Verdict", "verdict", "weigh"]


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """What an employer may rely on."""

    VALID = "valid"
    GENUINE_WITH_REMARKS = "genuine_with_remarks"
    NOT_VALID = "not_valid"
    COULD_NOT_CHECK = "could_not_check"


class Finding(NamedTuple):
    """The result of one check."""

    check: str
    outcome: Outcome
    code: str
    """A key of ``codes.CODES``."""

    detail: str = ""
    """What exactly was found, for experts; in English."""


MUST_PASS = frozenset({"structure", "proof", "issuer", "dates"})
"""Checks that every credential has to pass: for these, not applicable is not enough."""

EXPECTED = MUST_PASS | {
    "status",
    "register",
    "schema",
    "recipient",
    "resources",
    "endorsements",
    "refresh",
}
"""Checks whose finding must be in a report that says ``valid``."""

REPEATED = frozenset({"endorsement"})
"""Checks that are there once for each thing they are about; an expected check sums them up."""


def weigh(finding: Finding) -> Weight:
    """Tell how heavy a finding is; what we do not know weighs most."""
    if finding.outcome is Outcome.PASSED:
        return Weight.FINE
    if finding.outcome is Outcome.NOT_APPLICABLE:
        return Weight.BLIND if finding.check in MUST_PASS else Weight.FINE
    wording = CODES.get(finding.code)
    if finding.outcome is Outcome.FAILED:
        return wording.weight if wording and wording.weight is not Weight.FINE else Weight.FATAL
    light = wording is not None and wording.weight is Weight.REMARK
    return Weight.REMARK if light else Weight.BLIND


def verdict(findings: Iterable[Finding], *, expected: frozenset[str] = EXPECTED) -> Verdict:
    """Return the one verdict these findings allow."""
    found = tuple(findings)
    weights = [weigh(finding) for finding in found]
    if Weight.FATAL in weights:
        return Verdict.NOT_VALID
    checks = [finding.check for finding in found if finding.check not in REPEATED]
    if Weight.BLIND in weights or len(checks) != len(expected) or expected != set(checks):
        return Verdict.COULD_NOT_CHECK
    return Verdict.GENUINE_WITH_REMARKS if Weight.REMARK in weights else Verdict.VALID
