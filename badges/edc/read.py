"""A European Digital Credential, read into the award model.

Shape: the first learning achievement is the award, or else the first claim. Nothing is checked
here: `rules` says what is wrong with the document, and `losses` what the model has no place for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from badges.award import Award, Evidence, LangString, Organisation, pick
from badges.edc.building import AWARD_SCHEME, BADGE_SCHEME, NOTE_IDS
from badges.edc.literals import parse_instant
from badges.edc.nodes import Json, identifier, types
from badges.edc.read_organisation import (
    code_in,
    first,
    note,
    objects,
    read_organisation,
    read_person,
    said,
)
from badges.edc.read_specification import is_same, read_achievement
from badges.errors import MalformedCredential

__all__ = ["Reading", "read_edc"]


@dataclass(frozen=True, slots=True)
class Reading:
    """An award with the facts of its issuance."""

    award: Award
    credential_id: str
    issuer: Organisation
    valid_from: datetime
    valid_until: datetime | None
    badge_id: str = ""


def read_edc(document: Any) -> Reading:
    """Read the award a credential is about.

    Raises:
        MalformedCredential: it makes no claim with a title, or has no date.
    """
    if not isinstance(document, dict) or "EuropeanDigitalCredential" not in types(document):
        raise MalformedCredential("this is not a European Digital Credential")
    claim = _claim(document)
    if not said(claim.get("title")):
        raise MalformedCredential("the credential makes no claim with a title (hasClaim)")
    starts = parse_instant(document.get("validFrom")) or parse_instant(document.get("issued"))
    if starts is None:
        raise MalformedCredential("the credential has no date with time and zone")
    ends = parse_instant(document.get("validUntil"))
    ends = ends or parse_instant(document.get("expirationDate"))
    bodies = objects(first(claim, "awardedBy"), "awardingBody")
    issuer = read_organisation(first(document, "issuer") or next(iter(bodies), {}))
    return Reading(
        award=_award(document, claim, starts.astimezone(UTC), issuer),
        credential_id=identifier(document),
        issuer=issuer,
        valid_from=starts.astimezone(UTC),
        valid_until=ends.astimezone(UTC) if ends else None,
        badge_id=_identified(document, BADGE_SCHEME),
    )


def _claim(document: Json) -> Json:
    """Return the claim the award is about: an achievement where there is one, else the first."""
    claims = objects(first(document, "credentialSubject"), "hasClaim")
    ranked = sorted(claims, key=lambda one: "LearningAchievement" not in types(one))
    return next(iter(ranked), {})


def _identified(node: Json, scheme: str) -> str:
    numbers = (
        number for number in objects(node, "identifier") if number.get("schemeName") == scheme
    )
    return str(next(numbers, {}).get("notation", ""))


def _award(document: Json, claim: Json, starts: datetime, issuer: Organisation) -> Award:
    language = code_in("language", first(document, "displayParameter").get("primaryLanguage"))
    tag = language.alias if language and language.alias else "en"
    period = first(claim, "influencedBy", "temporal")
    earned = first(claim, "creditReceived").get("point")
    achievement = read_achievement(claim, issuer)
    body = achievement.bodies[0]
    return Award(
        id=_identified(claim, AWARD_SCHEME) or identifier(document) or "urn:edc",
        achievement=achievement,
        learner=read_person(first(document, "credentialSubject")),
        awarded=parse_instant(first(claim, "awardedBy").get("awardingDate")) or starts,
        issuer=None if is_same(body, issuer) else issuer,
        grade=_grade(claim, tag),
        skill_levels=_levels(claim, tag),
        credits_earned=_number(earned),
        activity_start=parse_instant(period.get("startDate")),
        activity_end=parse_instant(period.get("endDate")),
        evidence=_evidence(claim, tag),
        narrative=pick(_noted(claim, "narrative"), tag),
        language=tag,
    )


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _noted(node: Json, subject: str) -> LangString:
    notes = (
        note(one)
        for one in objects(node, "additionalNote")
        if identifier(one.get("subject")) == NOTE_IDS + subject
    )
    return next(notes, {})


def _grade(claim: Json, language: str) -> str | None:
    grade = first(claim, "provenBy", "grade")
    if identifier(grade.get("subject")) == f"{NOTE_IDS}passed":
        return None
    return pick(note(grade) or _noted(claim, "grade"), language) or None


def _levels(claim: Json, language: str) -> dict[str, str]:
    """Read `level (skill)` notes: what this learner reached in each skill."""
    found = {}
    for outcome in objects(first(claim, "specifiedBy"), "learningOutcome"):
        for one in objects(outcome, "additionalNote"):
            if identifier(one.get("subject")) == f"{NOTE_IDS}skill-level-reached":
                level, _, uri = pick(note(one), language).rpartition(" (")
                found[uri.removesuffix(")")] = level
    return found


def _evidence(claim: Json, language: str) -> tuple[Evidence, ...]:
    found = [
        Evidence(pick(said(page.get("title")), language), url=str(page["contentURL"]))
        for page in objects(claim, "supplementaryDocument")
        if page.get("contentURL")
    ]
    for one in objects(claim, "additionalNote"):
        if identifier(one.get("subject")) == f"{NOTE_IDS}evidence":
            name, _, words = pick(note(one), language).partition(": ")
            found.append(Evidence(name, narrative=words))
    return tuple(found)
