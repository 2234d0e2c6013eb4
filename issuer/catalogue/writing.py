"""An achievement entry as the award model has it."""

from badges.award import (
    Achievement,
    Assessment,
    Framework,
    GradingScheme,
    Image,
    LearningOutcome,
    Organisation,
    QualityAssurance,
    ResultLevel,
    Skill,
)
from issuer.catalogue.messages import (
    AchievementEntry,
    AssessmentEntry,
    GradingEntry,
    OutcomeEntry,
    QualityEntry,
)

__all__ = ["entry_to_achievement"]


def entry_to_achievement(
    entry: AchievementEntry, uri: str, version: int, body: Organisation
) -> Achievement:
    """Return the achievement `entry` describes, awarded by `body`.

    Raises:
        MalformedValue: a value that the award model refuses.
    """
    stacking = entry.stackability
    return Achievement(
        id=uri,
        version=str(version),
        title=entry.title,
        description=entry.description,
        creator=body,
        achievement_type=entry.type,
        learning_outcomes=tuple(_outcome(found) for found in entry.learning_outcomes),
        ects=entry.ects,
        workload_hours=entry.hours,
        eqf_level=entry.eqf_level,
        nqf=tuple(Framework(found.name, found.level, found.url) for found in entry.nqf),
        cycle=entry.cycle,
        isced_f=entry.isced_f,
        assessments=tuple(_assessment(found) for found in entry.assessment),
        criteria=entry.requirements,
        criteria_url=entry.criteria_url,
        participation=entry.participation,
        setting=entry.learning_setting,
        opportunity=entry.opportunity,
        quality_assurance=tuple(_quality(found, body) for found in entry.quality_assurance),
        prerequisites=entry.prerequisites,
        stackability=stacking.kind if stacking else None,
        stacks_into=stacking.into if stacking else (),
        grading=_grading(entry.grading) if entry.grading else None,
        further_information=entry.further_information or (stacking.statement if stacking else {}),
        homepage=entry.homepage,
        languages=entry.languages,
        image=Image(entry.image) if entry.image else None,
        validity=entry.validity,
        tags=entry.tags,
        extra={"form": entry.form} if entry.form else {},
    )


def _outcome(entry: OutcomeEntry) -> LearningOutcome:
    skills = tuple(
        Skill(found.uri, found.label, found.framework, found.code, found.level)
        for found in entry.skills
    )
    return LearningOutcome(entry.title, skills, entry.description)


def _assessment(entry: AssessmentEntry) -> Assessment:
    return Assessment(entry.type, entry.criteria, entry.title, entry.mode, entry.supervision)


def _quality(entry: QualityEntry, awarding_body: Organisation) -> QualityAssurance:
    agency = Organisation(
        legal_name=entry.body.legal_name,
        country=entry.body.country or awarding_body.country,
        homepage=entry.body.homepage,
    )
    return QualityAssurance(entry.type, agency, entry.url, entry.statement, entry.assured_on)


def _grading(entry: GradingEntry) -> GradingScheme:
    levels = tuple(ResultLevel(value) for value in entry.scale)
    return GradingScheme(entry.name, levels, entry.minimum, entry.maximum, entry.required)
