"""A template gives the bytes of the full algorithm, or leaves the document to others."""

import copy
from dataclasses import replace
from enum import StrEnum

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges import strict_json
from badges.errors import BadgeError, MalformedCredential, RespelledTerm
from badges.ob3.build import build_credential
from badges.proofs import canon, known_shapes
from badges.proofs.known_shapes import new_memo
from tests.examples import examples

DID = "did:web:morgenau.example"


def badge(award, now, number, **change):
    document = build_credential(
        award,
        credential_id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        issuer_did=DID,
        valid_from=now,
    )
    document["credentialSubject"]["identifier"][0]["identityHash"] = f"Zoë {number}"
    return document | change


def made(**limits):
    return new_memo(group=known_shapes._achievement, **limits)


def templates(memo):
    return [series for found in memo._shelf._series.values() for series in found]


def template_for(memo, document):
    return memo._shelf.find(document, orjson.dumps(document))


@pytest.fixture
def badges(award, now):
    return [badge(award, now, number) for number in range(6)]


@pytest.fixture
def practised(badges):
    """A memo that has a template for these badges."""
    memo = made()
    for document in badges[:4]:
        memo.canonicalize(document)
    return memo


def result(function, document):
    try:
        return function(document)
    except BadgeError as error:
        return type(error)


def test_two_documents_of_a_compiled_shape_make_a_template(practised, badges):
    assert practised.canonicalize(badges[5]) == canon.canonicalize(badges[5])
    (series,) = templates(practised)
    assert series.uses == 2
    nodes = series.template.lines.nodes
    assert 0 < sum(not node.known for node in nodes) < len(nodes)


def test_one_more_leaf_that_differs_makes_the_template_anew(practised, badges):
    other = copy.deepcopy(badges[5])
    other["credentialSubject"]["achievement"]["description"] = "Tell a story."
    assert practised.canonicalize(other) == canon.canonicalize(other)
    (series,) = templates(practised)
    assert (series.versions, series.uses) == (2, 0)
    assert template_for(practised, other)


def test_an_achievement_with_its_own_id_has_its_own_template(practised, badges):
    for document in map(copy.deepcopy, badges):
        document["credentialSubject"]["achievement"]["id"] = "https://morgenau.example/other"
        assert practised.canonicalize(document) == canon.canonicalize(document)
    assert len(templates(practised)) == 2


@pytest.mark.parametrize(
    "text",
    [
        'quote "',
        "back\\slash",
        "line\nfeed",
        "delete\x7f",
        "@id",
        "_:b0",
        "name",
        "urn:x:y",
        "mailto:someone",
        "MicroCredential",
        "Data analysis",
    ],
)
def test_leaves_a_text_that_is_no_plain_leaf_to_the_memo(practised, badges, text):
    document = copy.deepcopy(badges[5])
    document["credentialSubject"]["identifier"][0]["identityHash"] = text
    assert template_for(practised, document) is None
    assert result(practised.canonicalize, document) == result(canon.canonicalize, document)


def test_leaves_two_equal_texts_to_the_memo(practised, badges):
    document = copy.deepcopy(badges[5])
    document["credentialSubject"]["identifier"][0]["identityHash"] = document["id"]
    assert template_for(practised, document) is None
    assert practised.canonicalize(document) == canon.canonicalize(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'","', b'" ,"'),
        (b'{"@context"', b' {"@context"'),
        (b"}", b"} "),
        (b"Zo\xc3\xab 5", b"Zo\x1f 5"),
        (b"Zo\xc3\xab 5", b"Zo\\u00eb 5"),
        (b'Zo\xc3\xab 5"', b"Zo\xc3\xab 5"),
        (b'Zo\xc3\xab 5"', b'Zo\xc3\xab 5""'),
        (b"urn:uuid:", b"urn:u<id:"),
    ],
)
def test_refuses_what_is_not_written_as_we_write_it(practised, badges, old, new):
    data = orjson.dumps(badges[5])
    template = template_for(practised, badges[5]).template
    assert template.read(data)
    assert template.read(data.replace(old, new, 1)) is None
    assert template.read(data.replace(old, new)) is None


def test_refuses_a_text_that_is_cut_anywhere(practised, badges):
    data = orjson.dumps(badges[5])
    template = template_for(practised, badges[5]).template
    assert all(template.read(data[:end]) is None for end in range(len(data)))
    assert template.read(data + b" ") is None


def test_leaves_another_number_to_the_memo(practised, badges):
    document = copy.deepcopy(badges[5])
    document["credentialSubject"]["creditsEarned"] = True
    assert template_for(practised, document) is None


def test_leaves_a_document_that_holds_the_nonce_to_the_long_way(practised, badges):
    document = copy.deepcopy(badges[5])
    document["credentialSubject"]["identifier"][0]["identityHash"] = practised._nonce
    assert practised.sight(document) is None
    assert practised.canonicalize(document) == canon.canonicalize(document)


def test_a_wrong_template_is_found_out_at_its_first_use_and_all_is_switched_off(badges):
    alarms = []
    memo = made(alarm=alarms.append)
    for document in badges[:4]:
        memo.canonicalize(document)
    (series,) = templates(memo)
    series.uses = 0
    labels = tuple(reversed(series.template.lines.labels))
    lines = replace(series.template.lines, labels=labels)
    object.__setattr__(series.template, "lines", lines)
    assert memo.canonicalize(badges[5]) == canon.canonicalize(badges[5])
    assert not memo.trusted
    assert len(alarms) == 1
    assert memo.canonicalize(badges[5]) == canon.canonicalize(badges[5])


def test_a_check_of_the_shape_is_made_once_for_each_shape(practised, badges):
    asked = []
    for document in badges:
        practised.require("test", document, asked.append)
    assert len(asked) == 2  # the first, and the re-check of its first use


def test_a_failed_check_is_never_remembered(practised, badges):
    def refuse(_):
        raise RespelledTerm("no")

    for document in badges:
        with pytest.raises(RespelledTerm):
            practised.require("test", document, refuse)
    assert practised.trusted


def test_a_spared_check_that_fails_when_asked_again_switches_the_memo_off(badges):
    alarms, answers = [], [None, RespelledTerm("after all")]

    def check(_):
        if answer := answers.pop(0):
            raise answer

    memo = made(alarm=alarms.append)
    for document in badges[:3]:
        memo.canonicalize(document)
    memo.require("test", badges[3], check)
    with pytest.raises(RespelledTerm):
        memo.require("test", badges[4], check)
    assert alarms
    assert not memo.trusted


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "@id", "_:b0", "name", "a:b", "https://a b", "é", "%s%%", "x\x7f", '"', "\\"]
    ),
    st.from_regex(r"https://[a-z]{1,8}\.example/[ -~]{0,12}", fullmatch=True),
)


@pytest.mark.many
@settings(
    max_examples=examples(20, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(texts=st.tuples(TEXTS, TEXTS, TEXTS), earned=st.one_of(TEXTS, st.integers(), st.booleans()))
def test_gives_the_bytes_of_the_full_algorithm(practised, badges, texts, earned):
    document = copy.deepcopy(badges[5])
    subject = document["credentialSubject"]
    document["id"], subject["identifier"][0]["identityHash"], subject["result"][0]["value"] = texts
    subject["creditsEarned"] = earned
    expected = result(canon.canonicalize, document)
    for _ in range(2):
        assert result(practised.canonicalize, document) == expected
    assert practised.trusted


def test_a_document_that_comes_again_and_again_has_a_template_without_gaps(badges):
    memo = made()
    for _ in range(5):
        assert memo.canonicalize(badges[0]) == canon.canonicalize(badges[0])
    (series,) = templates(memo)
    assert (series.differing, series.versions, series.uses) == (frozenset(), 1, 1)


def test_whoever_watches_is_told_when_the_memo_is_switched_off(monkeypatch, caplog):
    told = []
    monkeypatch.setattr(known_shapes, "_WATCHERS", [])
    known_shapes.watch(lambda: told.append("off"))
    known_shapes._alarm("it is off")
    assert told == ["off"]
    assert "it is off" in caplog.text


class Purpose(StrEnum):
    """A text that is more than a text only inside this program."""

    REVOCATION = "revocation"


def test_a_member_of_an_enumeration_is_the_text_it_stands_for(award, now):
    def status(number, purpose):
        place = f"https://badges.example/status/1#{number}"
        return {
            "id": place,
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(number),
            "statusListCredential": "https://badges.example/status/1",
        }

    memo, purposes = made(), ["revocation", Purpose.REVOCATION]
    for number in range(8):
        purpose = purposes[number in {3, 4, 6}]
        document = badge(award, now, number, credentialStatus=status(number, purpose))
        plain = badge(award, now, number, credentialStatus=status(number, "revocation"))
        assert memo.canonicalize(document) == canon.canonicalize(plain)
    assert memo.trusted


@pytest.fixture
def reader(practised, badges):
    """A memo that has read such a badge strictly."""
    practised.loads(orjson.dumps(badges[4]))
    assert practised._read
    return practised


def test_reads_what_fits_a_template_it_has_read(reader, badges):
    data = orjson.dumps(badges[5])
    assert reader._by_last_templates(data) == badges[5] == reader.loads(data)
    assert reader.canonicalize(badges[5]) == canon.canonicalize(badges[5])


@pytest.mark.parametrize(
    "edit",
    [
        (b"Zo\xc3\xab 5", b"Zo\xc3 5"),
        (b"Zo\xc3\xab 5", b"Zo\xed\xa0\x80 5"),
        (b"Zo\xc3\xab 5", b"Zo\n5"),
        (b"Zo\xc3\xab 5", b"Zo\x005"),
        (b"Zo\xc3\xab 5", b"Zo\\ud8005"),
        (b"Zo\xc3\xab 5", b'Zo","identityHash":"5'),
        (b'{"@context"', b'\xef\xbb\xbf{"@context"'),
        (b'{"@context"', b'{"id":"urn:x:y","@context"'),
        (b'{"@context"', b'{"much":' + b"[" * 99 + b"]" * 99 + b',"@context"'),
        (b'{"@context"', b'{"much":1e999,"@context"'),
        (b'{"@context"', b'{ "@context"'),
    ],
)
def test_reads_nothing_that_strict_json_reads_in_another_way(reader, badges, edit):
    data = orjson.dumps(badges[5]).replace(*edit)
    assert edit[1] in data
    assert result(reader.loads, data) == result(strict_json.loads, data)
    with pytest.raises(MalformedCredential):
        reader.loads(data, max_bytes=len(data) - 1)


def test_a_number_that_readers_differ_on_is_refused_though_its_template_is_known(badges):
    memo, odd = made(), [copy.deepcopy(document) for document in badges]
    for document in odd:
        document["credentialSubject"]["creditsEarned"] = 2**53
        memo.canonicalize(document)
    assert template_for(memo, odd[5])
    for document in odd:
        with pytest.raises(MalformedCredential):
            memo.loads(orjson.dumps(document))
