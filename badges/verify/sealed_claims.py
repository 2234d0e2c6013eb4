"""Dates, owner and learner of a European Digital Credential, compared with what is asked.

Spec: VCDM 1.1 §4.6 and EDC application profile 1.1.0 (``validFrom``, ``validUntil``,
      ``issuanceDate``, ``expirationDate``: the narrowest span counts).
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from badges.credential import moment, parse_moment
from badges.errors import MalformedValue
from badges.proofs.x509 import SealIdentity
from badges.verify.case import Case
from badges.verify.outcome import Finding, Outcome
from badges.verify.sealed_meaning import first, texts

__all__ = ["dates", "is_for", "is_sealed_by"]


def dates(case: Case) -> Finding:
    """Tell whether now lies within every span the credential gives."""
    try:
        begins = list(_moments(case.document, "validFrom", "issuanceDate"))
        ends = list(_moments(case.document, "validUntil", "expirationDate"))
    except MalformedValue as error:
        return Finding("dates", Outcome.FAILED, error.code, str(error))
    begin, end = max(begins, default=None), min(ends, default=None)
    if begin and begin > case.now + case.policy.skew:
        return Finding("dates", Outcome.FAILED, "not-yet-valid", f"begins {moment(begin)}")
    if end and end <= case.now - case.policy.skew:
        return Finding("dates", Outcome.FAILED, "expired", f"ended {moment(end)}")
    detail = f"until {moment(end)}" if end else "without end"
    return Finding("dates", Outcome.PASSED, "in-force", detail)


def is_sealed_by(document: Mapping[str, Any], owner: SealIdentity) -> bool:
    """Tell whether the credential's issuer is the owner of the seal, by name and by number.

    Letter case and accents of the name do not matter (certificates are often without); the number
    may stand without the prefix that names its register (``NTREE-``).
    """
    issuer = first(document.get("issuer"))
    names = {_fold(each) for each in texts(issuer.get("legalName"))}
    number = first(issuer.get("eIDASIdentifier")).get("notation")
    if _fold(owner.legal_name) not in names:
        return False
    if not owner.identifier:
        return True
    known = {owner.identifier, owner.identifier.partition("-")[2]} - {""}
    return isinstance(number, str) and number in known


def is_for(document: Mapping[str, Any], wanted: str) -> bool:
    """Tell whether the learner has this name or address."""
    person = first(document.get("credentialSubject"))
    given, family = (first_text(person.get(term)) for term in ("givenName", "familyName"))
    mail = first(first(person.get("contactPoint")).get("emailAddress")).get("id")
    address = mail.removeprefix("mailto:") if isinstance(mail, str) else ""
    known = {f"{given} {family}".strip(), address, *texts(person.get("fullName"))} - {""}
    return wanted.strip().casefold() in {each.casefold() for each in known}


def first_text(value: object) -> str:
    """Return the first of several texts, or an empty one."""
    return next(texts(value), "")


def _moments(document: Mapping[str, Any], *terms: str) -> Iterator[datetime]:
    for term in terms:
        value = document.get(term)
        if value is not None:
            yield parse_moment(value)


def _fold(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())
