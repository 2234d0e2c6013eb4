"""What a credential for EU wallets says, read with care."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.ob3.meaning import read_claims

CLAIMS = {
    "jti": "urn:uuid:1",
    "name": "Zoë van den Berg",
    "awarded": "2026-06-12T00:00:00Z",
    "grade": "A",
    "achievement": {
        "name": "Energy-positive neighbourhoods",
        "description": "A challenge set by a city.",
        "ects": 4,
        "eqf_level": 6,
        "skills": [{"id": "http://data.europa.eu/esco/skill/1", "name": "work in teams"}, "x"],
    },
}


def test_the_name_of_the_badge_is_the_achievements_and_not_the_learners():
    said = read_claims(CLAIMS)
    assert said["name"] == "Energy-positive neighbourhoods"
    assert said["learner"] == {"name": "Zoë van den Berg"}
    assert said["eqf_level"] == {"name": "EQF level 6"}
    assert [skill["name"] for skill in said["skills"]] == ["work in teams"]


def test_what_the_holder_keeps_back_is_left_out():
    kept_back = {name: value for name, value in CLAIMS.items() if name not in {"name", "grade"}}
    assert not {"learner", "results"} & read_claims(kept_back).keys()


@pytest.mark.parametrize("achievement", [None, 7, "x", [], {"skills": 7, "ects": "many"}])
def test_other_claims_of_strangers_say_nothing(achievement):
    assert read_claims({"achievement": achievement}) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is slow
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(CLAIMS, JSON)))
def test_any_claims_can_be_read(claims):
    assert isinstance(read_claims(claims), dict)
