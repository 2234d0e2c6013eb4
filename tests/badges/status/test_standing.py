import pytest

from badges.errors import StatusListTooShort
from badges.status import bits as status_bits
from badges.status.bits import MIN_ENTRIES
from badges.status.entry import parse_entry
from badges.status.standing import (
    SIZE,
    Standing,
    index_of,
    make_standing_entry,
    pack_standings,
    revoked_in,
)

REVOKED, SUSPENDED = index_of(0, MIN_ENTRIES), index_of(MIN_ENTRIES - 1, MIN_ENTRIES)
FINE = index_of(7, MIN_ENTRIES)


@pytest.fixture(scope="module")
def packed():
    return pack_standings(
        MIN_ENTRIES, [(REVOKED, Standing.REVOKED), (SUSPENDED, Standing.SUSPENDED)]
    )


@pytest.mark.parametrize(("index", "value"), [(REVOKED, 1), (SUSPENDED, 2), (FINE, 0)])
def test_two_bits_tell_how_a_credential_stands(packed, index, value):
    assert status_bits.read(packed, index, size=SIZE) == value


@pytest.mark.parametrize(("index", "is_set"), [(REVOKED, 1), (SUSPENDED, 1), (FINE, 0)])
def test_a_reader_that_overlooks_the_size_fails_closed(packed, index, is_set):
    assert status_bits.read(packed, index) == is_set


def test_every_place_has_bits_of_its_own():
    for place in (0, 1, MIN_ENTRIES // 2, MIN_ENTRIES - 1):
        bits = pack_standings(MIN_ENTRIES, [(index_of(place, MIN_ENTRIES), Standing.REVOKED)])
        others = (p for p in (0, 1, MIN_ENTRIES // 2, MIN_ENTRIES - 1) if p != place)
        for other in others:
            index = index_of(other, MIN_ENTRIES)
            assert status_bits.read(bits, index, size=SIZE) == 0
            assert status_bits.read(bits, index) == 0


def test_what_was_revoked_is_found_again(packed):
    assert list(revoked_in(bytes(packed))) == [REVOKED]
    assert list(revoked_in(b"")) == []


def test_the_entry_explains_every_value():
    entry = parse_entry(make_standing_entry("https://x.example/status/1", REVOKED))
    assert (entry.size, entry.purpose) == (SIZE, "suspension")
    assert [entry.messages[value] for value in Standing] == ["in force", "revoked", "suspended"]


def test_a_short_list_is_refused():
    with pytest.raises(StatusListTooShort):
        pack_standings(1_000, [])
