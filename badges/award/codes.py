"""Closed lists that an achievement chooses from.

Spec: the controlled vocabularies of the European Learning Model v3 (learning-assessment,
      assessment, learning-setting, learning-opportunity, supervision-verification, accreditation);
      the words are ours and stable; `european_codes` maps them to IRIs.
"""

from enum import StrEnum

__all__ = [
    "AssessmentType",
    "LearningSetting",
    "Mode",
    "OpportunityType",
    "QualityAssuranceType",
    "Stackability",
    "Supervision",
]


class AssessmentType(StrEnum):
    """How the learning was assessed (ELM vocabulary *assessment*)."""

    ARTEFACT = "artefact-assessment"
    ATTENDANCE = "level-of-attendance"
    CONTINUOUS = "continuous-evaluation"
    GROUP_PERFORMANCE = "group-performance"
    MARKED_ASSIGNMENT = "marked-assignment"
    ORAL = "oral-examination"
    PEER_ASSESSMENT = "peer-assessment"
    PEER_REVIEW = "peer-review"
    PORTFOLIO = "portfolio"
    PRACTICAL = "practical-assessment"
    PROBLEM_BASED = "problem-based-learning"
    PROJECT = "project-work"
    QUIZ = "quiz"
    WRITTEN = "written-examination"


class Mode(StrEnum):
    """Form of participation (ELM vocabulary *learning-assessment*, which lists modes)."""

    BLENDED = "blended"
    LAB = "research-lab-based"
    ONLINE = "online"
    PRESENTIAL = "presential"
    PROJECT = "project-based"
    WORK = "work-based"


class LearningSetting(StrEnum):
    """Where learning sits (ELM vocabulary *learning-setting*)."""

    FORMAL = "formal"
    NON_FORMAL = "non-formal"


class OpportunityType(StrEnum):
    """What kind of offer the learner took part in (ELM vocabulary *learning-opportunity*)."""

    APPRENTICESHIP = "apprenticeship"
    CLASS = "class"
    COURSE = "course"
    INTERNSHIP = "internship"
    MENTORING = "mentoring"
    MODULE = "programme-module"
    MOOC = "mooc"
    PROGRAMME = "educational-programme"
    SERVICE_LEARNING = "service-learning"
    SHORT_PROGRAMME = "short-learning-programme"
    STUDY_VISIT = "study-visit"
    THESIS = "thesis"


class Supervision(StrEnum):
    """Who watched the assessment, and whether identity was checked (supervision-verification)."""

    ID_VERIFIED = "unsupervised-with-id-verification"
    SUPERVISED = "supervised-without-id-verification"
    SUPERVISED_ID_VERIFIED = "supervised-with-id-verification"
    UNSUPERVISED = "unsupervised-without-id-verification"


class QualityAssuranceType(StrEnum):
    """What was assured or licensed (ELM vocabulary *accreditation*)."""

    INSTITUTION = "institutional-quality-assurance"
    INSTITUTION_LICENCE = "institutional-licence"
    PROGRAMME = "programme-quality-assurance"
    PROGRAMME_LICENCE = "programme-licence"


class Stackability(StrEnum):
    """How the micro-credential adds up to something larger."""

    INTEGRATED = "integrated-in-a-programme"
    STACKABLE = "stackable"
    STANDALONE = "stand-alone"
