"""Is the seal intact: was anything changed since it was signed?

Spec: VC Data Integrity 1.0 §4.4; VCDM 2.0 §7.1. Every proof has to be right, not only one.
"""

from badges.verify.case import Examined
from badges.verify.outcome import Finding

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return whether all signatures fit."""
    return examined.authenticity.seal()
