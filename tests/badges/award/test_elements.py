from dataclasses import replace
from datetime import UTC, datetime

import pytest

from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Award,
    Element,
    Framework,
    Learner,
    LearningOutcome,
    Mode,
    Organisation,
    QualityAssurance,
    QualityAssuranceType,
    is_micro_credential,
    missing_elements,
    missing_in_award,
)
from badges.award.elements import MANDATORY, OPTIONAL

UNIVERSITY = Organisation(legal_name="University of Twente", country="NL")
COMPLETE = Achievement(
    id="urn:uuid:00000000-0000-4000-8000-000000000001",
    version="1",
    title={"en": "Water in the city"},
    description={"en": "A challenge on urban water."},
    creator=UNIVERSITY,
    learning_outcomes=(LearningOutcome(title={"en": "Model a drainage system"}),),
    ects=3,
    eqf_level=6,
    assessments=(Assessment(AssessmentType.PROJECT),),
    participation=Mode.BLENDED,
    quality_assurance=(QualityAssurance(QualityAssuranceType.INSTITUTION, UNIVERSITY),),
)


def test_there_are_eleven_mandatory_and_five_optional_elements():
    assert (len(MANDATORY), len(OPTIONAL)) == (11, 5)


def test_a_complete_achievement_is_a_micro_credential():
    assert missing_elements(COMPLETE) == ()
    assert is_micro_credential(COMPLETE)


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"title": {}}, Element.TITLE),
        ({"creator": replace(UNIVERSITY, country="")}, Element.COUNTRY),
        ({"learning_outcomes": ()}, Element.OUTCOMES),
        ({"ects": None}, Element.WORKLOAD),
        ({"eqf_level": None}, Element.LEVEL),
        ({"assessments": ()}, Element.ASSESSMENT),
        ({"participation": None}, Element.PARTICIPATION),
        ({"quality_assurance": ()}, Element.QUALITY),
    ],
)
def test_a_missing_element_is_named(change, element):
    assert missing_elements(replace(COMPLETE, **change)) == (element,)
    assert not is_micro_credential(replace(COMPLETE, **change))


def test_hours_do_for_ects_and_a_national_level_for_eqf():
    achievement = replace(
        COMPLETE, ects=None, workload_hours=75, eqf_level=None, nqf=(Framework("NLQF", "6"),)
    )
    assert missing_elements(achievement) == ()


def test_an_award_to_nobody_by_name_lacks_the_learner():
    award = Award(
        id="urn:uuid:1",
        achievement=COMPLETE,
        learner=Learner(email="ada@example.org"),
        awarded=datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert missing_in_award(award) == (Element.LEARNER,)
