import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.baking import bake, is_picture, unbake
from badges.errors import NotBaked

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>A &gt; B</title></svg>'
NS = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
JSON = '{"name": "Zoë ]]> <b>&amp;"}'
TOKEN = "eyJh.eyJi.c2ln"


def svg(inside, root=f'xmlns="http://www.w3.org/2000/svg" {NS}'):
    return f"<svg {root}>{inside}</svg>".encode()


@pytest.mark.parametrize("credential", [JSON, TOKEN])
def test_what_is_baked_comes_out(credential):
    baked = bake(SVG, credential)
    assert is_picture(baked)
    assert unbake(baked) == credential
    assert b"<title>A &gt; B</title>" in baked


def test_the_credential_follows_the_first_tag():
    assert b'v3p0"><openbadges:credential' in bake(SVG, TOKEN)


@pytest.mark.parametrize("new", [JSON, TOKEN])
@pytest.mark.parametrize("old", [JSON, TOKEN])
def test_baking_again_replaces(old, new):
    again = bake(bake(SVG, old), new)
    assert unbake(again) == new
    assert again.count(b"<openbadges:credential") == 1
    assert again.count(b"xmlns:openbadges") == 1


@pytest.mark.parametrize(
    "picture",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?><!-- a > b --><svg xmlns="http://www.w3.org/2000/svg" a=">"></svg>',
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
        b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_every_form_of_the_first_tag_is_understood(picture):
    assert unbake(bake(picture, JSON)) == JSON


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=60))
def test_every_text_survives(text):
    assert unbake(bake(SVG, "{" + text + "}")) == "{" + text + "}"


ENTITIES = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
ONE = f'<openbadges:credential verify="{TOKEN}"/>'


@pytest.mark.parametrize(
    "picture",
    [
        SVG,
        svg(ONE + ONE),
        svg("<openbadges:credential/>"),
        svg(f'<openbadges:credential verify="{TOKEN}">{{}}</openbadges:credential>'),
        svg("<openbadges:credential><script>x</script>{}</openbadges:credential>"),
        svg("<openbadges:credential>{}"),
        svg("<a>" * 200 + "</a>" * 200 + ONE),
        svg('<x:credential xmlns:x="https://evil.example/" verify="a.b.c"/>'),
        (ENTITIES + svg("<openbadges:credential>&b;</openbadges:credential>").decode()).encode(),
        (FILE + svg("<openbadges:credential>&x;</openbadges:credential>").decode()).encode(),
        b"<html xmlns='http://www.w3.org/1999/xhtml'><svg/></html>",
        svg(ONE) + b"<x/>",
        svg(ONE)[:-3],
        b"<svg " + NS.encode() + b">" + ONE.encode() + b"</svg>",
        svg("&undefined;" + ONE),
    ],
    ids=[
        "nothing baked", "twice", "empty", "both ways", "tags inside", "not closed", "deep",
        "another vocabulary", "entity bomb", "external entity", "html", "something after",
        "cut off", "no namespace", "undefined entity",
    ],
)  # fmt: skip
def test_v13_refuses_a_drawing_that_is_not_baked_right(picture):
    with pytest.raises(NotBaked):
        unbake(picture)


@given(st.binary(max_size=100))
def test_v13_any_bytes_are_a_drawing_or_a_refusal(data):
    with pytest.raises(NotBaked):
        unbake(b'<svg xmlns="http://www.w3.org/2000/svg">' + data)
