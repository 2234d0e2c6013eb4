from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.status.bits import MIN_ENTRIES
from issuer.status.shuffle import place

KEY = b"k" * 32


@given(st.binary(min_size=32, max_size=32), st.integers(2, 3_000))
def test_every_position_has_a_place_of_its_own(key, size):
    assert {place(key, size, position) for position in range(size)} == set(range(size))


def test_a_whole_list_is_given_out_without_a_clash():
    assert len({place(KEY, MIN_ENTRIES, n) for n in range(MIN_ENTRIES)}) == MIN_ENTRIES


def test_i3_places_do_not_follow_the_order_of_issuing():
    """Spearman's rank correlation of position and place, over one full list."""
    n = MIN_ENTRIES
    distance = sum((position - place(KEY, n, position)) ** 2 for position in range(n))
    assert abs(1 - 6 * distance / (n * (n * n - 1))) < 0.02


def test_neighbours_are_strangers():
    places = [place(KEY, MIN_ENTRIES, n) for n in range(1_000)]
    near = sum(abs(a - b) < 64 for a, b in pairwise(places))
    assert near < 10


def test_another_key_is_another_order():
    assert [place(KEY, 1_000, n) for n in range(20)] != [
        place(b"l" * 32, 1_000, n) for n in range(20)
    ]


@pytest.mark.parametrize("position", [-1, 1_000])
def test_there_is_no_place_outside_the_list(position):
    with pytest.raises(ValueError, match="of 1000"):
        place(KEY, 1_000, position)
