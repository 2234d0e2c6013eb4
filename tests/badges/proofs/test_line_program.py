"""Lines written in order are the lines that sorting gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.proofs import rdfc
from badges.proofs.line_compiler import compile_lines
from badges.proofs.line_program import MOST_HASHES, Gap

LITERAL, IRI = (b'"', b'"'), (b"<urn:", b">")
SUBJECTS = (b"<urn:a>", b"<urn:b%>", b"_:x", b"_:y", b"_:z", Gap(0, *IRI), Gap(1, *IRI))
OBJECTS = (
    *(b'"n"', b'"n%s"', b"_:x", b"_:y", b"_:z"),
    *(Gap(2, *LITERAL), Gap(3, *LITERAL), Gap(3, b'"', b'"@en'), Gap(0, *IRI), Gap(1, *IRI)),
)
NODES = (b"_:x", b"_:y")
QUADS = st.sets(
    st.tuples(
        st.sampled_from(SUBJECTS),
        st.sampled_from((b"<urn:p>", b"<urn:pp>")),
        st.sampled_from(OBJECTS),
        st.sampled_from((b"", b"", b"<urn:g>", b"_:y")),
    ),
    min_size=1,
    max_size=14,
)
TEXTS = st.tuples(*[st.sampled_from((b"", b"a", b"b%", b"ab", b"a!", "é".encode(), b"zz"))] * 4)


def filled(quads, texts):
    def written(term):
        return (
            term.before + texts[term.place] + term.after if isinstance(term, Gap) else term
        ).decode()

    return {tuple(map(written, quad)) for quad in quads}


@settings(max_examples=200, deadline=None)
@given(quads=QUADS, texts=TEXTS, remember=st.booleans())
def test_gives_the_canonical_lines_or_leaves_them_to_the_full_algorithm(quads, texts, remember):
    program = compile_lines(quads, 4, remember=remember)
    expected = "".join(rdfc.canonical_lines(tuple(filled(quads, texts)))).encode()
    for _ in range(2):
        assert program.run(texts) in (None, expected)


def test_lines_that_only_texts_decide_are_sorted_by_them():
    quads = {(b"<urn:s>", b"<urn:p>", Gap(place, b'"', b'"'), b"") for place in range(3)}
    program = compile_lines(quads, 3, remember=False)
    for texts in ((b"b", b"a", b"c"), (b"a!", b"a", b"a#"), (b"", b"x", b"%s")):
        rows = sorted(b'<urn:s> <urn:p> "%b" .\n' % text for text in texts)
        assert program.run(texts) == b"".join(rows)


@pytest.mark.parametrize("texts", [(b"a", b"a"), (b"", b"")])
def test_equal_lines_are_left_to_the_full_algorithm(texts):
    quads = {(b"<urn:s>", b"<urn:p>", Gap(place, b'"', b'"'), b"") for place in range(2)}
    assert compile_lines(quads, 2, remember=False).run(texts) is None


def test_nameless_objects_that_look_alike_are_left_to_the_full_algorithm():
    quads = {(node, b"<urn:p>", Gap(0, b'"', b'"'), b"") for node in (b"_:x", b"_:y")}
    assert compile_lines(quads, 1, remember=True).run((b"a",)) is None


@pytest.mark.parametrize("remember", [True, False])
def test_hashes_of_many_texts_are_forgotten_and_still_right(remember):
    quads = {(node, b"<urn:p>", Gap(place, b'"', b'"'), b"") for place, node in enumerate(NODES)}
    program = compile_lines(quads, 2, remember=remember)
    for number in [*range(MOST_HASHES * 2), *range(8)]:
        texts = (b"%d" % (number % 8), b"t%d" % number)
        expected = "".join(rdfc.canonical_lines(tuple(filled(quads, texts)))).encode()
        assert program.run(texts) == expected
    often, seldom = (node.remembered for node in program.nodes)
    assert len(often) == 8
    assert seldom is None if not remember else len(seldom) <= MOST_HASHES


def test_labels_in_alike_lines_stand_in_order_of_whole_lines():
    nodes = [b"_:n%02d" % number for number in range(24)]
    quads = {(b"<urn:s>", b"<urn:p>", node, b"") for node in nodes}
    quads |= {(node, b"<urn:q>", b'"%b"' % node, b"") for node in nodes}
    expected = "".join(rdfc.canonical_lines(tuple(filled(quads, ())))).encode()
    assert compile_lines(quads, 0, remember=False).run(()) == expected
