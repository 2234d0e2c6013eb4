from datetime import date

import pytest

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.person import natural_key, same_person

DAY = date(2026, 6, 12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Learner(email="Ann@x.example"), Learner(full_name="Ann", email=" ann@X.example ")),
        (Learner(identifiers={"sourcedId": "S1"}), Learner("A", identifiers={"sourcedId": "s1"})),
        (Learner(full_name="Ｚｏë  Berg"), Learner(full_name="zoë berg")),
    ],
)
def test_the_same_person_is_known_again(one, other):
    assert same_person(one) == same_person(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Learner(email="ann@x.example"), Learner(email="anna@x.example")),
        (Learner(full_name="Ann"), Learner(full_name="Ann", birth_date=date(2000, 1, 1))),
        (Learner(did="did:key:z6MkA"), Learner(did="did:key:z6Mka")),
        (Learner(full_name="email:a@x.example"), Learner(email="a@x.example")),
    ],
)
def test_two_people_stay_two(one, other):
    assert same_person(one) != same_person(other)


def test_date_achievement_occasion_and_service_make_another_award():
    decision = Decision(Learner(email="ann@x.example"), DAY)
    keys = {
        natural_key(b"s", "water", decision),
        natural_key(b"t", "water", decision),
        natural_key(b"s", "fire", decision),
        natural_key(b"s", "water", Decision(decision.learner, date(2026, 6, 13))),
        natural_key(b"s", "water", Decision(decision.learner, DAY, occasion=1)),
    }
    assert len(keys) == 5


def test_the_key_tells_nothing_of_the_person():
    assert b"ann" not in natural_key(b"s", "water", Decision(Learner(email="ann@x.example"), DAY))
