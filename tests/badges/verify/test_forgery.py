"""What forgers try with a signed badge: words, edits, purposes, encodings, several proofs."""

import copy
import json

import base58
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges import seal
from badges.verify import Outcome, Verdict
from did.public_key import Curve
from did.signers.memory import generate
from tests.examples import examples

FATAL = {Verdict.NOT_VALID}
CLOSED = {Verdict.NOT_VALID, Verdict.COULD_NOT_CHECK}


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from leaves(member, (*path, position))
    else:
        yield path, value


def replaced(document, path, value):
    changed = copy.deepcopy(document)
    *steps, last = path
    node = changed
    for step in steps:
        node = node[step]
    node[last] = value
    return changed


def removed(document, path):
    changed = copy.deepcopy(document)
    *steps, last = path
    node = changed
    for step in steps:
        node = node[step]
    del node[last]
    return changed


def edits(value):
    if isinstance(value, bool):
        return [not value, str(value)]
    if isinstance(value, str):
        return [value + "x", value[:-1], value.swapcase(), "", " " + value, None]
    return [value + 1, -value, str(value)]


@pytest.mark.many
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_any_edit_of_any_signed_leaf_never_verifies(uni, draft, verify, suite):
    badge = uni.sign(draft, suite=suite)
    assert verify(badge).verdict is Verdict.VALID
    kept = {("proof", 0, "created")}
    for number, (path, value) in list(enumerate(leaves(badge)))[:: examples(8, 1)]:
        options = [new for new in edits(value) if new != value]
        new = options[number % len(options)]
        report = verify(replaced(badge, path, new))
        assert report.verdict in CLOSED, (path, value, new)
        if path not in kept:
            assert report.verdict is not Verdict.VALID


@pytest.mark.many
@settings(
    max_examples=examples(15, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_edit_at_all_never_verifies(badge, verify, data):
    path, value = data.draw(st.sampled_from(list(leaves(badge))))
    new = data.draw(st.one_of(st.text(max_size=12), st.integers(), st.booleans(), st.none()))
    if (type(new), new) == (type(value), value):
        return
    assert verify(replaced(badge, path, new)).verdict is not Verdict.VALID


@pytest.mark.many
def test_taking_any_member_away_never_verifies(badge, verify):
    for path, _ in list(leaves(badge))[:: examples(8, 1)]:
        assert verify(removed(badge, path)).verdict is not Verdict.VALID, path


PLACES = [
    (),
    ("issuer",),
    ("credentialSubject",),
    ("credentialSubject", "achievement"),
    ("credentialSubject", "achievement", "alignment", 0),
    ("credentialSubject", "identifier", 0),
    ("credentialStatus",),
]


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize(
    "addition",
    [
        {"honours": "summa cum laude"},
        {"type": "DoctorOfPhilosophy"},
        {"@index": "5"},
        {"__proto__": {"name": "x"}},
        {"namе": "Cyrillic"},  # noqa: RUF001 - a Cyrillic letter is the point
        {"valid": None},
        {"@id": "relative"},
    ],
    ids=str,
)
def test_v1_words_that_are_not_signed_are_never_accepted(badge, verify, place, addition):
    forged = copy.deepcopy(badge)
    node = forged
    for step in place:
        node = node[step]
    if "type" in addition:
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        addition = {"type": [*kinds, addition["type"]]}
    node.update(addition)
    report = verify(forged)
    assert report.verdict in CLOSED
    codes = {f.code for f in report.findings if f.outcome is not Outcome.PASSED}
    assert codes & {
        "DATA_LOSS_DETECTION_ERROR",
        "PROOF_VERIFICATION_ERROR",
        "MALFORMED_VALUE_ERROR",
    }


def test_v1_a_language_map_is_not_signed_text(badge, verify):
    assert verify({**badge, "name": {"en": "Master of Science"}}).verdict in FATAL


@pytest.mark.parametrize(
    "context",
    [
        [{"honours": "https://evil.example/h"}],
        ["https://evil.example/context.json"],
        ["https://example.com/with a space"],
        [5],
        [None],
        [{"@vocab": "https://evil.example/"}],
        [{"@base": "https://evil.example/"}],
        ["https://www.w3.org/2018/credentials/v1"],
        ["http://127.0.0.1:8080/context"],
    ],
    ids=str,
)
def test_v2_a_poisoned_context_is_never_accepted_and_never_fetched(badge, verify, uni, context):
    from badges.verify import needs, read

    forged = {**badge, "@context": [*badge["@context"], *context]}
    assert verify(forged).verdict in CLOSED
    wanted = needs(read(json.dumps(forged).encode()), {})
    assert wanted <= set(uni.pages)


@pytest.mark.parametrize(
    "change", [lambda c: c[::-1], lambda c: c[1:], lambda c: c[:1], lambda c: []]
)
def test_v2_contexts_in_another_order_are_never_accepted(badge, verify, change):
    assert verify({**badge, "@context": change(badge["@context"])}).verdict in CLOSED


IRI = "https://www.w3.org/2018/credentials#"
XSD = "http://www.w3.org/2001/XMLSchema#dateTime"


def spell_iri(document, term):
    document[IRI + term] = {"@value": document.pop(term), "@type": XSD}


def spell_alias(document, term):
    document["@context"].append({"ends": {"@id": IRI + term, "@type": XSD}})
    document["ends"] = document.pop(term)


def spell_prefix(document, term):
    document["@context"].append({"cred": IRI})
    document[f"cred:{term}"] = {"@value": document.pop(term), "@type": XSD}


def spell_nest(document, term):
    document["@context"].append({"box": "@nest"})
    document["box"] = {term: document.pop(term)}


def spell_at_nest(document, term):
    document["@nest"] = {term: document.pop(term)}


def spell_graph(document, term):
    inner = {term: document.pop(term), "id": document["id"]}
    document["@included"] = [inner]


SPELLINGS = [spell_iri, spell_alias, spell_prefix, spell_nest, spell_at_nest, spell_graph]


@pytest.mark.parametrize("spell", SPELLINGS, ids=lambda f: f.__name__)
def test_v3_a_respelled_expiry_does_not_hide_it(uni, draft, verify, spell):
    expired = uni.sign({**draft, "validUntil": "2026-10-31T13:00:00Z"})
    assert verify(expired).verdict is Verdict.GENUINE_WITH_REMARKS
    forged = copy.deepcopy(expired)
    spell(forged, "validUntil")
    assert verify(forged).verdict in CLOSED


@pytest.mark.parametrize("spell", SPELLINGS, ids=lambda f: f.__name__)
def test_v3_a_respelled_status_does_not_hide_a_revocation(uni, badge, verify, spell):
    from badges.status import bits

    bits.write(uni.bits, 7, 1)
    uni.publish_list()
    assert verify(badge).verdict is Verdict.NOT_VALID
    forged = copy.deepcopy(badge)
    if spell is spell_iri:
        forged[IRI + "credentialStatus"] = forged.pop("credentialStatus")
    else:
        spell(forged, "credentialStatus")
    assert verify(forged).verdict in CLOSED


@pytest.mark.parametrize(
    "change",
    [
        {"proofPurpose": "authentication"},
        {"proofPurpose": "keyAgreement"},
        {"proofPurpose": "assertion"},
        {"proofPurpose": ""},
        {"proofPurpose": ["assertionMethod"]},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"cryptosuite": "ecdsa-rdfc-2019"},
        {"cryptosuite": "eddsa-rdfc-2023"},
        {"cryptosuite": "EDDSA-RDFC-2022"},
        {"cryptosuite": None},
        {"cryptosuite": ["eddsa-rdfc-2022"]},
        {"type": "Ed25519Signature2020"},
        {"type": "Ed25519Signature2018"},
        {"type": "DataIntegrity"},
        {"type": ["DataIntegrityProof"]},
        {"type": None},
        {"verificationMethod": "did:web:other.example#key-1"},
        {"verificationMethod": 5},
        {"verificationMethod": {"id": "did:web:morgenau.example#key-1"}},
        {"created": "2027-01-01T00:00:00Z"},
        {"created": "yesterday"},
        {"expires": "2026-10-01T00:00:00Z"},
        {"expires": "2030-10-01T00:00:00Z"},
        {"challenge": "x"},
        {"previousProof": "urn:nothing"},
        {"proofValue": None},
        {"proofValue": ""},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
    ],
    ids=str,
)
def test_v5_confused_proofs_are_never_accepted(badge, verify, change):
    forged = {**badge, "proof": [{**badge["proof"][0], **change}]}
    assert verify(forged).verdict in CLOSED


def test_v5_a_proof_that_expired_is_never_accepted(uni, draft, verify, now):
    from datetime import timedelta

    assert verify(uni.sign(draft, expires=now - timedelta(minutes=5))).verdict in FATAL


def test_v5_bytes_of_one_suite_under_the_name_of_another_are_never_accepted(uni, draft, verify):
    signed = uni.sign(draft, suite="eddsa-jcs-2022")
    proof = {k: v for k, v in signed["proof"][0].items() if k != "@context"}
    assert verify({**signed, "proof": [{**proof, "cryptosuite": seal.SUITE}]}).verdict in FATAL


L = 2**252 + 27742317777372353535851937790883648493


def more_s(raw):
    return raw[:32] + (int.from_bytes(raw[32:], "little") + L).to_bytes(32, "little")


@pytest.mark.parametrize(
    "recode",
    [
        lambda raw, text: "u" + text[1:],
        lambda raw, text: text[1:],
        lambda raw, text: text + " ",
        lambda raw, text: "z1" + text[1:],
        lambda raw, text: "z" + base58.b58encode(more_s(raw)).decode(),
        lambda raw, text: "z" + base58.b58encode(bytes(64)).decode(),
        lambda raw, text: "z" + base58.b58encode(raw[:63]).decode(),
        lambda raw, text: "z" + base58.b58encode(raw + b"\0").decode(),
        lambda raw, text: text.upper(),
        lambda raw, text: "z" * 500_000,
        lambda raw, text: "f" + raw.hex(),
        lambda raw, text: [text],
    ],
)
def test_v6_another_spelling_of_a_signature_is_never_accepted(badge, verify, recode):
    text = badge["proof"][0]["proofValue"]
    forged = {**badge, "proof": [{**badge["proof"][0], "proofValue": None}]}
    forged["proof"][0]["proofValue"] = recode(base58.b58decode(text[1:]), text)
    assert verify(forged).verdict in FATAL


def test_v7_a_second_good_proof_by_somebody_else_does_no_harm(badge, verify):
    other = generate(Curve.ED25519)
    both = seal.data_integrity.add_proof(badge, other, seal.SUITE, created=_now())
    assert verify(both).verdict is Verdict.VALID


def test_v7_one_bad_proof_among_good_ones_spoils_them(badge, verify):
    other = generate(Curve.ED25519)
    both = seal.data_integrity.add_proof(badge, other, seal.SUITE, created=_now())
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    assert verify(both).verdict in FATAL


def test_v7_a_proof_of_an_unknown_kind_beside_a_good_one_is_not_passed_over(badge, verify):
    unknown = {**badge["proof"][0], "cryptosuite": "bbs-2023"}
    report = verify({**badge, "proof": [*badge["proof"], unknown]})
    assert report.verdict is Verdict.COULD_NOT_CHECK


@pytest.mark.parametrize("proof", [[], None, {}, "x", [None], [[]], [5]], ids=str)
def test_v7_no_proof_is_no_seal(badge, verify, proof):
    assert verify({**badge, "proof": proof}).verdict in FATAL


def test_v7_more_proofs_than_anybody_needs_are_refused(badge, verify):
    assert verify({**badge, "proof": badge["proof"] * 17}).verdict in FATAL


def test_an_unsigned_credential_is_not_valid(draft, verify):
    report = verify(draft)
    assert report.verdict in FATAL
    assert report.credential["protected"] is False


def test_a_proof_of_one_badge_does_not_fit_another(uni, draft, badge, verify):
    other = {**draft, "name": "Master of Science"}
    assert verify({**other, "proof": badge["proof"]}).verdict in FATAL


def _now():
    from datetime import UTC, datetime

    return datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("depth", [150, 3_000])
def test_v12_a_document_nested_without_end_is_refused(badge, verify, depth):
    text = json.dumps({**badge, "issuer": "@"}).replace('"@"', _nested(depth))
    assert verify(text.encode()).verdict is Verdict.NOT_VALID


def _nested(depth):
    return '{"parentOrg":' * depth + '{"id":"urn:x:0"}' + "}" * depth


def test_v12_ten_thousand_blank_nodes_are_refused(badge, verify):
    crowd = [{"type": ["Evidence"], "name": "same"} for _ in range(10_000)]
    report = verify({**badge, "evidence": crowd})
    assert report.verdict is Verdict.NOT_VALID


def test_v12_equal_blank_nodes_that_point_at_each_other_are_refused(uni, badge, verify):
    def evidence(depth):
        if not depth:
            return {"type": ["Profile"], "id": "urn:x:leaf"}
        return {"type": ["Profile"], "parentOrg": evidence(depth - 1)}

    forged = {**badge, "issuer": {**badge["issuer"], "endorsement": [evidence(20)] * 400}}
    assert verify(forged).verdict is Verdict.NOT_VALID
