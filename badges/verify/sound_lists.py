"""Status lists that were found good, and between which times they are.

Many credentials point at one list. Whether it is well formed, says what it seems to say and is
signed with certain keys depends on its bytes alone; its keys are looked for again each time, and
its dates are compared again each time.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from badges.credential import many, parse_moment, valid_from, valid_until
from badges.errors import BadgeError
from badges.verify.case import Case
from badges.verify.keys import FoundKey
from badges.verify.named_keys import issuer_of, methods
from badges.verify.presented import Form, Presented
from badges.verify.proof_result import ASSERTION
from did.errors import DidError

__all__ = ["Mark", "holds", "mark", "remember"]

MOST_LISTS = 32
"""Lists that are remembered: as many as are kept as read."""

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Mark(NamedTuple):
    """All that decides whether a list is good, but for the time."""

    source: bytes
    issuer: str | None
    """Of the credential that points at it."""

    keys: tuple[FoundKey, ...]
    """The keys its proofs ask for, as they are found now."""


class _Span(NamedTuple):
    begins: datetime
    ends: datetime


_spans: OrderedDict[Mark, _Span] = OrderedDict()


def mark(case: Case, presented: Presented, issuer: str | None) -> Mark | None:
    """Return what a list is remembered by; None where it has to be looked at each time."""
    if not presented.source or presented.form is not Form.EMBEDDED:
        return None
    ring, owner = case.ring, issuer_of(presented)
    try:
        keys = [ring.find(method, ASSERTION, owner) for method in methods(presented)]
    except (BadgeError, DidError):
        return None  # whoever looks at it says what is wrong
    return Mark(presented.source, issuer, tuple(keys))


def holds(known: Mark, case: Case) -> bool:
    """Tell whether a list was found good before, and is at the time of the case."""
    span, skew = _spans.get(known), case.policy.skew
    return span is not None and span.begins <= case.now + skew and case.now - skew < span.ends


def remember(known: Mark, document: Mapping[str, Any]) -> None:
    """Take note of a list that was found good at one time."""
    proofs = many(document.get("proof"))
    begins = (valid_from(document), *(proof.get("created") for proof in proofs))
    ends = (valid_until(document), *(proof.get("expires") for proof in proofs))
    _spans[known] = _Span(
        max((parse_moment(one) for one in begins if one is not None), default=_FIRST),
        min((parse_moment(one) for one in ends if one is not None), default=_LAST),
    )
    if len(_spans) > MOST_LISTS:
        _spans.popitem(last=False)
