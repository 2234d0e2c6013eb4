"""An achievement as it is written in a YAML file and kept in the store.

Shape: words of closed lists are those of `badges.award.codes`; a text is language tag → text, or
just a text, which is then English.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from badges.award import (
    AssessmentType,
    LangString,
    LearningSetting,
    Mode,
    OpportunityType,
    QualityAssuranceType,
    Stackability,
    Supervision,
)
from issuer.organisations.yaml_file import Message

__all__ = [
    "AchievementEntry",
    "AssessmentEntry",
    "GradingEntry",
    "OutcomeEntry",
    "QualityEntry",
    "SkillEntry",
]


def _text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Text = Annotated[Mapping[str, str], BeforeValidator(_text)]
Name = Annotated[Text, Field(min_length=1)]
"""A text that is there in at least one language."""

Address = Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=2_000)]
"""A web page."""

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class SkillEntry(Message):
    """A skill of a public list; ESCO unless said otherwise."""

    uri: str
    label: Name
    framework: str = "ESCO"
    code: str | None = None
    level: str | None = None


class OutcomeEntry(Message):
    """What the learner knows, understands or can do."""

    title: Name
    description: Text = Field(default_factory=dict)
    skills: tuple[SkillEntry, ...] = ()


class GradingEntry(Message):
    """A list of grades from low to high, or a range of numbers."""

    name: Name
    scale: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    required: str | None = None

    @field_validator("required", mode="before")
    @classmethod
    def _as_written(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int | float) else value


class AssessmentEntry(Message):
    """One way the learning is assessed."""

    type: AssessmentType
    title: Text = Field(default_factory=dict)
    criteria: Text = Field(default_factory=dict)
    mode: Mode | None = None
    supervision: Supervision | None = None


class BodyEntry(Message):
    """An organisation outside this service: an accreditation agency."""

    legal_name: Annotated[str, Field(min_length=1)]
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    homepage: Address | None = None


def _body(value: Any) -> Any:
    return {"legal_name": value} if isinstance(value, str) else value


class QualityEntry(Message):
    """Who assures the quality, of what."""

    type: QualityAssuranceType
    body: Annotated[BodyEntry, BeforeValidator(_body)]
    statement: Text = Field(default_factory=dict)
    url: Address | None = None
    assured_on: date | None = None
    """The day of the decision."""


class StackingEntry(Message):
    """How it adds up to something larger."""

    kind: Stackability
    statement: Text = Field(default_factory=dict)
    into: tuple[str, ...] = ()


class FrameworkEntry(Message):
    """A level in a national framework."""

    name: str
    level: str
    url: Address | None = None


class AchievementEntry(Message):
    """The whole file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,118}[a-z0-9]$")]
    """Its name in commands and URLs; the same over all versions."""

    type: str = "MicroCredential"
    form: str = ""
    """What the alliance calls this kind of offer: ``challenge``, ``micro-module``."""

    awarding_body: str
    """Slug of the organisation that awards it."""

    title: Name
    description: Name
    learning_outcomes: tuple[OutcomeEntry, ...] = ()
    ects: Positive | None = None
    hours: Positive | None = None
    eqf_level: Annotated[int, Field(ge=1, le=8)] | None = None
    nqf: tuple[FrameworkEntry, ...] = ()
    cycle: str | None = None
    isced_f: Annotated[tuple[str, ...], BeforeValidator(_many)] = ()
    languages: tuple[str, ...] = ()
    participation: Mode | None = None
    learning_setting: LearningSetting | None = None
    opportunity: OpportunityType | None = None
    assessment: Annotated[tuple[AssessmentEntry, ...], BeforeValidator(_many)] = ()
    grading: GradingEntry | None = None
    criteria: Text = Field(default_factory=dict)
    criteria_url: Address | None = None
    quality_assurance: Annotated[tuple[QualityEntry, ...], BeforeValidator(_many)] = ()
    prerequisites: Text = Field(default_factory=dict)
    stackability: StackingEntry | None = None
    further_information: Text = Field(default_factory=dict)
    homepage: Address | None = None
    image: str | None = None
    validity: timedelta | None = None
    tags: tuple[str, ...] = ()

    @property
    def requirements(self) -> LangString:
        """What one must do to earn it: said outright, or by the assessments."""
        stated = (self.criteria, *(found.criteria for found in self.assessment), self.description)
        return next(text for text in stated if text)
