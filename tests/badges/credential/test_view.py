import pytest

from badges.credential.view import (
    V1,
    V2,
    issuer_id,
    many,
    may_hold_unsafe,
    types,
    unsafe_character,
    valid_until,
    version,
)


@pytest.mark.parametrize(
    ("contexts", "expected"),
    [([V2], 2), (V2, 2), ([V1, V2], 1), ([{}, V2], None), ([], None), (None, None), (5, None)],
)
def test_the_first_context_says_which_data_model(contexts, expected):
    assert version({"@context": contexts}) == expected


def test_the_end_has_another_name_in_the_old_model():
    assert valid_until({"@context": V1, "expirationDate": "x", "validUntil": "y"}) == "x"
    assert valid_until({"@context": V2, "expirationDate": "x", "validUntil": "y"}) == "y"


@pytest.mark.parametrize("issuer", [None, 5, {"id": 5}, {}, ["did:web:a"]])
def test_an_issuer_that_is_no_identifier_is_none(issuer):
    assert issuer_id({"issuer": issuer}) is None


def test_types_of_odd_things_are_none():
    assert types("x") == types({"type": 5}) == types({}) == frozenset()
    assert types({"type": ["A", 5]}) == {"A"}


def test_one_several_and_none_are_lists():
    assert (many(None), many("a"), many(["a"])) == ([], ["a"], ["a"])


def test_line_ends_and_tabs_are_safe_and_bells_are_not():
    assert unsafe_character("a\tb\r\nc") is None
    assert unsafe_character("a\x07") == "U+0007"


def test_names_every_unsafe_character_of_the_plane_and_no_other():
    import unicodedata

    for point in [
        *range(0x3000),
        *range(0xD700, 0xE001),
        *range(0xFD00, 0x10002),
        0x10FFFE,
        0x10FFFF,
    ]:
        category = unicodedata.category(chr(point))
        unsafe = (category in {"Cc", "Cs"} and chr(point) not in "\t\n\r") or (
            point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
        )
        assert unsafe_character(f"a{chr(point)}") == (f"U+{point:04X}" if unsafe else None)


@pytest.mark.parametrize("point", [*range(0x30), 0x5C, 0x7F, 0x85, 0xE9, 0xFDD0, 0xFFFE, 0x1F393])
def test_one_look_at_a_document_overlooks_no_unsafe_text(point):
    for text in (chr(point), f"\\{chr(point)}", f'"{chr(point)}\\'):
        if unsafe_character(text):
            assert may_hold_unsafe({"a": [text]})
            assert may_hold_unsafe({text: 1})


@pytest.mark.parametrize("text", ["", "plain", "line\nfeed\ttab\r", 'quote " and \\', "é 🎓"])
def test_one_look_finds_nothing_in_plain_texts(text):
    assert not may_hold_unsafe({"a": [text]})


def test_what_cannot_be_written_may_hold_anything():
    assert may_hold_unsafe({"a": "\ud800"})
    assert may_hold_unsafe({"a": object()})
