"""The memo must give the bytes of the full algorithm, or leave the document to it."""

import copy
import json
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.errors import BadgeError, DataLoss
from badges.proofs import canon
from badges.proofs.known_shapes import memo, pinned_vocabulary
from badges.proofs.shape import Texts, outline
from badges.proofs.shape_memo import ShapeMemo
from tests.examples import examples

NONCE = "n0123456789abcdef0123456789abcdef"

BADGE = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:9b0c7e0e-0000-4000-8000-000000000001",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Data analysis",
    "issuer": {"id": "https://uni.example/", "type": ["Profile"], "name": "Uni"},
    "validFrom": "2026-06-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "a@example.org",
                "identityType": "emailAddress",
            },
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "Ana Lima",
                "identityType": "name",
            },
        ],
        "achievement": {
            "id": "https://uni.example/a/1",
            "type": ["Achievement"],
            "name": "Data analysis",
            "description": "Clean, describe, plot.",
            "criteria": {"narrative": "An exam."},
            "creditsAvailable": 2.5,
        },
    },
}


def quads_of(document):
    return set(canon.to_quads(document))


def make_memo(dataset=quads_of, **limits):
    return ShapeMemo(
        dataset,
        lambda quads: "".join(canon.canonical_lines(tuple(quads))),
        pinned_vocabulary(),
        nonce=NONCE,
        **limits,
    )


def edited(path, value):
    document = copy.deepcopy(BADGE)
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in ("@context", "type"):
                yield from leaves(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


PATHS = sorted(leaves(BADGE), key=str)
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "@id",
            "@type",
            "_:b0",
            "name",
            "Profile",
            "schema:name",
            "did:web:a.example",
            "urn:uuid:9b0c7e0e-0000-4000-8000-000000000001",
            "https://uni.example/",
            "https://uni.example/a b",
            "Data analysis",
            "relative",
            "../up",
            "tab\tand\nline\x07\x7f",
            'quote " and \\',
            "é",
            "\U0001f393",
            "%s %d %%",
            NONCE,
        ]
    ),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
)


def result(function, document):
    try:
        return function(document)
    except BadgeError as error:
        return type(error)


MEMO = make_memo()
for _ in range(2):
    MEMO.canonicalize(BADGE)


@pytest.mark.many
@settings(
    max_examples=examples(40, 500), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(edits=st.lists(st.tuples(st.sampled_from(PATHS), HOSTILE), min_size=1, max_size=4))
def test_gives_the_bytes_of_the_full_algorithm_or_the_same_refusal(edits):
    document = copy.deepcopy(BADGE)
    for path, value in edits:
        target = document
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
    expected = result(canon.canonicalize, document)
    for _ in range(3):
        assert result(MEMO.canonicalize, document) == expected
    assert MEMO.trusted


def test_the_second_sight_of_a_shape_compiles_it():
    seen = make_memo()
    for number in range(3):
        document = edited(("id",), f"urn:uuid:9b0c7e0e-0000-4000-8000-00000000000{number}")
        assert seen.canonicalize(document) == canon.canonicalize(document)
    (shape,) = seen._shapes.values()
    assert [compiled.uses for compiled in shape.variants.values()] == [2]


def test_a_word_of_a_closed_list_is_text_like_any_other():
    word = StrEnum("Word", {"NAME": "Data analysis"}).NAME
    document = edited(("credentialSubject", "achievement", "name"), word)
    seen = make_memo()
    for _ in range(3):
        assert seen.canonicalize(document) == canon.canonicalize(document)


def test_two_nameless_objects_that_look_alike_are_left_to_the_full_algorithm():
    twin = BADGE["credentialSubject"]["identifier"][0]
    document = edited(("credentialSubject", "identifier"), [twin, dict(twin)])
    seen = make_memo()
    for _ in range(3):
        assert seen.canonicalize(document) == canon.canonicalize(document)


def test_two_documents_whose_texts_are_equal_in_other_places_have_other_shapes():
    texts = Texts(pinned_vocabulary(), NONCE)
    merged = edited(("credentialSubject", "achievement", "id"), "https://uni.example/")
    assert outline(BADGE, texts).key != outline(merged, texts).key


def test_another_scheme_is_another_shape():
    texts = Texts(pinned_vocabulary(), NONCE)
    other = edited(("issuer", "id"), "did:web:uni.example")
    assert outline(BADGE, texts).key != outline(other, texts).key


def test_a_member_name_cannot_pass_for_structure():
    texts = Texts(pinned_vocabulary(), NONCE)
    assert outline({"a": {"}": 1}}, texts).key != outline({"a": {}, "}": 1}, texts).key


def test_true_is_not_one():
    texts = Texts(pinned_vocabulary(), NONCE)
    assert outline({"a": True}, texts).key != outline({"a": 1}, texts).key


@pytest.mark.parametrize("member", ["undefinedTerm", "issuedOnTheMoon"])
def test_refuses_what_is_not_signed_every_time(member):
    seen = make_memo()
    for _ in range(3):
        with pytest.raises(DataLoss):
            seen.canonicalize({**BADGE, member: "x"})


def test_refuses_a_text_that_reaches_no_statement_even_if_the_long_way_let_it_pass():
    blind = make_memo(
        lambda document: {quad for quad in quads_of(document) if "narrative" not in quad[1]}
    )
    blind.canonicalize(BADGE)
    with pytest.raises(DataLoss, match="not signed"):
        blind.canonicalize(BADGE)


def test_one_difference_switches_the_memo_off(caplog):
    broken = make_memo(recheck_every=1)
    for _ in range(3):
        broken.canonicalize(BADGE)
    (shape,) = broken._shapes.values()
    (compiled,) = shape.variants.values()
    compiled.forms = lambda fields, forms=compiled.forms: tuple(reversed(forms(fields)))
    assert broken.canonicalize(BADGE) == canon.canonicalize(BADGE)
    assert not broken.trusted
    assert "the shape memo gave other bytes" in caplog.text
    assert broken.canonicalize(BADGE) == canon.canonicalize(BADGE)


def test_keeps_no_more_shapes_than_its_capacity():
    small = make_memo(capacity=3)
    for number in range(8):
        small.canonicalize(edited(("credentialSubject", "achievement", "creditsAvailable"), number))
    assert len(small._shapes) == 3


def test_a_shape_that_is_too_long_is_not_compiled():
    small = make_memo(most_parts=10)
    for _ in range(3):
        assert small.canonicalize(BADGE) == canon.canonicalize(BADGE)
    assert not small._shapes


def test_the_official_samples_come_out_alike(shared):
    for path in sorted((shared / "openbadges/samples").glob("*.json")):
        document = json.loads(path.read_text())
        document.pop("proof", None)
        expected = result(canon.canonicalize, document)
        assert [result(memo().canonicalize, document) for _ in range(3)] == [expected] * 3
