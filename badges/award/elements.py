"""The 16 EU standard elements, and which of them are missing.

Spec: Council Recommendation 2022/C 243/02, Annex I: 11 mandatory and 5 optional elements.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from badges.award.achievement import Achievement
from badges.award.decision import Award

__all__ = [
    "MANDATORY",
    "OPTIONAL",
    "Element",
    "is_micro_credential",
    "missing_elements",
    "missing_in_award",
    "present_elements",
]


class Element(StrEnum):
    """One standard element of a micro-credential."""

    LEARNER = "learner"
    TITLE = "title"
    COUNTRY = "country"
    AWARDING_BODY = "awarding-body"
    DATE = "date-of-issue"
    OUTCOMES = "learning-outcomes"
    WORKLOAD = "workload"
    LEVEL = "level"
    ASSESSMENT = "assessment-type"
    PARTICIPATION = "form-of-participation"
    QUALITY = "quality-assurance"
    PREREQUISITES = "prerequisites"
    SUPERVISION = "supervision-and-identity"
    GRADE = "grade"
    STACKABILITY = "stackability"
    FURTHER = "further-information"


MANDATORY = tuple(Element)[:11]
"""Without these it is not a micro-credential."""

OPTIONAL = tuple(Element)[11:]
"""Where relevant."""

_IN_ACHIEVEMENT: Mapping[Element, Callable[[Achievement], bool]] = {
    Element.TITLE: lambda a: bool(a.title),
    Element.COUNTRY: lambda a: all(body.country for body in a.bodies),
    Element.AWARDING_BODY: lambda a: all(body.legal_name for body in a.bodies),
    Element.OUTCOMES: lambda a: bool(a.learning_outcomes),
    Element.WORKLOAD: lambda a: bool(a.ects or a.workload_hours),
    Element.LEVEL: lambda a: bool(a.eqf_level or a.nqf or a.cycle),
    Element.ASSESSMENT: lambda a: bool(a.assessments),
    Element.PARTICIPATION: lambda a: a.participation is not None,
    Element.QUALITY: lambda a: bool(a.quality_assurance),
    Element.PREREQUISITES: lambda a: bool(a.prerequisites),
    Element.SUPERVISION: lambda a: bool(
        a.supervision or any(assessment.supervision for assessment in a.assessments)
    ),
    Element.GRADE: lambda a: a.grading is not None,
    Element.STACKABILITY: lambda a: bool(a.stackability or a.stacks_into),
    Element.FURTHER: lambda a: bool(a.further_information or a.homepage),
}
"""How to see each element; learner and date belong to the award."""


def present_elements(achievement: Achievement) -> tuple[Element, ...]:
    """Name the elements, mandatory or not, that the achievement carries."""
    return tuple(element for element, holds in _IN_ACHIEVEMENT.items() if holds(achievement))


def missing_elements(achievement: Achievement) -> tuple[Element, ...]:
    """Name the mandatory elements an achievement lacks: empty means it may be published.

    Learner and date of issue come with each award and are not asked for here.
    """
    present = present_elements(achievement)
    return tuple(e for e in MANDATORY if e in _IN_ACHIEVEMENT and e not in present)


def missing_in_award(award: Award) -> tuple[Element, ...]:
    """Name the mandatory elements one award lacks, those of its achievement included."""
    learner = () if award.learner.name else (Element.LEARNER,)
    return (*learner, *missing_elements(award.achievement))


def is_micro_credential(achievement: Achievement) -> bool:
    """Tell whether the achievement may be called a micro-credential."""
    return not missing_elements(achievement)
