import base64
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedValue, RangeError, StatusListTooShort, StatusVerification
from badges.status import bits


def armour(packed):
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def test_index_0_is_the_left_most_bit():
    assert bits.read(b"\x80", 0) == 1
    assert bits.read(b"\x80", 7) == 0
    assert bits.read(b"\x01", 7) == 1


@given(
    st.integers(1, 8).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.dictionaries(st.integers(0, 200), st.integers(0, 2**size - 1), max_size=30),
        )
    )
)
def test_what_is_written_is_read_and_nothing_else_changes(case):
    size, values = case
    row = bytearray(201)
    for index, value in values.items():
        if index < len(row) * 8 // size:
            bits.write(row, index, value, size=size)
    for index in range(len(row) * 8 // size):
        assert bits.read(row, index, size=size) == values.get(index, 0)


@given(st.binary(max_size=300))
def test_unpacking_undoes_packing_and_packing_is_stable(row):
    assert bits.expand(bits.pack(row)) == row
    assert bits.pack(row) == bits.pack(row)


@given(st.text(max_size=40))
def test_v16_any_text_is_a_list_or_a_refusal(text):
    try:
        bits.expand(text)
    except StatusVerification:
        return
    assert text.startswith("u")


@pytest.mark.parametrize("index", [-1, 8, 10**12])
def test_v16_an_index_outside_the_list_is_a_range_error(index):
    with pytest.raises(RangeError):
        bits.read(b"\x00", index)


@pytest.mark.parametrize("size", [0, -1, 9])
def test_refuses_entry_sizes_that_do_not_exist(size):
    with pytest.raises(MalformedValue):
        bits.read(b"\x00", 0, size=size)


def test_refuses_a_value_too_large_for_its_entry():
    with pytest.raises(RangeError):
        bits.write(bytearray(1), 0, 2)


def test_v10_refuses_a_bomb_that_expands_past_the_limit():
    bomb = armour(gzip.compress(bytes(bits.MAX_BYTES + 1)))
    with pytest.raises(StatusVerification, match="expands past"):
        bits.expand(bomb)


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(bytes(20)),
        gzip.compress(bytes(20))[:-3],
        gzip.compress(bytes(20)) + b"x",
        gzip.compress(bytes(20)) + gzip.compress(bytes(20)),
        b"",
        b"plain",
    ],
    ids=["zlib", "cut off", "trailing", "two members", "nothing", "not compressed"],
)
def test_v16_refuses_what_is_not_one_whole_gzip_stream(packed):
    with pytest.raises(StatusVerification):
        bits.expand(armour(packed))


@pytest.mark.parametrize("change", [lambda t: t[1:], lambda t: t + "=", lambda t: "z" + t[1:]])
def test_v16_refuses_other_armour(change):
    with pytest.raises(StatusVerification):
        bits.expand(change(bits.pack(bytes(20))))


def test_v16_base64_with_foreign_characters_is_not_silently_cleaned():
    text = bits.pack(bytes(20))
    with pytest.raises(StatusVerification):
        bits.expand(text[:5] + "!" + text[5:])


def test_a_list_hides_an_index_in_a_crowd():
    assert len(bits.new()) == 131_072 // 8
    with pytest.raises(StatusListTooShort):
        bits.new(131_071)


def test_the_published_peer_lists_expand(shared):
    import json

    peers = json.loads(
        (shared / "vectors/bitstring-status-list/peer-generated-bitstrings.json").read_text()
    )
    lists = [v for v in _texts(peers) if v.startswith("u") and len(v) > 40]
    assert lists
    for encoded in lists:
        assert len(bits.expand(encoded)) * 8 >= bits.MIN_ENTRIES


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
