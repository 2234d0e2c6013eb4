"""Is the issuer recognised: does the register of trusted issuers list it?

Shape: by identifier only. A name, a logo or a homepage in the credential is the issuer's own claim
       and counts for nothing here.
"""

from datetime import datetime

from badges.credential import moment
from badges.verify.case import Examined
from badges.verify.outcome import Finding, Outcome
from badges.verify.register import Listing

__all__ = ["check"]


def check(examined: Examined) -> Finding:
    """Return what the register says about the issuer."""
    case = examined.case
    register = case.policy.register
    if register is None:
        return Finding("register", Outcome.NOT_APPLICABLE, "no-register", case.issuer or "")
    if register.expires is not None and register.expires <= case.now:
        detail = f"{register.name} ended {moment(register.expires)}"
        return Finding("register", Outcome.UNKNOWN, "register-outdated", detail)
    listing = register.find(case.issuer) if case.issuer else None
    if listing is None:
        detail = f"{case.issuer} is not in {register.name or 'the register'}"
        return Finding("register", Outcome.FAILED, "not-listed", detail)
    return _listed(listing, case.now, listing.register or register.name)


def _listed(listing: Listing, now: datetime, name: str) -> Finding:
    since = f" since {listing.since:%Y-%m-%d}" if listing.since else ""
    until = f" until {listing.until:%Y-%m-%d}" if listing.until else ""
    detail = f"{listing.name or listing.id} in {name or 'the register'}{since}{until}"
    if listing.covers(now):
        return Finding("register", Outcome.PASSED, "listed", detail)
    return Finding("register", Outcome.FAILED, "listing-ended", detail)
