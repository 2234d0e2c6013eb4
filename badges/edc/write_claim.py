"""What the learner did and achieved: achievement, assessment and activity claims.

Spec: ELM LearningAchievement, LearningAssessment, LearningActivity. Each claim needs its
awarding process; an assessment needs a grade.
"""

from typing import Any

from badges.award import Assessment, Award, GradingScheme, LangString
from badges.award.european_codes import code_of
from badges.edc.building import AWARD_SCHEME, Nodes, concept, duration, moment, text
from badges.edc.write_organisation import write_organisation
from badges.edc.write_specification import credit_points, languages, write_specification

__all__ = ["PASSED", "passed", "write_claim"]

PASSED: LangString = {
    "bg": "Издържан", "cs": "Splněno", "da": "Bestået", "de": "Bestanden", "el": "Επιτυχία",
    "en": "Passed", "es": "Apto", "et": "Arvestatud", "fi": "Hyväksytty", "fr": "Réussi",
    "hr": "Položeno", "hu": "Megfelelt", "it": "Superato", "lt": "Įskaityta", "lv": "Ieskaitīts",
    "nl": "Geslaagd", "pl": "Zaliczone", "pt": "Aprovado", "ro": "Admis", "sk": "Absolvované",
    "sl": "Opravil", "sv": "Godkänd",
}  # fmt: skip
"""The result where an award carries no grade: an award is only made to who passed."""


def write_claim(nodes: Nodes, award: Award) -> dict[str, Any]:
    """Return the achievement a learner is credited with."""
    achievement = award.achievement
    process = _process(nodes, award)
    earned = award.credits_earned or achievement.ects
    return nodes.make(
        "LearningAchievement",
        {
            "identifier": [
                nodes.make("Identifier", {"notation": award.id, "schemeName": AWARD_SCHEME}),
            ],
            "title": text(achievement.title),
            "description": text(achievement.description),
            "awardedBy": process,
            "creditReceived": credit_points(nodes, earned),
            "provenBy": [
                _assessment(nodes, award, assessment, process)
                for assessment in achievement.assessments
            ],
            "influencedBy": _activity(nodes, award, process),
            "additionalNote": _narratives(nodes, award),
            "supplementaryDocument": [
                nodes.link(item.url, {award.language: item.name})
                for item in award.evidence
                if item.url
            ],
            "specifiedBy": write_specification(nodes, award),
        },
    )


def _process(nodes: Nodes, award: Award) -> dict[str, Any]:
    bodies = [write_organisation(nodes, body, award.language) for body in award.achievement.bodies]
    about = {"awardingBody": bodies, "awardingDate": moment(award.awarded)}
    return nodes.make("AwardingProcess", about)


def _narratives(nodes: Nodes, award: Award) -> list[dict[str, Any]]:
    language = award.language
    told = [nodes.note({language: award.narrative}, "narrative")]
    told += [
        nodes.note({language: f"{item.name}: {words}"}, "evidence")
        for item in award.evidence
        if (words := item.narrative or item.description or (not item.url and item.name))
    ]
    if not award.achievement.assessments and award.grade:
        told.append(nodes.note({language: award.grade}, "grade"))
    return [note for note in told if note]


def _assessment(
    nodes: Nodes, award: Award, assessment: Assessment, process: dict[str, Any]
) -> dict[str, Any]:
    achievement = award.achievement
    kind = code_of(assessment.type)
    title = text(assessment.title) or (dict(kind.labels) if kind else {})
    grade = {award.language: award.grade} if award.grade else passed(award)
    supervision = assessment.supervision or achievement.supervision
    code = code_of(supervision) if supervision else None
    mode = code_of(assessment.mode) if assessment.mode else None
    specified = nodes.make(
        "LearningAssessmentSpecification",
        {
            "title": title,
            "dcType": concept(kind) if kind else None,
            "language": languages(achievement),
            "mode": [concept(mode)] if mode else None,
            "gradingScheme": _grading(nodes, award, assessment),
        },
    )
    return nodes.make(
        "LearningAssessment",
        {
            "title": title,
            "awardedBy": process,
            "grade": nodes.note(grade, "" if award.grade else "passed"),
            "idVerification": concept(code) if code else None,
            "additionalNote": [nodes.note({"en": supervision.value}, "supervision")]
            if supervision and not code
            else None,
            "specifiedBy": specified,
        },
    )


def passed(award: Award) -> LangString:
    """Say that the learner passed, in the languages of the title."""
    found = {tag: PASSED[tag] for tag in text(award.achievement.title) if tag in PASSED}
    return found or {"en": PASSED["en"]}


def _grading(nodes: Nodes, award: Award, assessment: Assessment) -> dict[str, Any] | None:
    scheme = award.achievement.grading
    criteria = text(assessment.criteria)
    if scheme is None and not criteria:
        return None
    title = text(scheme.name) if scheme else {}
    described = dict(criteria)
    if scheme and (scale := _scale(scheme)):
        for language in described or {award.language: ""}:
            described[language] = "\n".join(filter(None, (described.get(language), scale)))
    return nodes.make(
        "GradingScheme", {"title": title or {"en": "Assessment criteria"}, "description": described}
    )


def _scale(scheme: GradingScheme) -> str:
    """Write a scale as text: EDC has no members for its values."""
    if scheme.levels:
        scale = " < ".join(level.value for level in scheme.levels)
    elif scheme.minimum is not None or scheme.maximum is not None:
        ends = (scheme.minimum, scheme.maximum)
        scale = " - ".join("" if end is None else f"{end:g}" for end in ends)
    else:
        scale = ""
    required = f"({scheme.required})" if scheme.required else ""
    return " ".join(filter(None, (scale, required)))


def _activity(nodes: Nodes, award: Award, process: dict[str, Any]) -> list[dict[str, Any]] | None:
    achievement = award.achievement
    mode = code_of(achievement.participation) if achievement.participation else None
    if not (mode or award.activity_start or award.activity_end):
        return None
    period = {
        "startDate": moment(award.activity_start) if award.activity_start else None,
        "endDate": moment(award.activity_end) if award.activity_end else None,
    }
    specified = {
        "title": text(achievement.title),
        "language": languages(achievement),
        "mode": [concept(mode)] if mode else None,
        "volumeOfLearning": duration(achievement.workload_hours)
        if achievement.workload_hours
        else None,
    }
    activity = {
        "title": text(achievement.title),
        "awardedBy": process,
        "temporal": [nodes.make("PeriodOfTime", period)] if any(period.values()) else None,
        "specifiedBy": nodes.make("LearningActivitySpecification", specified),
    }
    return [nodes.make("LearningActivity", activity)]
