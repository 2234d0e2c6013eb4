"""What was to be learned: an achievement as an ELM Qualification.

Spec: ELM Qualification, LearningOutcome, Accreditation; official micro-credentials use
Qualification because only it may carry a level.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from badges.award import (
    Achievement,
    Award,
    Framework,
    LearningOutcome,
    QualityAssurance,
    Skill,
    Stackability,
)
from badges.award.european_codes import code_of
from badges.edc.building import (
    ACHIEVEMENT_SCHEME,
    Nodes,
    coded,
    concept,
    duration,
    language_code,
    moment,
    number_text,
    text,
)
from badges.edc.write_organisation import write_organisation
from contexts.codes import Code, UnknownCode, find

__all__ = ["credit_points", "languages", "write_specification"]

ESCO = "http://data.europa.eu/esco/"
PARTIAL = {Stackability.INTEGRATED: True, Stackability.STANDALONE: False}
"""What `isPartialQualification` can say; a note says the rest."""


def write_specification(nodes: Nodes, award: Award) -> dict[str, Any]:
    """Return the achievement of an award as a qualification."""
    achievement = award.achievement
    return nodes.make(
        "Qualification",
        {
            "identifier": [_identifier(nodes, achievement)],
            "title": text(achievement.title),
            "description": text(achievement.description),
            "dcType": _coded(achievement.opportunity),
            "homepage": _listed(nodes.link(achievement.homepage)),
            "supplementaryDocument": _listed(nodes.link(achievement.criteria_url)),
            "category": {award.language: list(achievement.tags)} if achievement.tags else None,
            "language": languages(achievement),
            "volumeOfLearning": _hours(achievement.workload_hours),
            "mode": _coded(achievement.participation),
            "learningSetting": _one(achievement.setting),
            "thematicArea": [coded("isced-f", code) for code in achievement.isced_f],
            "creditPoint": credit_points(nodes, achievement.ects),
            "entryRequirement": nodes.note(achievement.prerequisites),
            "learningOutcome": [
                _outcome(nodes, award, outcome) for outcome in achievement.learning_outcomes
            ],
            "isPartialQualification": PARTIAL.get(achievement.stackability)
            if achievement.stackability
            else None,
            "eqfLevel": coded("eqf", str(achievement.eqf_level)) if achievement.eqf_level else None,
            "nqfLevel": [concept(code) for level in achievement.nqf if (code := _national(level))],
            "accreditation": [
                _quality(nodes, quality, award.language)
                for quality in achievement.quality_assurance
            ],
            "additionalNote": list(_notes(nodes, award)),
        },
    )


def _identifier(nodes: Nodes, achievement: Achievement) -> dict[str, Any]:
    about = {
        "notation": achievement.id,
        "schemeName": ACHIEVEMENT_SCHEME,
        "schemeVersion": achievement.version,
    }
    return nodes.make("Identifier", about)


def languages(achievement: Achievement) -> list[dict[str, Any]]:
    """Return the languages of instruction; one that Europe has no code for is left out."""
    codes = {code.iri: code for tag in achievement.languages if (code := language_code(tag))}
    return [concept(code) for code in codes.values()]


def credit_points(nodes: Nodes, ects: float | None) -> list[dict[str, Any]] | None:
    """Return ECTS credits."""
    if not ects:
        return None
    framework = concept(find("credit-framework", "European Credit Transfer System"))
    return [nodes.make("CreditPoint", {"framework": framework, "point": number_text(ects)})]


def _hours(hours: float | None) -> str | None:
    return duration(hours) if hours else None


def _listed(node: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    return [node] if node else None


def _one(word: Any) -> dict[str, Any] | None:
    code = code_of(word) if word else None
    return concept(code) if code else None


def _coded(word: Any) -> list[dict[str, Any]] | None:
    return _listed(_one(word))


def _national(level: Framework) -> Code | None:
    for spelling in (level.url or "", f"{level.name} Level {level.level}"):
        try:
            return find("nqf", spelling)
        except UnknownCode:
            continue
    return None


def _outcome(nodes: Nodes, award: Award, outcome: LearningOutcome) -> dict[str, Any]:
    taught = [(skill.uri, skill.level, "skill-level") for skill in outcome.skills]
    reached = [
        (skill.uri, award.skill_levels.get(skill.uri), "skill-level-reached")
        for skill in outcome.skills
    ]
    levels = [
        nodes.note({award.language: f"{level} ({uri})"}, subject)
        for uri, level, subject in (*taught, *reached)
        if level
    ]
    described = nodes.note(outcome.description, "description")
    return nodes.make(
        "LearningOutcome",
        {
            "title": text(outcome.title),
            "relatedESCOSkill": [_skill(skill) for skill in outcome.skills if _is_esco(skill)],
            "relatedSkill": [_skill(skill) for skill in outcome.skills if not _is_esco(skill)],
            "additionalNote": [note for note in (described, *levels) if note],
        },
    )


def _is_esco(skill: Skill) -> bool:
    return skill.uri.startswith(ESCO)


def _skill(skill: Skill) -> dict[str, Any]:
    esco = _is_esco(skill)
    scheme = (
        f"{ESCO}concept-scheme/skills"
        if esco
        else f"urn:epass:conceptScheme:{quote(skill.framework, safe='')}"
    )
    return {
        "id": skill.uri,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
        **({"prefLabel": text(skill.label)} if text(skill.label) else {}),
    }


def _quality(nodes: Nodes, quality: QualityAssurance, language: str) -> dict[str, Any]:
    code = code_of(quality.type)
    return nodes.make(
        "Accreditation",
        {
            "title": text(quality.title) or (dict(code.labels) if code else None),
            "dcType": _one(quality.type),
            "dateIssued": _day(quality.assured_on),
            "accreditingAgent": write_organisation(nodes, quality.body, language),
            "landingPage": _listed(nodes.link(quality.url)),
        },
    )


def _day(day: date | None) -> str | None:
    return moment(datetime.combine(day, time.min, UTC)) if day else None


def _notes(nodes: Nodes, award: Award) -> Iterator[dict[str, Any]]:
    achievement = award.achievement
    said = [("further-information", achievement.further_information)]
    if achievement.cycle:
        said.append(("qf-ehea-cycle", {"en": achievement.cycle}))
    if achievement.stackability:
        said.append(("stackability", {"en": achievement.stackability.value}))
    said += [("counts-towards", {"en": larger}) for larger in achievement.stacks_into]
    said += [
        ("national-level", {"en": f"{level.name}: {level.level}"})
        for level in achievement.nqf
        if _national(level) is None
    ]
    said.append(("achievement-type", {"en": achievement.achievement_type}))
    said.append(("criteria", achievement.criteria))
    if achievement.supervision:
        said.append(("supervision", {"en": achievement.supervision.value}))
    for subject, words in said:
        if note := nodes.note(words, subject):
            yield note
