import json

import pytest

from badges.errors import MalformedValue
from badges.proofs import jcs


def test_the_official_document_gets_its_official_form(shared):
    folder = shared / "vectors/eddsa-jcs-2022"
    document = json.loads((folder / "unsigned.json").read_text())
    assert jcs.canonicalize(document) == (folder / "canonDocJCS.txt").read_bytes()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
        ([1.0, 1e30, 1e-7, 0.1, 5e-324], "[1,1e+30,1e-7,0.1,5e-324]"),
        ("\x07\x08\n€", '"\\u0007\\b\\n€"'),
        ([None, True, False], "[null,true,false]"),
    ],
)
def test_members_numbers_and_texts_are_written_as_rfc_8785_says(value, text):
    assert jcs.canonicalize(value).decode() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800", {1: 2}, {1}])
def test_refuses_what_has_no_canonical_form(value):
    with pytest.raises(MalformedValue, match="canonical JSON"):
        jcs.canonicalize([value])
