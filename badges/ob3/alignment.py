"""The EU standard elements as alignments: signed, and readable by every Open Badges tool.

Spec: Open Badges 3.0, Alignment (``targetType`` is free behind ``ext:``); European Learning Model
      v3 for the addresses. Open Badges has no member for level, workload, assessment type or form
      of participation, and a vocabulary of our own would stop verifiers with pinned contexts.
Shape: one alignment per fact; ``targetType`` says which element, ``targetCode`` the bare value.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from badges.award import (
    Achievement,
    Assessment,
    QualityAssurance,
    Skill,
    Supervision,
    pick,
)
from badges.award.european_codes import code_of
from contexts.codes import code_list

__all__ = ["ELM", "Target", "alignments", "make_alignment", "skill_alignment"]

ELM = "http://data.europa.eu/snb/model/elm/"
ELM_NAME = "European Learning Model"


class Target(StrEnum):
    """What an alignment of ours says: its ``targetType``."""

    ASSESSMENT = "ext:AssessmentType"
    CREDITS = "ext:CreditSystem"
    CYCLE = "ext:QFEHEACycle"
    EQF = "ext:EQF"
    FIELD = "ext:ISCEDF"
    FURTHER = "ext:FurtherInformation"
    MODE = "ext:ParticipationMode"
    NQF = "ext:NQF"
    PREREQUISITES = "ext:Prerequisites"
    QUALITY = "ext:QualityAssurance"
    SETTING = "ext:LearningSetting"
    SKILL = "ext:ESCOSkill"
    STACKABILITY = "ext:Stackability"
    SUPERVISION = "ext:Supervision"
    WORKLOAD = "ext:Workload"


def make_alignment(
    target: str, name: str, url: str, *, framework: str = ELM_NAME, **more: str
) -> dict[str, Any]:
    """Return one alignment; `more` are further members such as ``targetCode``."""
    return {
        "type": ["Alignment"],
        "targetType": str(target),
        "targetName": name,
        "targetUrl": url,
        "targetFramework": framework,
        **{member: value for member, value in more.items() if value},
    }


def skill_alignment(skill: Skill, language: str, level: str | None = None) -> dict[str, Any]:
    """Return the alignment with a skill, at the level reached where one is known."""
    reached = level or skill.level
    return make_alignment(
        Target.SKILL if skill.framework == "ESCO" else "ext:Skill",
        pick(skill.label, language),
        skill.uri,
        framework=skill.framework,
        targetCode=skill.code or skill.uri.rsplit("/", 1)[-1],
        targetDescription=f"Level: {reached}" if reached else "",
    )


def alignments(achievement: Achievement, language: str) -> list[dict[str, Any]]:
    """Return everything the achievement says beyond the members Open Badges has."""
    return [
        *(skill_alignment(skill, language) for skill in achievement.skills),
        *_level(achievement),
        *_amount(achievement),
        *_teaching(achievement, language),
        *_quality(achievement, language),
        *_notes(achievement, language),
    ]


def _level(achievement: Achievement) -> Iterator[dict[str, Any]]:
    if level := achievement.eqf_level:
        yield make_alignment(
            Target.EQF,
            f"EQF level {level}",
            f"http://data.europa.eu/snb/eqf/{level}",
            framework="European Qualifications Framework",
            targetCode=str(level),
        )
    for national in achievement.nqf:
        yield make_alignment(
            Target.NQF,
            f"{national.name} level {national.level}",
            national.url or f"{ELM}NQFLevel",
            framework=national.name,
            targetCode=national.level,
        )
    if achievement.cycle:
        yield make_alignment(
            Target.CYCLE,
            f"QF-EHEA {achievement.cycle} cycle",
            f"{ELM}additionalNote",
            framework="QF-EHEA",
            targetCode=achievement.cycle,
        )
    for code in achievement.isced_f:
        entry = code_list("isced-f").codes.get(code)
        yield make_alignment(
            Target.FIELD,
            entry.label() if entry else code,
            f"http://data.europa.eu/snb/isced-f/{code}",
            framework="ISCED-F 2013",
            targetCode=code,
        )


def _amount(achievement: Achievement) -> Iterator[dict[str, Any]]:
    if achievement.ects:
        yield make_alignment(
            Target.CREDITS,
            f"{achievement.ects:g} ECTS",
            "http://data.europa.eu/snb/education-credit/6fcec5c5af",
            framework="ECTS",
            targetCode=f"{achievement.ects:g}",
        )
    if achievement.workload_hours:
        yield make_alignment(
            Target.WORKLOAD,
            f"{achievement.workload_hours:g} h",
            f"{ELM}volumeOfLearning",
            targetCode=f"{achievement.workload_hours:g}",
        )


def _teaching(achievement: Achievement, language: str) -> Iterator[dict[str, Any]]:
    for assessment in achievement.assessments:
        yield _coded(
            Target.ASSESSMENT,
            assessment.type,
            language,
            pick(assessment.criteria, language) or pick(assessment.title, language),
        )
    if achievement.participation:
        yield _coded(Target.MODE, achievement.participation, language)
    if achievement.setting:
        yield _coded(Target.SETTING, achievement.setting, language)
    for supervision in dict.fromkeys(_supervision(achievement, achievement.assessments)):
        yield _coded(Target.SUPERVISION, supervision, language)


def _supervision(
    achievement: Achievement, assessments: tuple[Assessment, ...]
) -> Iterator[Supervision]:
    for found in (achievement.supervision, *(a.supervision for a in assessments)):
        if found:
            yield found


def _coded(target: Target, word: StrEnum, language: str, note: str = "") -> dict[str, Any]:
    name, url = word.value.replace("-", " "), f"{ELM}additionalNote"
    if code := code_of(word):
        name, url = code.label(language), code.iri
    return make_alignment(target, name, url, targetCode=word.value, targetDescription=note)


def _quality(achievement: Achievement, language: str) -> Iterator[dict[str, Any]]:
    for quality in achievement.quality_assurance:
        yield make_alignment(
            Target.QUALITY,
            quality.body.legal_name,
            quality.url or quality.body.homepage or f"{ELM}accreditation",
            targetCode=quality.type.value,
            targetDescription="; ".join(_told(quality, language)),
        )


def _told(quality: QualityAssurance, language: str) -> Iterator[str]:
    if title := pick(quality.title, language):
        yield title
    if quality.assured_on:
        yield quality.assured_on.isoformat()


def _notes(achievement: Achievement, language: str) -> Iterator[dict[str, Any]]:
    if text := pick(achievement.prerequisites, language):
        yield make_alignment(Target.PREREQUISITES, text, f"{ELM}entryRequirement")
    if achievement.stackability:
        yield make_alignment(
            Target.STACKABILITY,
            achievement.stackability.value.replace("-", " "),
            f"{ELM}isPartialQualification",
            targetCode=achievement.stackability.value,
        )
    for larger in achievement.stacks_into:
        yield make_alignment(Target.STACKABILITY, "counts towards", larger)
    if text := pick(achievement.further_information, language):
        yield make_alignment(
            Target.FURTHER, text, achievement.homepage or f"{ELM}supplementaryDocument"
        )
