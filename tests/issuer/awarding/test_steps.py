from typing import NamedTuple

import pytest

from badges.errors import BadgeError
from issuer.awarding.steps import each


class Found(NamedTuple):
    id: int


FOUND = [Found(1), Found(2), Found(3)]


def test_what_is_made_of_each_comes_by_number():
    refused = {}
    assert each(FOUND, lambda one: one.id * 10, (BadgeError,), refused) == {1: 10, 2: 20, 3: 30}
    assert refused == {}


def test_what_raises_a_reason_is_refused_and_the_others_are_made():
    why, refused = BadgeError("not this one"), {}

    def make(one):
        if one.id == 2:
            raise why
        return one.id

    assert each(FOUND, make, (BadgeError,), refused) == {1: 1, 3: 3}
    assert refused == {2: why}


def test_any_other_error_stops_the_step():
    with pytest.raises(ZeroDivisionError):
        each(FOUND, lambda one: one.id // 0, (BadgeError,), {})
