"""An achievement, and a learner's results in it, as Open Badges carry them.

Spec: Open Badges 3.0, Achievement, ResultDescription, Result.
Shape: one language per badge; a language map would not be covered by the signature.
"""

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import orjson

from badges.award import Achievement, Award, GradingScheme, Organisation, pick
from badges.ob3.alignment import alignments, skill_alignment
from badges.ob3.profile import build_profile

__all__ = ["build_achievement", "build_results", "number", "write_achievement"]


def number(value: float) -> float:
    """Return a number in the form every signer writes alike: whole ones without a point."""
    return int(value) if float(value).is_integer() else value


MOST_WRITTEN = 64
"""Achievements that are kept as they were written: a cohort shares one."""

_WRITTEN: OrderedDict[tuple[object, ...], tuple[Achievement, bytes]] = OrderedDict()


def build_achievement(award: Award, creator_id: str, issuer_id: str) -> dict[str, Any]:
    """Return the achievement of `award` in the award's language."""
    document: dict[str, Any] = orjson.loads(write_achievement(award, creator_id, issuer_id))
    return document


def write_achievement(award: Award, creator_id: str, issuer_id: str) -> bytes:
    """Return the same as JSON: a cohort shares it, and it is written once."""
    if award.skill_levels:
        return orjson.dumps(_build(award, creator_id, issuer_id))
    achievement = award.achievement
    key = (id(achievement), award.language, award.grade is None, creator_id, issuer_id)
    known = _WRITTEN.get(key)
    if known is None:  # the achievement is kept beside its text, so that its id stays its own
        known = achievement, orjson.dumps(_build(award, creator_id, issuer_id))
        _WRITTEN[key] = known
        if len(_WRITTEN) > MOST_WRITTEN:
            _WRITTEN.popitem(last=False)
    return known[1]


def _build(award: Award, creator_id: str, issuer_id: str) -> dict[str, Any]:
    achievement, language = award.achievement, award.language
    document: dict[str, Any] = {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": achievement.achievement_type,
        "name": pick(achievement.title, language),
        "description": pick(achievement.description, language),
        "criteria": _criteria(achievement, language),
        "creator": _creator(achievement.creator, creator_id, issuer_id),
        "inLanguage": language,
        "version": achievement.version,
    }
    if achievement.ects:
        document["creditsAvailable"] = number(achievement.ects)
    if achievement.image:
        document["image"] = {"id": achievement.image.url, "type": "Image"}
        if caption := pick(achievement.image.caption, language):
            document["image"]["caption"] = caption
    if achievement.tags:
        document["tag"] = list(achievement.tags)
    if found := alignments(achievement, language):
        document["alignment"] = found
    if descriptions := _descriptions(award):
        document["resultDescription"] = descriptions
    return document


def _creator(creator: Organisation, creator_id: str, issuer_id: str) -> dict[str, Any]:
    """Describe each organisation once: said twice, one of the two could be cut unnoticed."""
    if creator_id == issuer_id:
        return {"id": creator_id, "type": ["Profile"]}
    return build_profile(replace(creator, parent=None), creator_id)


def _criteria(achievement: Achievement, language: str) -> dict[str, Any]:
    outcomes = "\n".join(f"- {pick(o.title, language)}" for o in achievement.learning_outcomes)
    required = [
        pick(achievement.criteria, language),
        *(pick(assessment.criteria, language) for assessment in achievement.assessments),
    ]
    narrative = "\n\n".join(dict.fromkeys(filter(None, [*required, outcomes])))
    criteria: dict[str, Any] = {"narrative": narrative or pick(achievement.description, language)}
    if achievement.criteria_url:
        criteria["id"] = achievement.criteria_url
    return criteria


def build_results(award: Award) -> list[dict[str, Any]]:
    """Return the learner's grade, and the level reached in each skill where it is known."""
    grade = [] if award.grade is None else [_result(_grade_id(award), award.grade)]
    if not award.skill_levels:
        return grade
    reached = ((s.uri, award.skill_levels.get(s.uri)) for s in award.achievement.skills)
    return grade + [_result(_skill_id(award, uri), level) for uri, level in reached if level]


def _result(description: str, value: str) -> dict[str, Any]:
    return {"type": ["Result"], "resultDescription": description, "value": value}


def _descriptions(award: Award) -> list[dict[str, Any]]:
    descriptions = []
    if award.grade is not None or award.achievement.grading:
        descriptions.append(_grade_description(award))
    for skill in award.achievement.skills:
        if skill.uri in award.skill_levels:
            name = pick(skill.label, award.language)
            descriptions.append(
                {
                    "id": _skill_id(award, skill.uri),
                    "type": ["ResultDescription"],
                    "name": name,
                    "resultType": "PerformanceLevel",
                    "alignment": [skill_alignment(skill, award.language)],
                }
            )
    return descriptions


def _grade_description(award: Award) -> dict[str, Any]:
    scheme = award.achievement.grading or GradingScheme(name={"en": "Grade"})
    description: dict[str, Any] = {
        "id": _grade_id(award),
        "type": ["ResultDescription"],
        "name": pick(scheme.name, award.language) or "Grade",
        "resultType": "LetterGrade" if scheme.levels else "Result",
    }
    if scheme.levels:
        description["allowedValue"] = [level.value for level in scheme.levels]
    if scheme.minimum is not None:
        description["valueMin"] = f"{scheme.minimum:g}"
    if scheme.maximum is not None:
        description["valueMax"] = f"{scheme.maximum:g}"
    if scheme.required is not None:
        description["requiredValue"] = scheme.required
    return description


def _grade_id(award: Award) -> str:
    scheme = award.achievement.grading
    return (scheme.id if scheme else None) or f"{award.achievement.id}#grade"


def _skill_id(award: Award, uri: str) -> str:
    return f"{award.achievement.id}#level-{uri.rsplit('/', 1)[-1]}"
