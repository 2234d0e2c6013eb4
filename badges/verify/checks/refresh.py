"""Is there a newer copy of it at the issuer's?

Spec: VCDM 2.0 §5.4; Open Badges 3.0, verification, refresh: at most once, and only by the issuer.
Shape: a newer copy is a remark; what the report is about stays what was handed in.
"""

from collections.abc import Mapping

from badges.credential import issuer_id, many, node_id, parse_moment, valid_from
from badges.errors import MalformedValue
from badges.verify.authenticity import authenticate
from badges.verify.case import Case, Examined
from badges.verify.evidence import body
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Presented
from badges.verify.reading import read

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether the issuer's server has a newer copy."""
    case = examined.case
    services = [s for s in many(case.document.get("refreshService")) if isinstance(s, Mapping)]
    urls = [url for url in map(node_id, services) if url is not None]
    bodies = [found for url in urls[:1] if (found := body(case.evidence, url)) is not None]
    if not bodies:
        return Finding("refresh", Outcome.NOT_APPLICABLE, "no-refresh")
    other = read(bodies[0])
    if not _is_same_credential(case, other):
        detail = "what the server gave is not a copy of this credential"
        return Finding("refresh", Outcome.NOT_APPLICABLE, "no-refresh", detail)
    if _is_newer(case, other):
        detail = f"issued again {valid_from(other.document)}"
        return Finding("refresh", Outcome.FAILED, "newer-copy", detail)
    return Finding("refresh", Outcome.PASSED, "newest")


def _is_same_credential(case: Case, other: Presented) -> bool:
    return (
        other.problem is None
        and issuer_id(other.document) == case.issuer
        and node_id(other.document) == node_id(case.document)
        and authenticate(other, case.ring).is_by(case.issuer)
    )


def _is_newer(case: Case, other: Presented) -> bool:
    try:
        return parse_moment(valid_from(other.document)) > parse_moment(valid_from(case.document))
    except MalformedValue:
        return False
