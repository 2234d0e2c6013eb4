"""Is it for the person we were asked about?

Spec: Open Badges 3.0, verification, recipient match. Computed here, never sent anywhere.
"""

from collections.abc import Mapping
from typing import Any

from badges.credential import many, subjects
from badges.ob3.identity import matches
from badges.verify.case import Examined
from badges.verify.outcome import Finding, Outcome

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether the person asked about is the subject."""
    wanted = examined.case.policy.recipient
    if wanted is None:
        return Finding("recipient", Outcome.NOT_APPLICABLE, "recipient-not-asked")
    if any(_is_for(subject, wanted) for subject in subjects(examined.case.document)):
        return Finding("recipient", Outcome.PASSED, "recipient-matches")
    return Finding("recipient", Outcome.FAILED, "recipient-differs")


def _is_for(subject: Mapping[str, Any], wanted: str) -> bool:
    address = subject.get("id")
    if isinstance(address, str) and address.removeprefix("mailto:") == wanted.strip():
        return True
    identities = (i for i in many(subject.get("identifier")) if isinstance(i, Mapping))
    return any(matches(identity, wanted) for identity in identities)
