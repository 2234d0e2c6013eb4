"""Is the key the issuer's: does the issuer say that it signs with it?

Spec: Controlled Identifiers 1.0 §3.3; Open Badges 3.0, key provenance.
"""

from badges.verify.case import Examined
from badges.verify.outcome import Finding

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether one right signature is by a key of the issuer."""
    return examined.authenticity.binding(examined.case.issuer)
