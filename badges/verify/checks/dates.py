"""Is it in force at the moment of checking?

Spec: VCDM 2.0 §4.9; VCDM 1.1 §4.6; RFC 7519 §4.1 (``nbf`` and ``exp`` of SD-JWT VC).
Units: clocks may differ by the policy's skew, in the credential's favour.
"""

from datetime import UTC, datetime

from badges.credential import moment, parse_moment, valid_from, valid_until
from badges.errors import MalformedValue
from badges.verify.case import Case, Examined
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Form

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether now lies between the credential's dates."""
    case = examined.case
    if case.presented.problem is not None:
        return Finding("dates", Outcome.UNKNOWN, case.presented.problem.code)
    try:
        begins, ends = _dates(case)
    except MalformedValue as error:
        return Finding("dates", Outcome.FAILED, error.code, str(error))
    if begins and ends and ends < begins:
        detail = f"it ends {moment(ends)}, before it begins {moment(begins)}"
        return Finding("dates", Outcome.FAILED, MalformedValue.code, detail)
    if begins and begins > case.now + case.policy.skew:
        return Finding("dates", Outcome.FAILED, "not-yet-valid", f"begins {moment(begins)}")
    if ends and ends <= case.now - case.policy.skew:
        return Finding("dates", Outcome.FAILED, "expired", f"ended {moment(ends)}")
    detail = f"until {moment(ends)}" if ends else "without end"
    return Finding("dates", Outcome.PASSED, "in-force", detail)


def _dates(case: Case) -> tuple[datetime | None, datetime | None]:
    if case.presented.form is Form.SD_JWT_VC:
        claims = case.document
        return _seconds(claims.get("nbf", claims.get("iat"))), _seconds(claims.get("exp"))
    begins, ends = valid_from(case.document), valid_until(case.document)
    return (
        None if begins is None else parse_moment(begins),
        None if ends is None else parse_moment(ends),
    )


def _seconds(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedValue("a date in the token is not a number of seconds")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedValue("a date in the token does not exist") from error
