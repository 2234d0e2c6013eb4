"""An achievement: what is learned, how much, at which level, how it is assessed and assured.

Spec: Council Recommendation 2022/C 243/02, Annex I; OB 3.0 Achievement; ELM v3 specifications.
Shape: a version is a value; changing anything makes a new version with the same id.
Units: ``ects`` in credit points, ``workload_hours`` in hours of the learner's time.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from badges.award.codes import (
    AssessmentType,
    LearningSetting,
    Mode,
    OpportunityType,
    QualityAssuranceType,
    Stackability,
    Supervision,
)
from badges.award.lang import LangString, check_lang_string, check_language
from badges.award.organisation import Organisation
from badges.errors import MalformedValue

__all__ = [
    "Achievement",
    "Assessment",
    "Framework",
    "GradingScheme",
    "Image",
    "LearningOutcome",
    "QualityAssurance",
    "ResultLevel",
    "Skill",
]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill from a public list, ESCO unless said otherwise."""

    uri: str
    label: LangString
    framework: str = "ESCO"
    code: str | None = None
    level: str | None = None
    """The level this achievement teaches it at, in the framework's or the issuer's words."""


@dataclass(frozen=True, slots=True)
class LearningOutcome:
    """What the learner knows, understands or can do."""

    title: LangString
    skills: tuple[Skill, ...] = ()
    description: LangString = field(default_factory=dict)
    id: str | None = None

    def __post_init__(self) -> None:
        check_lang_string(self.title, "learning outcome")


@dataclass(frozen=True, slots=True)
class Assessment:
    """One way the learning is assessed, and what counts as passed."""

    type: AssessmentType
    criteria: LangString = field(default_factory=dict)
    title: LangString = field(default_factory=dict)
    mode: Mode | None = None
    supervision: Supervision | None = None


@dataclass(frozen=True, slots=True)
class QualityAssurance:
    """Who assures the quality, of what, and where one can read it."""

    type: QualityAssuranceType
    body: Organisation
    url: str | None = None
    title: LangString = field(default_factory=dict)
    assured_on: date | None = None
    """The day of the decision, where one is known."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A level in a national qualifications framework or another named one."""

    name: str
    level: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ResultLevel:
    """One value of a grading scheme, from the lowest to the highest."""

    value: str
    label: LangString = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradingScheme:
    """How grades are given: a list of values, or a range of numbers."""

    name: LangString
    levels: tuple[ResultLevel, ...] = ()
    """Ordered low to high; empty for a range."""

    minimum: float | None = None
    maximum: float | None = None
    required: str | None = None
    """The lowest grade that passes."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """The picture of the badge."""

    url: str
    """https or data URL."""

    caption: LangString = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Achievement:
    """A versioned definition of what can be awarded."""

    id: str
    """A URI that stays: ``https://…/achievements/water-challenge`` or ``urn:uuid:…``."""

    version: str
    title: LangString
    description: LangString
    creator: Organisation
    """Who defined it, and the awarding body unless `awarding_bodies` says otherwise."""

    awarding_bodies: tuple[Organisation, ...] = ()
    achievement_type: str = "MicroCredential"
    """A term of the OB 3.0 list, or ``ext:…``."""

    learning_outcomes: tuple[LearningOutcome, ...] = ()
    ects: float | None = None
    workload_hours: float | None = None
    eqf_level: int | None = None
    nqf: tuple[Framework, ...] = ()
    cycle: str | None = None
    """QF-EHEA cycle: ``short``, ``first``, ``second`` or ``third``."""

    isced_f: tuple[str, ...] = ()
    """ISCED-F 2013 codes: ``0522``."""

    assessments: tuple[Assessment, ...] = ()
    criteria: LangString = field(default_factory=dict)
    """What one must do to earn it."""

    criteria_url: str | None = None
    participation: Mode | None = None
    setting: LearningSetting | None = None
    opportunity: OpportunityType | None = None
    quality_assurance: tuple[QualityAssurance, ...] = ()
    prerequisites: LangString = field(default_factory=dict)
    supervision: Supervision | None = None
    stackability: Stackability | None = None
    stacks_into: tuple[str, ...] = ()
    """URIs of larger awards it counts towards."""

    grading: GradingScheme | None = None
    further_information: LangString = field(default_factory=dict)
    homepage: str | None = None
    languages: tuple[str, ...] = ()
    """Languages of instruction and assessment (BCP 47)."""

    image: Image | None = None
    validity: timedelta | None = None
    """How long a credential of it stays valid; None is for ever."""

    tags: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    """Notes of the organisation; never signed."""

    def __post_init__(self) -> None:
        check_lang_string(self.title, "title")
        check_lang_string(self.description, "description")
        for language in self.languages:
            check_language(language)
        if self.eqf_level is not None and self.eqf_level not in range(1, 9):
            raise MalformedValue(f"EQF level {self.eqf_level} is not one of 1 to 8")
        _check_amount(self.ects, "ECTS credits")
        _check_amount(self.workload_hours, "workload hours")

    @property
    def bodies(self) -> tuple[Organisation, ...]:
        """Return the awarding bodies: those named, else the creator."""
        return self.awarding_bodies or (self.creator,)

    @property
    def skills(self) -> tuple[Skill, ...]:
        """Return the skills of all outcomes, each once, in order."""
        skills = {s.uri: s for outcome in reversed(self.learning_outcomes) for s in outcome.skills}
        order = dict.fromkeys(s.uri for outcome in self.learning_outcomes for s in outcome.skills)
        return tuple(skills[uri] for uri in order)


def _check_amount(amount: float | None, what: str) -> None:
    if amount is not None and not (math.isfinite(amount) and amount > 0):
        raise MalformedValue(f"{what} must be a number above 0, not {amount}")
