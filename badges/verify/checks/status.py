"""Has the issuer withdrawn it?

Spec: Bitstring Status List 1.0 §3.2; Token Status List §8.3; see `badges.verify.standing`.
"""

from badges.verify.case import Examined
from badges.verify.outcome import Finding
from badges.verify.standing import standing

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return what the issuer's lists say; the worst of several."""
    return standing(examined.case)
