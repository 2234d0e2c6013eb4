import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedValue
from badges.proofs import multibase

GOOD = multibase.encode_z(bytes(range(64)))


@given(st.binary(max_size=96))
def test_base58btc_is_read_back(content):
    assert multibase.decode_z(multibase.encode_z(content)) == content


@given(st.binary(max_size=300))
def test_base64url_is_read_back(content):
    assert multibase.decode_u(multibase.encode_u(content)) == content


@pytest.mark.parametrize(
    "text",
    [
        GOOD[1:],
        "Z" + GOOD[1:],
        "u" + GOOD[1:],
        "zz" + GOOD[1:] + "0",
        " " + GOOD,
        GOOD + " ",
        GOOD + "\n",
        GOOD[:5] + " " + GOOD[5:],
        GOOD + "\x00",
        "z" + "O0Il",
        "z" + "é",
        "z" * 500_000,
        "",
        None,
        5,
        [GOOD],
    ],
)
def test_refuses_any_other_spelling_in_base58btc(text):
    with pytest.raises(MalformedValue):
        multibase.decode_z(text)


@pytest.mark.parametrize(
    "text", ["uAA==", "uAA=", "u AA", "uAB", "u+/", "zAA", "AA", "uA", "u" + "A" * 70_000, None]
)
def test_refuses_any_other_spelling_in_base64url(text):
    with pytest.raises(MalformedValue):
        multibase.decode_u(text)


@given(st.binary(max_size=130))
def test_writes_base58_as_the_library_does(content):
    assert multibase.encode_z(content) == "z" + base58.b58encode(content).decode()
    assert multibase.decode_z(multibase.encode_z(content)) == content


@given(st.text("123zZabB", max_size=40))
def test_there_is_one_spelling_for_the_bytes_of_any_text(digits):
    text = "z" + digits
    assert multibase.encode_z(multibase.decode_z(text)) == text
