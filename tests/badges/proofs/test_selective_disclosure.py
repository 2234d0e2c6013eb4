import copy
from datetime import UTC, datetime

import cbor2
import pytest

from badges.errors import MalformedValue, ProofInvalid, ProofTransformation
from badges.proofs import data_integrity, disclosure_value, multibase
from badges.proofs.selective_disclosure import BADGE_POINTERS, add_base_proof, derive_proof
from did.public_key import Curve
from did.signers import memory

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
KEY = memory.from_seed(Curve.P256, bytes(range(1, 33)))
LINES = memory.from_seed(Curve.P256, bytes(range(2, 34)))
HMAC = bytes(range(32))

BADGE = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Badge",
    "issuer": {"id": "did:web:uni.example", "type": ["Profile"], "name": "Uni"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$00",
                "identityType": "emailAddress",
            }
        ],
        "result": [
            {"type": ["Result"], "resultDescription": "urn:uuid:2", "value": "5"},
            {"type": ["Result"], "value": "7"},
        ],
        "achievement": {
            "id": "https://uni.example/a",
            "type": ["Achievement"],
            "name": "A",
            "description": "B",
            "criteria": {"narrative": "C"},
            "resultDescription": [
                {
                    "id": "urn:uuid:2",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "LetterGrade",
                    "allowedValue": ["1", "5", "7"],
                }
            ],
        },
    },
}
GRADE = "/credentialSubject/result/0"


@pytest.fixture(scope="module")
def base():
    return add_base_proof(
        BADGE, KEY, created=CREATED, mandatory=BADGE_POINTERS, hmac_key=HMAC, line_signer=LINES
    )


@pytest.fixture(scope="module")
def shown(base):
    return derive_proof(base, [GRADE])


def check(document, key=KEY):
    return data_integrity.verify_proof(document, document["proof"][0], key.public_key)


def with_value(document, value):
    return {**document, "proof": [{**document["proof"][0], "proofValue": value.serialize()}]}


def changed(document, **parts):
    """The document with parts of its derived proof value replaced."""
    value = disclosure_value.parse_derived(document["proof"][0]["proofValue"])
    names = ("signature", "public_key", "signatures", "labels", "mandatory")
    return with_value(
        document,
        disclosure_value.DerivedValue(**{n: parts.get(n, getattr(value, n)) for n in names}),
    )


def test_what_is_shown_verifies_and_tells_no_more(shown):
    assert check(shown)
    subject = shown["credentialSubject"]
    assert subject["result"] == [BADGE["credentialSubject"]["result"][0]]
    assert subject["achievement"]["name"] == "A"
    assert "identifier" not in subject
    assert "name" not in shown
    assert "sha256$00" not in str(shown)


@pytest.mark.parametrize(
    "pointers",
    [
        [],
        [""],
        ["/name"],
        ["/credentialSubject"],
        ["/credentialSubject/result/1"],
        ["/credentialSubject/result/1", GRADE],
        ["/credentialSubject/achievement/resultDescription"],
        ["/credentialSubject/achievement/resultDescription/0/allowedValue"],
        ["/credentialSubject/identifier/0/identityHash"],
    ],
    ids=str,
)
def test_every_choice_of_parts_verifies(base, pointers):
    assert check(derive_proof(base, pointers))


def test_the_whole_badge_can_be_shown(base):
    everything = derive_proof(base, [""])
    assert {k: v for k, v in everything.items() if k != "proof"} == BADGE


def test_the_base_proof_itself_is_not_for_showing(base):
    with pytest.raises(MalformedValue, match="not a derived proof"):
        check(base)


@pytest.mark.parametrize("path", [("issuer", "name"), ("credentialSubject", "achievement", "name")])
def test_refuses_a_changed_mandatory_line(shown, path):
    document = copy.deepcopy(shown)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] += "x"
    with pytest.raises(ProofInvalid, match="the signature does not fit the document"):
        check(document)


def test_refuses_a_changed_line_of_the_holders_choice(shown):
    document = copy.deepcopy(shown)
    document["credentialSubject"]["result"][0]["value"] = "6"
    with pytest.raises(ProofInvalid, match="signature of a line"):
        check(document)


@pytest.mark.parametrize("name", ["issuer", "validFrom"])
def test_refuses_a_mandatory_line_left_out(shown, name):
    with pytest.raises(ProofInvalid):
        check({key: value for key, value in shown.items() if key != name})


def test_refuses_a_line_left_out_without_its_signature(shown):
    document = copy.deepcopy(shown)
    del document["credentialSubject"]["result"]
    with pytest.raises(ProofInvalid):
        check(document)


def test_refuses_an_added_line(shown):
    with pytest.raises(ProofInvalid, match="do not match"):
        check({**shown, "validUntil": "2036-01-01T00:00:00Z"})


def test_refuses_a_result_moved_to_another_badge(base):
    other = add_base_proof(
        {**BADGE, "id": "urn:uuid:9"},
        KEY,
        created=CREATED,
        mandatory=BADGE_POINTERS,
        hmac_key=bytes(32),
        line_signer=memory.generate(Curve.P256),
    )
    mine, theirs = derive_proof(base, [GRADE]), derive_proof(other, [GRADE])
    with pytest.raises(ProofInvalid):
        check({**mine, "proof": theirs["proof"]})


def test_refuses_another_key(shown):
    with pytest.raises(ProofInvalid):
        check(shown, memory.generate(Curve.P256))
    with pytest.raises(ProofInvalid, match="kind"):
        check(shown, memory.generate(Curve.P384))


@pytest.mark.parametrize("purpose", ["authentication", "capabilityInvocation"])
def test_refuses_changed_options(shown, purpose):
    proof = {**shown["proof"][0], "proofPurpose": purpose}
    with pytest.raises(ProofInvalid):
        check({**shown, "proof": [proof]})


def test_refuses_parts_of_the_value_that_were_changed(shown):
    value = disclosure_value.parse_derived(shown["proof"][0]["proofValue"])
    odd = bytes(64)
    turned = dict(zip(value.labels, reversed(value.labels.values()), strict=True))
    for parts in (
        {"signature": odd},
        {"signatures": (odd, *value.signatures[1:])},
        {"signatures": value.signatures[::-1]},
        {"signatures": value.signatures[1:]},
        {"mandatory": value.mandatory[1:]},
        {"mandatory": (*value.mandatory, 4000)},
        {"mandatory": ()},
        {"labels": turned},
        {"labels": {}},
        {"labels": {**value.labels, 77: bytes(32)}},
        {"public_key": disclosure_value.P256_MULTICODEC + KEY.public_key.raw},
    ):
        with pytest.raises(ProofInvalid):
            check(changed(shown, **parts))


def rewritten(shown, change):
    raw = multibase.decode_u(shown["proof"][0]["proofValue"])
    parts = cbor2.loads(raw[3:])
    body = change(parts)
    body = body if isinstance(body, bytes) else cbor2.dumps(body)
    value = multibase.encode_u(raw[:3] + body)
    return {**shown, "proof": [{**shown["proof"][0], "proofValue": value}]}


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts[:4],
        lambda parts: [*parts, 1],
        lambda parts: {"a": parts},
        lambda parts: cbor2.dumps(parts) + b"\0",
        lambda parts: b"\x9f" + b"".join(cbor2.dumps(part) for part in parts) + b"\xff",
        lambda parts: b"",
        lambda parts: b"\x81" * 5000,
        lambda parts: b"\x9b" + b"\xff" * 8,
        lambda parts: [parts[0][:-1], *parts[1:]],
        lambda parts: ["x" * 64, *parts[1:]],
        lambda parts: [parts[0], bytes(35), *parts[2:]],
        lambda parts: [parts[0], b"\x80\x24" + bytes(33), *parts[2:]],
        lambda parts: [*parts[:2], [b"x"], *parts[3:]],
        lambda parts: [*parts[:3], [1], parts[4]],
        lambda parts: [*parts[:3], {0: bytes(32), 1: bytes(32)}, parts[4]],
        lambda parts: [*parts[:3], {"c14n0": bytes(32)}, parts[4]],
        lambda parts: [*parts[:3], {-1: bytes(32)}, parts[4]],
        lambda parts: [*parts[:4], [0, 0]],
        lambda parts: [*parts[:4], [True]],
        lambda parts: [*parts[:4], [-1]],
        lambda parts: [*parts[:4], [10**9]],
        lambda parts: [*parts[:4], 5],
    ],
)
def test_refuses_a_value_that_is_written_otherwise(shown, change):
    with pytest.raises((MalformedValue, ProofInvalid)):
        check(rewritten(shown, change))


@pytest.mark.parametrize("value", ["", "u", "z3", "u2V0B", "u2V0BgA==", 5, None])
def test_refuses_what_is_no_proof_value(shown, value):
    proof = {**shown["proof"][0], "proofValue": value}
    with pytest.raises(MalformedValue):
        check({**shown, "proof": [proof]})


@pytest.mark.parametrize(
    "pointer",
    ["name", "/nothing", "/type/9", "/type/-1", "/type/x", "/name/x", "/type/\u0661", 5, None],
)
def test_refuses_a_pointer_that_leads_nowhere(base, pointer):
    with pytest.raises(MalformedValue):
        derive_proof(base, [pointer])


def test_refuses_a_part_of_a_list_whose_order_is_signed(base):
    pointer = "/credentialSubject/achievement/resultDescription/0/allowedValue/1"
    with pytest.raises(ProofTransformation, match="order is signed"):
        derive_proof(base, [pointer])


def test_refuses_to_derive_from_another_document(base):
    with pytest.raises(ProofInvalid, match="another document"):
        derive_proof({**base, "name": "Other", "description": "x"}, ["/name"])


def test_refuses_to_derive_from_what_was_derived(shown):
    with pytest.raises(MalformedValue, match="not a base proof"):
        derive_proof(shown, ["/issuer"])


def test_refuses_to_derive_without_a_base_proof():
    with pytest.raises(ProofInvalid):
        derive_proof(BADGE, ["/name"])
    other = data_integrity.add_proof(BADGE, KEY, "ecdsa-rdfc-2019", created=CREATED)
    with pytest.raises(ProofInvalid, match="derive from"):
        derive_proof(other, ["/name"])


def test_refuses_to_sign_beside_another_proof(base):
    with pytest.raises(ProofTransformation, match="first"):
        add_base_proof(base, KEY, created=CREATED, mandatory=[], hmac_key=HMAC, line_signer=LINES)


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        (memory.from_seed(Curve.ED25519, bytes(32)), LINES),
        (KEY, memory.from_seed(Curve.ED25519, bytes(32))),
    ],
)
def test_refuses_a_key_of_another_kind(key, lines):
    with pytest.raises(ProofInvalid, match="kind"):
        add_base_proof(BADGE, key, created=CREATED, mandatory=[], hmac_key=HMAC, line_signer=lines)


def test_blank_nodes_are_named_by_the_hmac_and_not_by_their_place(base):
    again = add_base_proof(
        BADGE, KEY, created=CREATED, mandatory=[], hmac_key=bytes(32), line_signer=LINES
    )
    first, second = (
        disclosure_value.parse_derived(derive_proof(doc, [GRADE])["proof"][0]["proofValue"])
        for doc in (base, again)
    )
    assert set(first.labels.values()).isdisjoint(second.labels.values())
