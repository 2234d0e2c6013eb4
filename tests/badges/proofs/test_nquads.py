import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedValue
from badges.proofs import nquads

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CONTROLS = [*range(0x20), 0x7F]


@pytest.mark.parametrize("code", CONTROLS)
def test_every_control_character_is_escaped_as_rdfc_1_0_says(code):
    short = {8: r"\b", 9: r"\t", 10: r"\n", 12: r"\f", 13: r"\r"}
    expected = short.get(code, f"\\u{code:04X}")
    assert nquads.literal(f"a{chr(code)}b") == f'"a{expected}b"'


def test_quote_and_backslash_are_escaped_and_nothing_else():
    text = "\"\\ é € 🎓 \x80 \u2028 '"
    assert nquads.literal(text) == '"\\"\\\\ é € 🎓 \x80 \u2028 \'"'


@given(TEXT.filter(lambda text: not any(ord(c) & 0xFFFE == 0xFFFE for c in text)))
def test_a_second_implementation_writes_texts_alike(text):
    theirs = pyoxigraph.Quad(
        pyoxigraph.NamedNode("urn:s"), pyoxigraph.NamedNode("urn:p"), pyoxigraph.Literal(text)
    )
    dataset = pyoxigraph.Dataset([theirs])
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    ours = nquads.line(("<urn:s>", "<urn:p>", nquads.literal(text), ""))
    written = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode()
    assert ours == written


@given(TEXT, st.sampled_from(["", "@en", "@de-AT", "^^<urn:d>"]))
def test_what_is_written_is_read_back(text, kind):
    language = kind[1:] if kind.startswith("@") else None
    datatype = "urn:d" if kind.startswith("^") else nquads._STRING
    quad = ("_:b0", "<urn:p>", nquads.literal(text, datatype, language), "<urn:g>")
    assert nquads.parse(nquads.line(quad)) == [quad]


@pytest.mark.parametrize(
    "text",
    [
        "relative",
        "/path",
        "#fragment",
        "",
        "did web:x",
        "urn:a b",
        "urn:a>b",
        "urn:a<b",
        'urn:a"b',
        "urn:a\\b",
        "urn:a\nb",
        "urn:a\x00b",
        "urn:a{b}",
        "urn:a|b",
        "urn:a^b",
        "urn:a`b",
        "urn:a\u00a0b",
        "1urn:a",
        "urn:a> <urn:p> <urn:o> .\n<urn:evil",
    ],
)
def test_refuses_what_is_no_absolute_iri(text):
    assert not nquads.is_absolute_iri(text)
    with pytest.raises(MalformedValue, match="absolute IRI"):
        nquads.iri(text)


@pytest.mark.parametrize("odd", [None, 5, [], {}])
def test_what_is_no_text_is_no_iri(odd):
    assert not nquads.is_absolute_iri(odd)


@pytest.mark.parametrize("tag", ["", "e n", "en_GB", "en>", "123", "a" * 9, "en-", '"'])
def test_refuses_what_is_no_language_tag(tag):
    with pytest.raises(MalformedValue, match="language tag"):
        nquads.literal("text", language=tag)


@pytest.mark.parametrize(
    "row",
    [
        "<urn:s> <urn:p> .",
        "<urn:s> <urn:p> <urn:o>",
        '"s" <urn:p> <urn:o> .',
        "<urn:s> _:p <urn:o> .",
        '<urn:s> <urn:p> <urn:o> "g" .',
        "<urn:s> <urn:p> <urn:o> <urn:g> <urn:h> .",
        "<urn:s> <urn:p> <urn:o o> .",
        "garbage",
    ],
)
def test_refuses_what_is_no_quad(row):
    with pytest.raises(MalformedValue, match="not a quad"):
        nquads.parse(row)
