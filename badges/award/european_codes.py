"""The words of the award model and the European codes they stand for, both ways.

Spec: controlled vocabularies of the European Learning Model 3.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from badges.award.codes import (
    AssessmentType,
    LearningSetting,
    Mode,
    OpportunityType,
    QualityAssuranceType,
    Supervision,
)
from contexts.codes import Code, code_list

__all__ = ["KEYS", "Word", "code_of", "word_of"]

Word = TypeVar("Word", bound=StrEnum)

KEYS: Mapping[StrEnum, tuple[str, str]] = MappingProxyType(
    {
        AssessmentType.ARTEFACT: ("assessment", "de4d165a6c"),
        AssessmentType.ATTENDANCE: ("assessment", "7331eb4762"),
        AssessmentType.CONTINUOUS: ("assessment", "3484bd7e51"),
        AssessmentType.GROUP_PERFORMANCE: ("assessment", "56539a6507"),
        AssessmentType.MARKED_ASSIGNMENT: ("assessment", "2939dae15f"),
        AssessmentType.ORAL: ("assessment", "d30284d7df"),
        AssessmentType.PEER_ASSESSMENT: ("assessment", "19a2e5e671"),
        AssessmentType.PEER_REVIEW: ("assessment", "812e3b0ae1"),
        AssessmentType.PORTFOLIO: ("assessment", "4f03b91c0e"),
        AssessmentType.PRACTICAL: ("assessment", "6a4db9f11d"),
        AssessmentType.PROBLEM_BASED: ("assessment", "c4256a2726"),
        AssessmentType.PROJECT: ("assessment", "795dac4096"),
        AssessmentType.QUIZ: ("assessment", "b1b68f6735"),
        AssessmentType.WRITTEN: ("assessment", "6e6cb2cc78"),
        LearningSetting.FORMAL: ("learning-setting", "6fd4685715"),
        LearningSetting.NON_FORMAL: ("learning-setting", "e207a81fc7"),
        Mode.BLENDED: ("mode", "e92d221e4d"),
        Mode.LAB: ("mode", "ed4c557045"),
        Mode.ONLINE: ("mode", "920fbb3cbe"),
        Mode.PRESENTIAL: ("mode", "9191af2ed9"),
        Mode.PROJECT: ("mode", "7813801c77"),
        Mode.WORK: ("mode", "729f3bed4b"),
        OpportunityType.APPRENTICESHIP: ("learning-opportunity", "63f9f6180c"),
        OpportunityType.CLASS: ("learning-opportunity", "7e1ac538db"),
        OpportunityType.COURSE: ("learning-opportunity", "05053c1cbe"),
        OpportunityType.INTERNSHIP: ("learning-opportunity", "77b99de990"),
        OpportunityType.MENTORING: ("learning-opportunity", "11252a5207"),
        OpportunityType.MODULE: ("learning-opportunity", "0f7dac46ca"),
        OpportunityType.MOOC: ("learning-opportunity", "17744a2647"),
        OpportunityType.PROGRAMME: ("learning-opportunity", "79343569f3"),
        OpportunityType.SERVICE_LEARNING: ("learning-opportunity", "8b965da2d4"),
        OpportunityType.SHORT_PROGRAMME: ("learning-opportunity", "74a4a268e8"),
        OpportunityType.STUDY_VISIT: ("learning-opportunity", "65a4cf5de2"),
        OpportunityType.THESIS: ("learning-opportunity", "b2434ca358"),
        QualityAssuranceType.INSTITUTION: ("accreditation", "bb4618238e"),
        QualityAssuranceType.INSTITUTION_LICENCE: ("accreditation", "003293d2ce"),
        QualityAssuranceType.PROGRAMME: ("accreditation", "820101cba6"),
        QualityAssuranceType.PROGRAMME_LICENCE: ("accreditation", "e57dddfcf3"),
        Supervision.ID_VERIFIED: ("supervision", "44314532f9"),
        Supervision.SUPERVISED_ID_VERIFIED: ("supervision", "70be69aaf9"),
        Supervision.UNSUPERVISED: ("supervision", "c598449d64"),
    }
)
"""Word → list and key. `Supervision.SUPERVISED` has no code whose meaning we have seen."""


def code_of(word: StrEnum) -> Code | None:
    """Return the European code of a word, if it has one."""
    if word not in KEYS:
        return None
    name, key = KEYS[word]
    return code_list(name).codes[key]


def word_of(iri: str, words: type[Word]) -> Word | None:
    """Return our word for a European code, if we have one."""
    found = (word for word in words if (code := code_of(word)) and code.iri == iri)
    return next(found, None)
