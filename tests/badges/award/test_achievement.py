import pytest

from badges.award import Achievement, LearningOutcome, Organisation, Skill
from badges.errors import MalformedValue

UNIVERSITY = Organisation(legal_name="Universität Linz", country="AT")


def make(**change):
    return Achievement(
        **{
            "id": "urn:x:1",
            "version": "1",
            "title": {"en": "Water"},
            "description": {"en": "About water"},
            "creator": UNIVERSITY,
            **change,
        }
    )


@pytest.mark.parametrize(
    "change",
    [
        {"eqf_level": 0},
        {"eqf_level": 9},
        {"ects": 0},
        {"ects": float("nan")},
        {"ects": float("inf")},
        {"workload_hours": -1},
        {"title": "Water"},
        {"title": {"english": " "}},
        {"title": {"en": " "}},
        {"languages": ("english language",)},
    ],
)
def test_refuses_values_that_mean_nothing(change):
    with pytest.raises(MalformedValue):
        make(**change)


def test_the_creator_awards_unless_others_are_named():
    assert make().bodies == (UNIVERSITY,)
    other = Organisation(legal_name="Other", country="FI")
    assert make(awarding_bodies=(other,)).bodies == (other,)


def test_each_skill_is_listed_once_in_order():
    first, second = (Skill(f"urn:esco:{n}", {"en": f"skill {n}"}) for n in "ab")
    outcomes = (
        LearningOutcome({"en": "one"}, (second, first)),
        LearningOutcome({"en": "two"}, (first,)),
    )
    assert make(learning_outcomes=outcomes).skills == (second, first)
