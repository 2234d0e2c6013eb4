from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from badges.award import Evidence, Learner
from issuer.awarding.decision_json import from_json, to_json
from issuer.awarding.model import Decision

texts = st.text(st.characters(codec="utf-8"), max_size=20)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
learners = st.builds(
    Learner,
    given_name=texts,
    family_name=texts.filter(bool),
    email=st.none() | texts.filter(bool),
    birth_date=st.none() | days,
    identifiers=st.dictionaries(texts, texts, max_size=2),
)
decisions = st.builds(
    Decision,
    learner=learners,
    awarded_on=days,
    grade=st.none() | texts.filter(bool),
    activity_start=st.none() | days,
    evidence=st.lists(st.builds(Evidence, name=texts, url=st.none() | texts), max_size=2).map(
        tuple
    ),
    narrative=texts,
    occasion=st.integers(0, 5),
)


@given(decisions)
def test_a_decision_comes_back_as_it_was(decision):
    assert from_json(to_json(decision)) == decision


def test_what_is_empty_takes_no_room():
    decision = Decision(Learner(full_name="Ann"), date(2026, 6, 12))
    assert to_json(decision) == (
        '{"learner":{"full_name":"Ann"},"awarded_on":"2026-06-12","language":"en"}'
    )
