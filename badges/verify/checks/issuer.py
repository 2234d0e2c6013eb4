"""Is the key the issuer's: does the issuer say that it signs with it, and did it before?

Spec: Controlled Identifiers 1.0 §3.3; Open Badges 3.0, key provenance.
"""

from badges.verify.case import Examined
from badges.verify.key_history import changed
from badges.verify.outcome import Finding, Outcome

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether one right signature is by a key of the issuer."""
    found = examined.authenticity.binding(examined.case.issuer)
    if found.outcome is not Outcome.PASSED:
        return found
    return changed(examined.case, found.detail) or found
