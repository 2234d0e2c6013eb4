"""What one form of a credential says and the other does not, once converted there and back.

Shape: a document is taken apart into leaves (path without positions, value); what is missing
after the way there and back is a loss. `REASONS` says why, by path; it is the table of
docs/europass.md. So a field can never be lost without being named.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from badges.edc.literals import parse_instant

__all__ = ["EDC_REASONS", "OB3_REASONS", "Fate", "Loss", "Reason", "losses"]


class Fate(StrEnum):
    """What becomes of a field."""

    KEPT = "kept"
    RESHAPED = "reshaped"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field does not come back as it was."""

    fate: Fate
    because: str


@dataclass(frozen=True, slots=True)
class Loss:
    """One field that did not come back as it was, and how many values of it."""

    path: str
    fate: Fate
    because: str
    count: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return the wire form."""
        return asdict(self)


KEPT = Reason(Fate.KEPT, "")


def _lost(because: str) -> Reason:
    return Reason(Fate.LOST, because)


def _reshaped(because: str) -> Reason:
    return Reason(Fate.RESHAPED, because)


HASHED = _reshaped("an Open Badge hashes personal identifiers; a hash cannot be read back")
SUBJECT = "credentialSubject"
ACHIEVEMENT = f"{SUBJECT}.achievement"

OB3_REASONS: Mapping[str, Reason] = {
    "": _lost("the European Learning Model has no place for it"),
    "@context": _reshaped("each form has contexts of its own"),
    "awardedDate": KEPT,
    "credentialSchema": _lost("each form names schemas of its own"),
    "credentialStatus": _reshaped("travels in the attached Open Badge; EDC has no status"),
    f"{SUBJECT}.id": KEPT,
    f"{SUBJECT}.activityEndDate": KEPT,
    f"{SUBJECT}.activityStartDate": KEPT,
    f"{SUBJECT}.creditsEarned": KEPT,
    f"{SUBJECT}.identifier": HASHED,
    f"{SUBJECT}.narrative": KEPT,
    f"{SUBJECT}.result.value": KEPT,
    f"{SUBJECT}.result": _reshaped("a result becomes the grade of the assessment"),
    f"{ACHIEVEMENT}.id": KEPT,
    f"{ACHIEVEMENT}.achievementType": KEPT,
    f"{ACHIEVEMENT}.alignment.targetUrl": KEPT,
    f"{ACHIEVEMENT}.alignment.targetName": _reshaped("codes take the label of their list"),
    f"{ACHIEVEMENT}.alignment": _reshaped("becomes a skill, a level, a field of study, …"),
    f"{ACHIEVEMENT}.creator.id": KEPT,
    f"{ACHIEVEMENT}.creator.name": KEPT,
    f"{ACHIEVEMENT}.creator.url": KEPT,
    f"{ACHIEVEMENT}.creator.email": KEPT,
    f"{ACHIEVEMENT}.creator.address.addressCountryCode": KEPT,
    f"{ACHIEVEMENT}.creator.address": _reshaped("an address becomes one line of text"),
    f"{ACHIEVEMENT}.creator.otherIdentifier": _reshaped("legal identifiers are named anew"),
    f"{ACHIEVEMENT}.creator.parentOrg.name": KEPT,
    f"{ACHIEVEMENT}.creditsAvailable": _lost("only credits said to be ECTS are taken over"),
    f"{ACHIEVEMENT}.criteria.id": KEPT,
    f"{ACHIEVEMENT}.criteria.narrative": _reshaped("outcomes are listed apart from the criteria"),
    f"{ACHIEVEMENT}.description": KEPT,
    f"{ACHIEVEMENT}.image": _lost("an EDC shows its page; the badge image stays in the Open Badge"),
    f"{ACHIEVEMENT}.inLanguage": _reshaped("a region (pt-BR) is not kept"),
    f"{ACHIEVEMENT}.name": KEPT,
    f"{ACHIEVEMENT}.resultDescription": _lost("scales and rubrics become text"),
    f"{ACHIEVEMENT}.tag": KEPT,
    f"{ACHIEVEMENT}.version": KEPT,
    "description": _lost("the achievement is described, not the credential"),
    "evidence.id": KEPT,
    "evidence.name": KEPT,
    "evidence": _reshaped("evidence becomes a document or a note"),
    "id": KEPT,
    "image": _lost("an EDC shows its page instead"),
    "issuer.id": KEPT,
    "issuer.name": KEPT,
    "issuer.url": KEPT,
    "issuer.email": KEPT,
    "issuer.address.addressCountryCode": KEPT,
    "issuer.address": _reshaped("an address becomes one line of text"),
    "issuer.image": _lost("only an embedded picture can be taken over"),
    "issuer.otherIdentifier": _reshaped("legal identifiers are named anew"),
    "issuer.parentOrg.name": KEPT,
    "name": _reshaped("the title of the achievement names the credential"),
    "proof": _lost("a signature holds for its own document only; the badge can be attached"),
    "validFrom": KEPT,
    "validUntil": KEPT,
}
"""What becomes of each field of an Open Badge in an EDC; the longest path that fits counts."""

EDC_REASONS: Mapping[str, Reason] = {
    "": _lost("Open Badges has no place for it"),
    "@context": _reshaped("each form has contexts of its own"),
    "attachment": _lost("a file inside the EDC stays with the EDC"),
    "credentialProfiles": _lost("a word of Europass only"),
    "credentialSchema": _lost("each form names schemas of its own"),
    f"{SUBJECT}.id": KEPT,
    f"{SUBJECT}.hasClaim.title": _reshaped("an Open Badge says it in one language"),
    f"{SUBJECT}.hasClaim.awardedBy.awardingDate": KEPT,
    f"{SUBJECT}.hasClaim.specifiedBy.accreditation": _reshaped("becomes an alignment"),
    f"{SUBJECT}.hasClaim.specifiedBy.hasPart": _lost("parts need a Comprehensive Learner Record"),
    f"{SUBJECT}.hasClaim.hasPart": _lost("parts need a Comprehensive Learner Record"),
    f"{SUBJECT}.hasClaim.entitlesTo": _lost("entitlements have no place in an Open Badge"),
    f"{SUBJECT}.hasClaim.influencedBy": _lost("of an activity only mode and dates are kept"),
    f"{SUBJECT}.identifier": HASHED,
    f"{SUBJECT}.contactPoint": HASHED,
    f"{SUBJECT}.givenName": _reshaped("an Open Badge holds the name as one text"),
    f"{SUBJECT}.familyName": _reshaped("an Open Badge holds the name as one text"),
    f"{SUBJECT}.hasClaim.provenBy": _reshaped("becomes an alignment, and the grade a result"),
    f"{SUBJECT}.hasClaim.creditReceived": KEPT,
    f"{SUBJECT}.hasClaim.specifiedBy.creditPoint": KEPT,
    f"{SUBJECT}.hasClaim.specifiedBy.eqfLevel": KEPT,
    f"{SUBJECT}.hasClaim.specifiedBy.learningOutcome.relatedESCOSkill.id": KEPT,
    f"{SUBJECT}.dateOfBirth": _lost("an Open Badge does not tell when the learner was born"),
    "displayParameter": _lost("the page belongs to the EDC; title and text come from the award"),
    "evidence": _lost("on which ground the EDC was issued has no place in an Open Badge"),
    "expirationDate": KEPT,
    "id": _reshaped("the Open Badge has an id of its own"),
    "issuanceDate": _reshaped("sealing sets it"),
    "issued": _reshaped("sealing sets it"),
    "issuer.legalName": KEPT,
    "issuer.location": _reshaped("of an address the country is kept"),
    "validFrom": KEPT,
    "validUntil": KEPT,
}
"""What becomes of each field of an EDC in an Open Badge."""

MADE_UP = ("urn:epass:", "urn:certificate")
"""Ids that only tell objects of one document apart."""

UNSAID = frozenset({"type", "@type"})
"""Members that say how, not what."""


def losses(
    before: Mapping[str, Any], after: Mapping[str, Any], reasons: Mapping[str, Reason]
) -> list[Loss]:
    """Name everything `before` says that `after` does not."""
    kept = set(_leaves(after))
    counts = Counter(leaf[0] for leaf in set(_leaves(before)) - kept)
    return [_loss(path, count, reasons) for path, count in sorted(counts.items())]


def _loss(path: str, count: int, reasons: Mapping[str, Reason]) -> Loss:
    reason = reason_for(path, reasons)
    if reason.fate is Fate.KEPT:
        return Loss(path, Fate.LOST, "this value could not be taken over", count)
    return Loss(path, reason.fate, reason.because, count)


def reason_for(path: str, reasons: Mapping[str, Reason]) -> Reason:
    """Return the row of the table for a path: the longest that is its beginning."""
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        if found := reasons.get(".".join(steps[:length])):
            return found
    return reasons[""]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value.get("type") == "Concept":
        yield f"{path}.id", str(value.get("id"))
    elif isinstance(value, Mapping):
        for term, item in value.items():
            if term not in UNSAID:
                yield from _leaves(item, f"{path}.{term}" if path else term)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    elif not str(value).startswith(MADE_UP):
        yield path, _plain(value)


def _plain(value: Any) -> str:
    """Write a value so that equal ones look equal: 42.0 and 42, noon here and noon there."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return f"{value:g}"
    moment = parse_instant(value)
    return str(moment.timestamp()) if moment else str(value)
