from badges.award.elements import MANDATORY, Element
from badges.ob3.elements import elements_said, is_called_micro_credential

WHOLE = {
    "name": "Water",
    "learner": {"name": "Zoë"},
    "issuer": {"name": "Universitetet i Halvik", "country": "NO"},
    "awarded": "2026-06-12T00:00:00Z",
    "skills": [{"name": "statistics"}],
    "ects": 2,
    "eqf_level": {"name": "EQF level 6"},
    "assessments": [{"name": "Portfolio"}],
    "participation": {"name": "Blended"},
    "quality_assurance": [{"name": "Agency"}],
    "achievement": {"type": "MicroCredential"},
}


def test_a_whole_micro_credential_says_all_eleven():
    assert elements_said(WHOLE) == MANDATORY


def test_each_element_is_missed_when_it_is_not_said():
    parts = {
        "learner": Element.LEARNER,
        "name": Element.TITLE,
        "awarded": Element.DATE,
        "skills": Element.OUTCOMES,
        "ects": Element.WORKLOAD,
        "eqf_level": Element.LEVEL,
        "assessments": Element.ASSESSMENT,
        "participation": Element.PARTICIPATION,
        "quality_assurance": Element.QUALITY,
    }
    for part, element in parts.items():
        rest = {name: value for name, value in WHOLE.items() if name != part}
        assert set(MANDATORY) - {*elements_said(rest)} == {element}


def test_a_badge_that_says_nothing_is_no_micro_credential():
    assert elements_said({}) == ()
    assert not is_called_micro_credential({})
    assert not is_called_micro_credential({"achievement": {"type": "Badge"}})


def test_the_spellings_of_the_term_are_known():
    for spelling in ("MicroCredential", "Micro-credential", "ext:MicroCredential"):
        assert is_called_micro_credential({"achievement": {"type": spelling}})
