"""DID URLs: taken apart without loss, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from did.errors import InvalidDidUrl
from did.url import is_did, parse


def test_the_parts_are_named():
    url = parse("did:web:uni.example%3A8443:o:physics/path/a?service=files&x=1#key-1")
    assert url.did == "did:web:uni.example%3A8443:o:physics"
    assert (url.method, url.identifier) == ("web", "uni.example%3A8443:o:physics")
    assert (url.path, url.query, url.fragment) == ("/path/a", "service=files&x=1", "key-1")
    assert not url.is_bare


@given(
    st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True),
    st.from_regex(
        r"(?:[A-Za-z0-9._-]|%[0-9A-F]{2}){1,20}(?::[A-Za-z0-9._-]{1,9}){0,3}", fullmatch=True
    ),
    st.none() | st.from_regex(r"[A-Za-z0-9._~-]{0,20}", fullmatch=True),
)
def test_a_url_is_its_parts_put_together(method, identifier, fragment):
    text = f"did:{method}:{identifier}" + ("" if fragment is None else f"#{fragment}")
    url = parse(text)
    assert (url.method, url.identifier, url.fragment) == (method, identifier, fragment)
    assert url.is_bare is (fragment is None) is is_did(text)


@given(st.text(max_size=60))
def test_any_text_is_a_did_url_or_refused(text):
    with pytest.raises(InvalidDidUrl):
        parse("did:" + text.replace(":", ""))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did",
        "did:",
        "did:web",
        "did:web:",
        "did:web:uni.example:",
        "did::uni.example",
        "DID:web:uni.example",
        "did:Web:uni.example",
        "did:w-b:uni.example",
        "did:web:uni example",
        "did:web:uni.example\n",
        "\ndid:web:uni.example",
        "did:web:üni.example",
        "did:web:uni.example%",
        "did:web:uni.example%3",
        "did:web:uni.example%GG",
        "did:web:uni.example#a#b",
        "did:web:uni.example#a b",
        "did:web:uni.example[",
        "did:web:user@uni.example",
        "https://uni.example#key-1",
        "did:web:" + "a" * 2048,
    ],
)
def test_what_is_not_a_did_url_is_refused(text):
    with pytest.raises(InvalidDidUrl, match="not a DID URL"):
        parse(text)
    assert not is_did(text)


@pytest.mark.parametrize(
    "value", [None, 1, [], {"id": "did:web:uni.example"}, b"did:web:uni.example"]
)
def test_what_is_not_text_is_not_a_did(value):
    assert not is_did(value)


def test_hostile_text_is_refused_without_delay():
    for text in (
        "did:a:" + "a:" * 1_000,
        "did:a:" + "%41" * 600 + "%",
        "did:a:b" + "/" * 2_000 + " ",
    ):
        with pytest.raises(InvalidDidUrl):
            parse(text)
