import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import strict_json
from badges.errors import MalformedCredential

SAFE = 2**53 - 1
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-SAFE, SAFE)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: str(x) != "-0.0")
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_what_is_written_is_read_back(value):
    assert strict_json.loads(strict_json.dumps(value)) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(MalformedCredential):
        assert strict_json.loads(data) == json.loads(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": 1, "\\u0061": 2}', "twice"),
        (b'{"x": {"validUntil": 1, "validUntil": 2}}', "twice"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "Infinity"),
        (b"[1e400]", "1e400"),
        (b"[-1e400]", "1e400"),
        (b"[9007199254740993]", "exactly"),
        (b"[" + b"9" * 100_000 + b"]", "readers differ"),
        (b"[0." + b"1" * 100_000 + b"]", "readers differ"),
        (b"[-0]", "readers differ"),
        (b"[-0.0]", "readers differ"),
        (b'["\\ud800"]', "half a character"),
        (b'{"\\udfff": 1}', "half a character"),
        (b'["\\ud83d x"]', "half a character"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b'"\xff"', "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        ('{"a": 1}'.encode("utf-16-le"), "not JSON"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("\ufeff{}", "byte order mark"),
        ("\ud800", "UTF-8"),
        (b"[" * 65 + b"]" * 65, "levels"),
        (b"[" * 200_000, "levels"),
        (b'{"a":' * 200_000, "levels"),
        (b"", "not JSON"),
        (b"{}{}", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b'"a\nb"', "not JSON"),
        (b"[01]", "not JSON"),
    ],
)
def test_refuses_what_readers_could_read_differently(text, why):
    with pytest.raises(MalformedCredential, match=why):
        strict_json.loads(text)


def test_refuses_more_bytes_than_it_was_told_to_read():
    with pytest.raises(MalformedCredential, match="more than 10 bytes"):
        strict_json.loads(b'"' + b"x" * 20 + b'"', max_bytes=10)


def test_reads_no_hostile_text_twice():
    """Each of these would take minutes if its length were paid for more than once."""
    names = b",".join(b'"%d":1' % number for number in range(70_000))
    for text in (
        b'"' + b'\\"' * 500_000,
        b'"' * 1_000_000,
        b"\\" * 1_000_000,
        b"{" + names + b',"69999":1}',
    ):
        with pytest.raises(MalformedCredential):
            strict_json.loads(text)


def test_brackets_in_texts_are_not_nesting():
    assert strict_json.loads(json.dumps(["[{" * 500])) == ["[{" * 500]


def test_a_full_surrogate_pair_is_one_character():
    assert strict_json.loads(b'"\\ud83c\\udf93"') == "\U0001f393"


def test_refuses_to_write_what_json_cannot_say():
    with pytest.raises(MalformedCredential, match="written as JSON"):
        strict_json.dumps({"a": {1, 2}})


@given(JSON.map(strict_json.dumps), st.integers(0, 200), st.sampled_from(b'"{}[],:0-.eE\\u '))
def test_the_short_way_reads_nothing_that_the_long_way_reads_otherwise(data, place, byte):
    edited = data[:place] + bytes([byte]) + data[place:]
    quick = strict_json._plain(edited, strict_json.MAX_DEPTH)
    if quick is not None:
        assert json.dumps(quick) == json.dumps(strict_json.loads(b" " + edited))


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":9007199254740993}',
        b'{"a":-0.0}',
        b'{"a":"\\u0061"}',
        b'{"a": 1}',
        b'{"a":1.0e5}',
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
    ],
)
def test_the_short_way_leaves_what_is_not_plain_to_the_long_way(data):
    assert strict_json._plain(data, strict_json.MAX_DEPTH) is None


def test_the_short_way_reads_what_we_write():
    value = {"a": [1, 2.5, None, True, "é"], "b": {"c": {}}}
    assert strict_json._plain(strict_json.dumps(value), strict_json.MAX_DEPTH) == value
