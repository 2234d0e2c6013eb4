"""A document put together by its template is the one that its text says, or it is read strictly."""

import copy
import hashlib
from dataclasses import replace

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges import seal, strict_json
from badges.errors import BadgeError, MalformedCredential, NotSealable, ProofTransformation
from badges.proofs import canon, data_integrity, known_shapes, known_text
from badges.proofs.sight import TemplateSight
from badges.verify.checks import structure
from did.signer import SoftwareSigner
from issuer.cli.bench_workload import NOW, University, drafts

UNIVERSITY = University()
METHOD = UNIVERSITY.signer.verification_method
ODD = [
    "",
    "a\x07b",
    "nul\x00",
    "x\x7f",
    "\x85",
    "\ufffe",
    "name",
    "@id",
    "_:b0",
    'quote" and \\',
    "é",
]
"""Narratives that are no plain text, or more than one."""


def crowd():
    """Give badges of an achievement of our own: other tests wear its template out."""
    for draft in drafts(24, 100):
        draft["credentialSubject"]["achievement"]["id"] = "https://morgenau.example/known-text"
        yield draft


CROWD = [*crowd()]


@pytest.fixture(scope="module", autouse=True)
def _practised():
    """Show this process the template, so that the texts below are put together by it."""
    for draft in CROWD[:16]:
        prepare(orjson.dumps(draft))
        known_text.digest(known_text.read(orjson.dumps(draft)))
    assert known_text._by_models(orjson.dumps(CROWD[20])) is not None


def prepare(data):
    return seal.prepare_text(data, issuer_document=UNIVERSITY.document, method=METHOD, now=NOW)


def with_narrative(narrative):
    draft = copy.deepcopy(CROWD[20])
    draft["credentialSubject"]["narrative"] = narrative
    return draft


def long_way(document):
    return hashlib.sha256(canon.canonicalize(document)).digest()


def test_what_is_put_together_is_what_was_read_and_hashed_the_long_way():
    for draft in CROWD[16:24]:
        text = known_text.read(orjson.dumps(draft))
        assert text.sight is not None
        assert orjson.dumps(text.document) == orjson.dumps(draft)
        assert known_text.digest(text) == long_way(draft)


def test_templates_that_take_turns_are_learnt_too():
    sight = known_text.read(orjson.dumps(CROWD[16])).sight
    before, turns = known_text._models, [replace(sight.template) for _ in range(3)]
    for template in turns * 2:
        known_text._learn(CROWD[16], TemplateSight(sight.series, template, sight.texts))
    assert [model.sight.template for model in known_text._models[:3]] == turns[::-1]
    known_text._models = before


def test_a_newcomer_is_forgotten_when_many_others_came():
    sight = known_text.read(orjson.dumps(CROWD[16])).sight
    before = known_text._models
    for template in [replace(sight.template) for _ in range(known_text.MOST_NEWCOMERS + 1)] * 2:
        known_text._learn(CROWD[16], TemplateSight(sight.series, template, sight.texts))
    assert known_text._models == before


def test_a_template_that_was_seen_once_is_not_put_together_from():
    sight = known_text.read(orjson.dumps(CROWD[16])).sight
    other = replace(sight.template)
    before = known_text._models
    known_text._learn(CROWD[16], TemplateSight(sight.series, other, sight.texts))
    assert known_text._models == before
    known_text._learn(CROWD[16], TemplateSight(sight.series, other, sight.texts))
    assert known_text._models[0].sight.template is other
    known_text._models = before


def test_a_document_keeps_its_texts_when_the_next_one_is_read():
    first = known_text.read(orjson.dumps(CROWD[16]))
    known_text.read(orjson.dumps(CROWD[17]))
    assert first.document == CROWD[16]


@pytest.mark.parametrize("narrative", ODD)
def test_an_odd_text_is_judged_as_it_is_without_templates(narrative):
    draft = with_narrative(narrative)
    expected = {(found.code, found.path) for found in every_problem(draft)}
    if expected:
        with pytest.raises(NotSealable) as refused:
            prepare(orjson.dumps(draft))
        assert {(found.code, found.path) for found in refused.value.problems} == expected
    else:
        assert known_text.digest(prepare(orjson.dumps(draft)).text) == long_way(draft)


def every_problem(document):
    known_shapes.memo().trusted = False
    try:
        return seal.find_problems(document)
    finally:
        known_shapes.memo().trusted = True


@pytest.mark.parametrize("raw", [b"\x07", b"\x00", b"\n", b"\xff", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_what_is_no_json_is_refused_though_it_fits_the_template(raw):
    data = orjson.dumps(with_narrative("Here: XX.")).replace(b"XX", raw)
    with pytest.raises(MalformedCredential):
        strict_json.loads(data)
    with pytest.raises(MalformedCredential):
        known_text.read(data)


def test_a_text_that_is_too_long_is_refused_though_it_fits_the_template():
    data = orjson.dumps(with_narrative("long" * 2**18))
    with pytest.raises(MalformedCredential, match="more than"):
        known_text.read(data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.differing_executors], deadline=None)
@given(st.text(max_size=20))
def test_any_narrative_is_signed_as_the_full_algorithm_has_it(narrative):
    draft = with_narrative(narrative)
    try:
        data = orjson.dumps(draft)
    except TypeError:  # half a character
        return
    text = known_text.read(data)
    assert text.document == orjson.loads(data)
    try:
        expected = long_way(draft)
    except BadgeError:
        with pytest.raises(BadgeError):
            known_text.digest(text)
    else:
        assert known_text.digest(text) == expected


def test_the_proof_alone_is_the_one_that_signing_the_document_adds():
    for draft in CROWD[16:20]:
        ready = prepare(orjson.dumps(draft))
        signed = seal.sign(ready, UNIVERSITY.signer, created=NOW)
        assert seal.prove(ready, UNIVERSITY.signer, created=NOW) == orjson.dumps(signed["proof"])


def test_a_signature_that_does_not_fit_is_noticed_where_it_is_looked_at():
    ready, wrong = prepare(orjson.dumps(CROWD[20])), University().signer
    broken = SoftwareSigner(METHOD, UNIVERSITY.signer.public_key, wrong.sign)
    assert seal.prove(ready, broken, created=NOW, look=False)
    with pytest.raises(ProofTransformation, match="does not fit"):
        seal.prove(ready, broken, created=NOW)


def test_another_key_than_the_one_it_was_prepared_for_proves_nothing():
    ready = prepare(orjson.dumps(CROWD[20]))
    other = University().signer
    object.__setattr__(other, "verification_method", "did:web:other.example#key-1")
    with pytest.raises(NotSealable):
        seal.prove(ready, other, created=NOW)


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "ecdsa-rdfc-2019"])
def test_other_suites_sign_the_document_themselves(suite):
    text = known_text.read(orjson.dumps(CROWD[20]))
    assert data_integrity.prove(text, UNIVERSITY.signer, suite, created=NOW, look=True) is None


def test_a_document_that_is_not_one_of_many_is_signed_by_itself():
    for document in (CROWD[20] | {"proof": []}, {"@context": CROWD[20]["@context"]}):
        text = known_text.read(orjson.dumps(document))
        suite = "eddsa-rdfc-2022"
        assert data_integrity.prove(text, UNIVERSITY.signer, suite, created=NOW, look=True) is None


def found_again(written):
    """Tell whether the digest of a draft is at hand for whoever looks at its signature."""
    whole = known_text.read(written[:-1] + b',"proof":[]}')
    return known_text.digest_without(whole, "proof") is not None


def test_the_digests_of_a_whole_chunk_are_at_hand(monkeypatch):
    monkeypatch.setattr(known_text, "MOST_DIGESTS", 4)
    chunk = [orjson.dumps(draft) for draft in CROWD[:8]]
    for written in chunk:
        known_text.digest(known_text.read(written))
    assert [found_again(written) for written in chunk[4:]] == [True] * 4


def test_digests_are_not_kept_for_ever(monkeypatch):
    for name, value in {"MOST_DIGESTS": 4, "_digests": {}, "_older": {}}.items():
        monkeypatch.setattr(known_text, name, value)
    chunk = [orjson.dumps(draft) for draft in CROWD[:13]]
    for written in chunk:
        known_text.digest(known_text.read(written))
    assert not found_again(chunk[0])
    assert len(known_text._digests) + len(known_text._older) <= 8


def test_the_digest_of_a_long_text_is_not_kept(monkeypatch):
    monkeypatch.setattr(known_text, "LONGEST_KEPT", 100)
    draft = orjson.dumps(CROWD[17] | {"name": "Nobody signed this one before"})
    assert known_text.digest(known_text.read(draft))
    assert not found_again(draft)


def test_no_digest_of_before_is_used_once_templates_are_off(monkeypatch):
    written = orjson.dumps(CROWD[3])
    known_text.digest(known_text.read(written))
    assert found_again(written)
    monkeypatch.setattr(known_shapes.memo(), "templates", False)
    assert not found_again(written)


def test_the_digest_of_a_draft_is_found_by_the_text_before_its_proof_only():
    draft = orjson.dumps(CROWD[20])
    known_text.digest(known_text.read(draft))
    proof = b'[{"type":"T"%b}]'

    def found(last, name="proof"):
        return known_text.digest_without(known_text.read(draft[:-1] + last + b"}"), name)

    assert found(b',"proof":' + proof % b"") == long_way(CROWD[20])
    assert found(b',"proof":' + proof % b',"proof":"x"') is None
    assert found(b',"proof":' + proof % b"" + b',"more":"x"') is None
    assert found(b',"more":"x","proof":' + proof % b"") is None
    assert found(b', "proof":' + proof % b"") is None


def test_nothing_is_put_together_while_the_memo_is_off():
    data = orjson.dumps(CROWD[20])
    text = known_text.read(data)
    known_shapes.memo().trusted = False
    try:
        assert known_text._by_models(data) is None
        assert not known_text.spares(structure.FORM, text)
        assert known_text.digest(known_text.read(orjson.dumps(CROWD[21]))) == long_way(CROWD[21])
    finally:
        known_shapes.memo().trusted = True


def test_a_wrong_document_switches_the_templates_off():
    text = known_text.read(orjson.dumps(CROWD[20]))
    wrong = known_text._Model(text.sight, CROWD[21], {})
    try:
        assert wrong.fill(text.data, text.sight.texts) is None
        assert not known_shapes.memo().trusted
    finally:
        known_shapes.memo().trusted = True
