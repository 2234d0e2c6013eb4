import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedValue, RangeError, StatusVerification
from badges.status import bits as status_bits
from badges.status.token import (
    pack_token,
    parse_reference,
    read_list_claim,
    read_token,
    write_token,
)


def test_entry_0_is_the_right_most_bit():
    assert read_token(b"\x01", 0, size=1) == 1
    assert read_token(b"\x80", 7, size=1) == 1


def test_two_bits_count_from_the_right_as_well():
    assert [read_token(b"\xc9", n, size=2) for n in range(4)] == [1, 2, 0, 3]


@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_what_is_written_is_read(size, data):
    values = data.draw(st.dictionaries(st.integers(0, 9), st.integers(0, 2**size - 1)))
    row = bytearray(10)
    for index, value in values.items():
        write_token(row, index, value, size=size)
    claim = pack_token(row, size=size)
    for index in range(10 * 8 // size):
        assert read_list_claim(claim, index) == values.get(index, 0)


@pytest.mark.parametrize("size", [0, 3, 16])
def test_refuses_other_sizes(size):
    with pytest.raises(MalformedValue):
        read_token(b"\0\0", 0, size=size)


@pytest.mark.parametrize("index", [-1, 8])
def test_v16_an_index_outside_is_a_range_error(index):
    with pytest.raises(RangeError):
        read_token(b"\0", index, size=1)


def test_v10_refuses_a_bomb():
    packed = base64.urlsafe_b64encode(zlib.compress(bytes(status_bits.MAX_BYTES + 1)))
    with pytest.raises(StatusVerification, match="expands past"):
        read_list_claim({"bits": 1, "lst": packed.rstrip(b"=").decode()}, 0)


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {},
        [],
        {"bits": 1},
        {"bits": True, "lst": ""},
        {"bits": 3, "lst": "x"},
        {"bits": 1, "lst": 5},
    ],
)
def test_v16_refuses_what_is_not_a_status_list(claim):
    with pytest.raises(StatusVerification):
        read_list_claim(claim, 0)


def test_reads_a_reference():
    entry = parse_reference({"status_list": {"idx": 5, "uri": "https://uni.example/t/1"}})
    assert (entry.index, entry.uri) == (5, "https://uni.example/t/1")


@pytest.mark.parametrize(
    "status",
    [
        None,
        {},
        {"status_list": None},
        {"status_list": {"idx": "5", "uri": "https://x"}},
        {"status_list": {"idx": -5, "uri": "https://x"}},
        {"status_list": {"idx": True, "uri": "https://x"}},
        {"status_list": {"idx": 5}},
        {"status_list": {"idx": 5, "uri": ""}},
    ],
)
def test_v16_refuses_a_broken_reference(status):
    with pytest.raises(MalformedValue):
        parse_reference(status)
