"""An Open Badge 3.0, of any issuer, read into the award model.

Spec: Open Badges 3.0 data model; our own alignments are understood, and those that point at EQF,
ISCED-F and ESCO. What Open Badges cannot say is not guessed: `missing` asks for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from badges.award import (
    Achievement,
    Award,
    Evidence,
    GradingScheme,
    Identifier,
    Image,
    Learner,
    Organisation,
    ResultLevel,
)
from badges.edc.building import BADGE_PROFILE
from badges.edc.from_alignment import read_alignments
from badges.edc.literals import parse_instant
from badges.edc.nodes import identifier, many, types
from badges.errors import MalformedCredential

__all__ = ["Badge", "is_same_profile", "read_badge"]

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Badge:
    """An award with the facts of its Open Badge."""

    award: Award
    credential_id: str
    valid_from: datetime
    valid_until: datetime | None


def read_badge(credential: Any) -> Badge:
    """Read the award an Open Badge is about.

    Raises:
        MalformedCredential: it names no achievement, or no issuer, or no date.
    """
    if not isinstance(credential, dict) or "VerifiableCredential" not in types(credential):
        raise MalformedCredential("this is not an Open Badge 3.0 credential")
    subject = next(iter(_objects(credential, "credentialSubject")), {})
    achievement = next(iter(_objects(subject, "achievement")), {})
    if not achievement:
        raise MalformedCredential("the credential names no achievement")
    starts = _moment(credential.get("validFrom")) or _moment(credential.get("awardedDate"))
    if starts is None:
        raise MalformedCredential("the credential has no date with time and zone (validFrom)")
    issuer = read_profile(credential.get("issuer"))
    language = _words(achievement, "inLanguage") or "en"
    read = _achievement(achievement, credential.get("issuer"), language)
    return Badge(
        award=Award(
            id=identifier(credential) or "urn:ob3",
            achievement=read,
            learner=_learner(subject),
            awarded=_moment(credential.get("awardedDate")) or starts,
            issuer=None if read.creator == issuer else issuer,
            grade=_grade(subject, achievement),
            skill_levels=dict(_skill_levels(subject, achievement)),
            credits_earned=_amount(subject.get("creditsEarned")),
            activity_start=_moment(subject.get("activityStartDate")),
            activity_end=_moment(subject.get("activityEndDate")),
            evidence=tuple(_evidence(credential)),
            narrative=_words(subject, "narrative"),
            language=language,
        ),
        credential_id=identifier(credential),
        valid_from=starts,
        valid_until=_moment(credential.get("validUntil")),
    )


def _objects(node: Json, term: str) -> list[Json]:
    return [value for value in many(node.get(term)) if isinstance(value, dict)]


def _words(node: Json, term: str) -> str:
    value = node.get(term)
    if isinstance(value, Mapping):
        value = next((item for item in value.values() if isinstance(item, str)), "")
    return value if isinstance(value, str) and value.strip() else ""


def _text(node: Json, term: str, language: str) -> dict[str, str]:
    found = _words(node, term)
    return {language: found} if found else {}


def _amount(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None


def _moment(value: Any) -> datetime | None:
    found = parse_instant(value)
    return found.astimezone(UTC) if found else None


def read_profile(profile: Any) -> Organisation:
    """Return an organisation; its country is empty where the badge does not say it."""
    if isinstance(profile, str):
        profile = {"id": profile}
    if not isinstance(profile, dict):
        raise MalformedCredential("the credential names no issuer")
    key = identifier(profile)
    address = next(iter(_objects(profile, "address")), {})
    parent = next(iter(_objects(profile, "parentOrg")), None)
    numbers = [
        Identifier(_words(one, "identifierType").removeprefix("ext:"), _words(one, "identifier"))
        for one in _objects(profile, "otherIdentifier")
        if _words(one, "identifier")
    ]
    if key and not key.startswith("did:"):
        numbers.append(Identifier(BADGE_PROFILE, key))
    country = _words(address, "addressCountryCode").upper()
    return Organisation(
        legal_name=_words(profile, "name") or key or "?",
        country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
        did=key if key.startswith("did:") else None,
        identifiers=tuple(numbers),
        region=_words(address, "addressRegion") or None,
        homepage=_words(profile, "url") or None,
        logo=identifier(profile.get("image")) or None,
        email=_words(profile, "email") or None,
        parent=read_profile(parent) if parent else None,
        address={
            term: _words(address, term)
            for term in address
            if term not in ("type", "addressCountryCode", "addressRegion") and _words(address, term)
        },
    )


def _learner(subject: Json) -> Learner:
    """Return the learner; a hashed identity cannot be read back."""
    known: dict[str, str] = {}
    for one in _objects(subject, "identifier"):
        kind, value = _words(one, "identityType"), _words(one, "identityHash")
        if one.get("hashed") is not True and value:
            known.setdefault(kind.removeprefix("ext:"), value)
    name = known.pop("name", "")
    email = known.pop("emailAddress", None)
    key = identifier(subject)
    did = key if key.startswith("did:") else None
    if not (name or email or did or known):
        known = {"id": key or "unknown"}
    return Learner(full_name=name, email=email, did=did, identifiers=known)


def is_same_profile(profile: Any, issuer: Any) -> bool:
    """Tell whether a profile stands for the issuer: it has the issuer's id."""
    return bool(identifier(profile)) and identifier(profile) == identifier(issuer)


def _is_short(creator: Any, issuer: Any) -> bool:
    """Tell whether a creator only points at the issuer."""
    named = isinstance(creator, Mapping) and "name" in creator
    return not creator or (is_same_profile(creator, issuer) and not named)


def _achievement(node: Json, credential_issuer: Any, language: str) -> Achievement:
    issuer = read_profile(credential_issuer)
    criteria = next(iter(_objects(node, "criteria")), {})
    creator = node.get("creator")
    aligned = read_alignments(_objects(node, "alignment"), language)
    narrative, outcomes = _split_outcomes(_words(criteria, "narrative"))
    image = identifier(node.get("image"))
    credits_ = _amount(node.get("creditsAvailable"))
    title = _text(node, "name", language)
    return Achievement(
        id=identifier(node) or "urn:ob3:achievement",
        version=_words(node, "version") or "1",
        title=title,
        description=_text(node, "description", language),
        creator=issuer if _is_short(creator, credential_issuer) else read_profile(creator),
        achievement_type=_words(node, "achievementType") or "Achievement",
        learning_outcomes=aligned.outcomes(outcomes, _words(node, "name"), language),
        ects=credits_ if aligned.says_ects else None,
        criteria={language: narrative} if narrative else {},
        criteria_url=identifier(criteria) or None,
        grading=_grading(node, language),
        image=Image(image, _text(_first(node, "image"), "caption", language)) if image else None,
        tags=tuple(tag for tag in many(node.get("tag")) if isinstance(tag, str)),
        languages=(language,),
        **aligned.members(),
    )


def _first(node: Json, term: str) -> Json:
    return next(iter(_objects(node, term)), {})


def _split_outcomes(narrative: str) -> tuple[str, tuple[str, ...]]:
    """Take the list of outcomes, which our badges put at the end, off the criteria."""
    head, _, tail = narrative.rpartition("\n\n")
    lines = (tail or head).splitlines()
    if lines and all(line.startswith("- ") for line in lines):
        return (head if tail else ""), tuple(line[2:] for line in lines)
    return narrative, ()


def _grade(subject: Json, achievement: Json) -> str | None:
    """Return the first result that is not the level of a skill."""
    skills = {identifier(one) for one in _objects(achievement, "resultDescription") if _skill(one)}
    for result in _objects(subject, "result"):
        if result.get("resultDescription") not in skills:
            return _words(result, "value") or _words(result, "status") or None
    return None


def _skill(description: Json) -> str:
    aligned = next(iter(_objects(description, "alignment")), {})
    is_level = description.get("resultType") == "PerformanceLevel"
    return _words(aligned, "targetUrl") if is_level else ""


def _skill_levels(subject: Json, achievement: Json) -> Iterator[tuple[str, str]]:
    descriptions = {identifier(one): one for one in _objects(achievement, "resultDescription")}
    for result in _objects(subject, "result"):
        uri = _skill(descriptions.get(str(result.get("resultDescription")), {}))
        if uri and (value := _words(result, "value")):
            yield uri, value


def _grading(achievement: Json, language: str) -> GradingScheme | None:
    described = (one for one in _objects(achievement, "resultDescription") if not _skill(one))
    scheme = next(described, None)
    if scheme is None or not _words(scheme, "name"):
        return None
    return GradingScheme(
        name={language: _words(scheme, "name")},
        levels=tuple(ResultLevel(value) for value in many(scheme.get("allowedValue"))),
        minimum=_number(scheme.get("valueMin")),
        maximum=_number(scheme.get("valueMax")),
        required=_words(scheme, "requiredValue") or None,
        id=identifier(scheme) or None,
    )


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _evidence(credential: Json) -> Iterator[Evidence]:
    for position, one in enumerate(_objects(credential, "evidence"), 1):
        yield Evidence(
            name=_words(one, "name") or f"Evidence {position}",
            url=identifier(one) or None,
            narrative=_words(one, "narrative"),
            description=_words(one, "description"),
            genre=_words(one, "genre"),
        )
