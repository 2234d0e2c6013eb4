"""The examination of an achievement: it never raises for what people wrote."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.award import Element, Organisation
from issuer.catalogue.examining import examine

BODY = Organisation(legal_name="Universitetet i Halvik", country="NO")
URI = "https://badges.example/o/halvik/achievements/water"
BASE = {
    "id": "water",
    "awarding_body": "halvik",
    "type": "Badge",
    "title": {"en": "Water"},
    "description": {"en": "About water."},
}


def look(**changes):
    return examine(BASE | changes, BODY, URI)


def test_learner_date_country_body_and_title_are_five_of_eleven():
    found = look()
    assert (found.count, found.problems, found.lacking) == (5, (), ())
    assert not found.is_micro_credential


def test_an_empty_draft_is_read_as_far_as_it_goes():
    found = examine({}, BODY, URI)
    assert Element.TITLE in found.missing
    assert {remark.field for remark in found.lacking} == {"title", "description"}
    assert (found.entry, found.digest) == (None, "")
    assert found.achievement is not None


def test_a_wrong_value_is_one_problem_and_the_rest_is_still_counted():
    found = look(ects="many", eqf_level=6, participation="online")
    assert [remark.field for remark in found.problems] == ["ects"]
    assert Element.WORKLOAD in found.missing
    assert Element.LEVEL not in found.missing


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"isced_f": "0732", "nqf": [{"name": "NQF"}]}, "nqf.0.level"),
        ({"homepage": "ftp://x"}, "homepage"),
        ({"learning_outcomes": [{"title": {}}]}, "learning_outcomes.0.title"),
        ({"titel": "x"}, "titel"),
    ],
)
def test_each_problem_names_its_field(changes, field):
    assert field in {remark.field for remark in look(**changes).problems}


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.text(max_size=4),
    st.just([{}]),
    st.just([[]]),
    st.just({"en": 1}),
    st.just({"": "x"}),
    st.just({"en": {"en": "x"}}),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*BASE, "ects", "assessment", "validity", "image"]), ODD))
def test_nothing_that_is_written_breaks_it(content):
    found = examine(content, BODY, URI)
    assert 2 <= found.count <= 11
