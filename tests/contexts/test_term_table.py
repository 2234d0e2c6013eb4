"""The context of European Digital Credentials is what our table of its words says."""

import json
from importlib.resources import files

import pytest

from contexts import loader
from contexts.term_table import context_of, table

URL = "http://data.europa.eu/snb/model/context/edc-ap"
HEAD = "# a table\n"


def test_the_pinned_context_is_made_of_the_table():
    (vintage,) = loader.vintages(URL)
    pinned = files("contexts").joinpath("data", vintage.file).read_text(encoding="utf-8")
    assert context_of(table("edc-ap")) == pinned


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ("prefix\telm\thttp://e.example/", {"elm": "http://e.example/"}),
        ("term\ttitle\tdc:title\ttext", {"title": {"@id": "dc:title", "@container": "@language"}}),
        ("term\tpart\telm:part\tobject", {"part": {"@id": "elm:part", "@type": "@id"}}),
        ("term\tcount\telm:n\txsd:int", {"count": {"@id": "elm:n", "@type": "xsd:int"}}),
        ("term\tsaid\telm:said\tany", {"said": {"@id": "elm:said"}}),
    ],
)
def test_each_kind_of_line(line, member):
    assert json.loads(context_of(HEAD + line)) == {"@context": member}


@pytest.mark.parametrize(
    "wrong",
    [
        "term\ttitle\tdc:title",
        "class\tNote\telm:Note\tobject",
        "word\tx\ty",
        "term\tx\ty\tany\tmore",
        "prefix\ta\tb\nprefix\ta\tc",
    ],
)
def test_a_line_of_another_shape_is_refused(wrong):
    with pytest.raises(ValueError, match="table"):
        context_of(HEAD + wrong)
