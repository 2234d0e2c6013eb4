"""What was to be learned: an ELM specification, read into an achievement.

Spec: ELM Qualification and LearningAchievementSpecification, LearningOutcome, Accreditation.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Framework,
    GradingScheme,
    LangString,
    LearningOutcome,
    LearningSetting,
    Mode,
    OpportunityType,
    Organisation,
    QualityAssurance,
    QualityAssuranceType,
    Skill,
    Stackability,
    Supervision,
)
from badges.award.european_codes import Word, code_of, word_of
from badges.edc.building import ACHIEVEMENT_SCHEME, NOTE_IDS
from badges.edc.nodes import Json, identifier, many, types
from badges.edc.read_organisation import code_in, first, note, objects, read_organisation, said
from contexts.codes import find

__all__ = ["read_achievement"]

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
SCHEME_IDS = "urn:epass:conceptScheme:"


def read_achievement(claim: Json, issuer: Organisation) -> Achievement:
    """Return what a claim credits; the issuer stands in where no awarding body is named."""
    spec = first(claim, "specifiedBy")
    bodies = tuple(map(read_organisation, objects(first(claim, "awardedBy"), "awardingBody")))
    bodies = tuple(issuer if is_same(body, issuer) else body for body in bodies)
    key, version = _identity(spec)
    eqf = code_in("eqf", spec.get("eqfLevel"))
    kind = said_in(_noted(spec, "achievement-type"))
    return Achievement(
        id=key,
        version=version,
        title=said(spec.get("title")) or said(claim.get("title")),
        description=said(spec.get("description")) or said(claim.get("description")),
        creator=bodies[0] if bodies else issuer,
        awarding_bodies=bodies if len(bodies) > 1 else (),
        achievement_type=kind or _type(claim),
        learning_outcomes=tuple(map(_outcome, objects(spec, "learningOutcome"))),
        ects=_ects(spec),
        workload_hours=_hours(spec.get("volumeOfLearning")),
        eqf_level=int(eqf.key) if eqf else None,
        nqf=tuple(_national(spec)),
        cycle=said_in(_noted(spec, "qf-ehea-cycle")) or None,
        isced_f=tuple(
            code.key for one in many(spec.get("thematicArea")) if (code := code_in("isced-f", one))
        ),
        assessments=tuple(filter(None, map(_assessment, objects(claim, "provenBy")))),
        criteria=_noted(spec, "criteria"),
        criteria_url=_link(spec, "supplementaryDocument"),
        participation=_word(spec, "mode", Mode),
        setting=_word(spec, "learningSetting", LearningSetting),
        opportunity=_word(spec, "dcType", OpportunityType),
        quality_assurance=tuple(map(_quality, objects(spec, "accreditation"))),
        prerequisites=note(first(spec, "entryRequirement")),
        supervision=_written(Supervision, said_in(_noted(spec, "supervision"))),
        stackability=_written(Stackability, said_in(_noted(spec, "stackability"))),
        stacks_into=tuple(map(said_in, _all_noted(spec, "counts-towards"))),
        grading=_grading(claim),
        further_information=_noted(spec, "further-information"),
        homepage=_link(spec, "homepage"),
        languages=tuple(
            code.alias for one in many(spec.get("language")) if (code := code_in("language", one))
        ),
        tags=_tags(spec),
    )


def is_same(body: Organisation, issuer: Organisation) -> bool:
    """Tell whether an awarding body is the issuer, who has a legal identifier besides."""
    bare, wanted = (replace(one, identifiers=(), did=None) for one in (body, issuer))
    return bare == wanted


def said_in(text: LangString) -> str:
    """Return a text whose language does not matter."""
    return next(iter(text.values()), "")


KINDS = {
    "LearningActivity": "CoCurricular",
    "LearningAssessment": "Assessment",
    "LearningEntitlement": "Membership",
}
"""Claims that are no achievement, in the words of Open Badges."""


def _type(claim: Json) -> str:
    found = (KINDS[name] for name in types(claim) if name in KINDS)
    return next(found, "MicroCredential")


def _identity(spec: Json) -> tuple[str, str]:
    for number in objects(spec, "identifier"):
        if number.get("schemeName") == ACHIEVEMENT_SCHEME:
            return str(number.get("notation")), str(number.get("schemeVersion", "1"))
    return identifier(spec) or "urn:epass:qualification", "1"


def _all_noted(node: Json, subject: str) -> Iterator[LangString]:
    for one in objects(node, "additionalNote"):
        if identifier(one.get("subject")) == NOTE_IDS + subject:
            yield note(one)


def _noted(node: Json, subject: str) -> LangString:
    return next(_all_noted(node, subject), {})


def _link(node: Json, term: str) -> str | None:
    url = first(node, term).get("contentURL")
    return url if isinstance(url, str) else None


def _word(node: Json, term: str, words: type[Word]) -> Word | None:
    found = (word_of(identifier(one), words) for one in many(node.get(term)))
    return next(filter(None, found), None)


def _written(words: type[Word], value: str) -> Word | None:
    return next((word for word in words if word.value == value), None)


def _ects(spec: Json) -> float | None:
    ects = find("credit-framework", "European Credit Transfer System")
    for credit in objects(spec, "creditPoint"):
        try:
            amount = float(credit.get("point", ""))
        except (TypeError, ValueError):
            continue
        if identifier(credit.get("framework")) == ects.iri and amount > 0:
            return amount
    return None


def _hours(value: Any) -> float | None:
    """Read a duration of days, hours, minutes and seconds; months have no fixed length."""
    found = DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (days * 24 + hours + minutes / 60 + seconds / 3600) or None


def _national(spec: Json) -> Iterator[Framework]:
    for one in many(spec.get("nqfLevel")):
        label = said_in(said(one.get("prefLabel"))) if isinstance(one, dict) else ""
        code = code_in("nqf", one)
        name, _, level = (code.label() if code else label).rpartition(" Level ")
        if name and level:
            yield Framework(name, level, code.iri if code else None)
    for text in _all_noted(spec, "national-level"):
        name, _, level = said_in(text).rpartition(": ")
        yield Framework(name, level)


def _outcome(node: Json) -> LearningOutcome:
    levels = {}
    for text in _all_noted(node, "skill-level"):
        level, _, uri = said_in(text).rpartition(" (")
        levels[uri.removesuffix(")")] = level
    skills = [*objects(node, "relatedESCOSkill"), *objects(node, "relatedSkill")]
    return LearningOutcome(
        title=said(node.get("title")),
        skills=tuple(_skill(skill, levels) for skill in skills if identifier(skill)),
        description=_noted(node, "description"),
    )


def _skill(node: Json, levels: dict[str, str]) -> Skill:
    uri, scheme = identifier(node), identifier(first(node, "inScheme"))
    named = scheme.startswith(SCHEME_IDS)
    framework = unquote(scheme.removeprefix(SCHEME_IDS)) if named else scheme
    esco = uri.startswith("http://data.europa.eu/esco/")
    return Skill(
        uri=uri,
        label=said(node.get("prefLabel")) or {"en": uri},
        framework="ESCO" if esco else framework,
        level=levels.get(uri),
    )


def _quality(node: Json) -> QualityAssurance:
    kind = word_of(identifier(node.get("dcType")), QualityAssuranceType)
    code = code_of(kind) if kind else None
    title = said(node.get("title"))
    return QualityAssurance(
        type=kind or QualityAssuranceType.INSTITUTION,
        body=read_organisation(first(node, "accreditingAgent")),
        url=_link(node, "landingPage") or _link(node, "homepage"),
        title={} if code and title == dict(code.labels) else title,
        assured_on=_day(node.get("dateIssued")),
    )


def _day(value: object) -> date | None:
    try:
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None


def _assessment(node: Json) -> Assessment | None:
    spec = first(node, "specifiedBy")
    kind = _word(spec, "dcType", AssessmentType)
    if kind is None:
        return None
    code = code_of(kind)
    title = said(node.get("title")) or said(spec.get("title"))
    noted = said_in(_noted(node, "supervision"))
    return Assessment(
        type=kind,
        criteria=said(first(spec, "gradingScheme").get("description")),
        title={} if code and title == dict(code.labels) else title,
        mode=_word(spec, "mode", Mode),
        supervision=_word(node, "idVerification", Supervision) or _written(Supervision, noted),
    )


def _grading(claim: Json) -> GradingScheme | None:
    names = said(first(claim, "provenBy", "specifiedBy", "gradingScheme").get("title"))
    return GradingScheme(names) if names and names != {"en": "Assessment criteria"} else None


def _tags(spec: Json) -> tuple[str, ...]:
    category = spec.get("category")
    words = category.values() if isinstance(category, dict) else ()
    return tuple(tag for said_words in words for tag in many(said_words) if isinstance(tag, str))
