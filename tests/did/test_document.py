"""DID documents: which key may do what, and every reason to say no."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from did.document import DidDocument, KeyEntry, build
from did.errors import (
    InvalidDid,
    InvalidDidDocument,
    InvalidRelationship,
    InvalidVerificationMethod,
)
from did.jwk import to_jwk
from did.multikey import decode, encode
from did.public_key import Curve, from_cryptography
from did.published_keys import MULTIKEYS
from did.signers import memory

DID = "did:web:uni.example"
KEY = f"{DID}#key-1"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PUBLIC = memory.from_seed(Curve.ED25519, b"\x0a" * 32).public_key
OTHER = memory.from_seed(Curve.ED25519, b"\x0b" * 32).public_key


@pytest.fixture
def document():
    """One good document, to be spoilt by each test in its own way."""
    return build(DID, [KeyEntry("key-1", PUBLIC)])


def authorise(document, method=KEY, relationship="assertionMethod", now=NOW):
    return DidDocument(document).authorised(method, relationship, now)


def test_a_listed_key_may_assert(document):
    method = authorise(document)
    assert (method.id, method.type, method.controller) == (KEY, "Multikey", DID)
    assert method.public_key == PUBLIC


def test_our_documents_follow_the_recipe():
    p256 = memory.generate(Curve.P256).public_key
    rs256 = from_cryptography(rsa.generate_private_key(65537, 2048).public_key())
    keys = [KeyEntry("key-1", PUBLIC), KeyEntry("key-2", p256), KeyEntry("key-3", rs256)]

    assert build(DID, keys) == {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": DID,
        "verificationMethod": [
            {
                "id": KEY,
                "type": "Multikey",
                "controller": DID,
                "publicKeyMultibase": encode(PUBLIC),
            },
            {
                "id": f"{DID}#key-2",
                "type": "JsonWebKey",
                "controller": DID,
                "publicKeyJwk": to_jwk(p256),
            },
            {
                "id": f"{DID}#key-3",
                "type": "JsonWebKey",
                "controller": DID,
                "publicKeyJwk": to_jwk(rs256),
            },
        ],
        "assertionMethod": [KEY, f"{DID}#key-2", f"{DID}#key-3"],
        "authentication": [KEY, f"{DID}#key-2", f"{DID}#key-3"],
    }


def test_a_retired_key_still_verifies_but_no_longer_speaks_for_us():
    document = build(DID, [KeyEntry("key-1", PUBLIC, retired=True), KeyEntry("key-2", OTHER)])
    assert authorise(document).public_key == PUBLIC
    with pytest.raises(InvalidRelationship):
        authorise(document, relationship="authentication")


def test_a_revoked_key_is_listed_with_its_date_and_may_do_nothing():
    document = build(DID, [KeyEntry("key-1", PUBLIC, revoked=NOW), KeyEntry("key-2", OTHER)])

    assert document["verificationMethod"][0]["revoked"] == "2026-11-23T12:00:00Z"
    assert document["assertionMethod"] == [f"{DID}#key-2"]
    with pytest.raises(InvalidVerificationMethod, match="was revoked 2026-11-23"):
        authorise(document)
    assert DidDocument(document).method(KEY).revoked == NOW


@pytest.mark.parametrize("member", ["expires", "revoked"])
def test_a_key_is_good_until_the_very_moment_it_ends(document, member):
    document["verificationMethod"][0][member] = "2026-11-23T14:00:00+02:00"
    assert authorise(document, now=NOW - timedelta(microseconds=1))
    for late in (NOW, NOW + timedelta(days=1), NOW.astimezone(timezone(timedelta(hours=-5)))):
        with pytest.raises(InvalidVerificationMethod, match=r"expired|revoked"):
            authorise(document, now=late)


@pytest.mark.parametrize("member", ["expires", "revoked"])
@pytest.mark.parametrize(
    "date",
    [
        None,
        "",
        "soon",
        0,
        1_700_000_000,
        True,
        [],
        {},
        "2099-01-01T00:00:00",
        "2099-13-01T00:00:00Z",
    ],
)
def test_a_date_that_cannot_be_read_is_not_passed_over(document, member, date):
    document["verificationMethod"][0][member] = date
    with pytest.raises(InvalidVerificationMethod, match=member):
        authorise(document)


@pytest.mark.parametrize("relationship", ["authentication", "keyAgreement", "capabilityInvocation"])
def test_a_key_may_do_only_what_it_is_listed_for(relationship):
    document = build(DID, [KeyEntry("key-1", PUBLIC, relationships=("assertionMethod",))])
    with pytest.raises(InvalidRelationship):
        authorise(document, relationship=relationship)


@pytest.mark.parametrize("value", ["absent", []])
def test_without_an_assertion_method_no_key_may_assert(document, value):
    del document["assertionMethod"]
    if value != "absent":
        document["assertionMethod"] = value
    with pytest.raises(InvalidRelationship):
        authorise(document)


@pytest.mark.parametrize("relationship", ["", "verificationMethod", "service", "@context", "proof"])
def test_an_unknown_relationship_is_refused(document, relationship):
    document.setdefault(relationship, [KEY])
    with pytest.raises(InvalidRelationship):
        authorise(document, relationship=relationship)


@pytest.mark.parametrize("controller", [None, "", "did:web:other.example", [DID], KEY, 1])
def test_a_key_controlled_by_another_is_refused(document, controller):
    document["verificationMethod"][0]["controller"] = controller
    with pytest.raises(InvalidVerificationMethod, match="controlled by another"):
        authorise(document)


def test_a_key_without_a_controller_is_refused(document):
    del document["verificationMethod"][0]["controller"]
    with pytest.raises(InvalidVerificationMethod, match="controlled by another"):
        authorise(document)


@pytest.mark.parametrize("key", [PUBLIC, OTHER])
@pytest.mark.parametrize("name", [KEY, "#key-1"])
@pytest.mark.parametrize("member", ["verificationMethod", "assertionMethod", "keyAgreement"])
def test_a_key_named_twice_is_refused(document, key, name, member):
    twin = document["verificationMethod"][0] | {"id": name, "publicKeyMultibase": encode(key)}
    document.setdefault(member, []).append(twin)
    with pytest.raises(InvalidVerificationMethod, match="2 times"):
        authorise(document)


def test_a_key_written_inside_a_relationship_may_do_that_and_nothing_else(document):
    document["assertionMethod"] = document.pop("verificationMethod")
    del document["authentication"]
    assert authorise(document).public_key == PUBLIC
    with pytest.raises(InvalidRelationship):
        authorise(document, relationship="authentication")


def test_short_ids_inside_a_document_are_completed(document):
    document["verificationMethod"][0]["id"] = "#key-1"
    document["assertionMethod"] = ["#key-1"]
    assert authorise(document).id == KEY


@pytest.mark.parametrize(
    "method",
    [
        "",
        "#key-1",
        "key-1",
        DID,
        f"{DID}#",
        f"{DID}#key-2",
        f"{DID}/#key-1",
        f"{DID}?x#key-1",
        f"{DID}#KEY-1",
        f"{DID}#key%2D1",
        "did:web:other.example#key-1",
        "did:web:uni.example.evil.example#key-1",
        "https://uni.example#key-1",
        f"{KEY} ",
        f"{DID}#{encode(OTHER)}",
        None,
        {"id": KEY, "publicKeyMultibase": encode(OTHER)},
        [KEY],
    ],
)
def test_a_key_that_is_not_in_the_document_is_refused(document, method):
    with pytest.raises(InvalidVerificationMethod):
        authorise(document, method=method)


def test_a_key_of_another_did_is_refused_even_if_the_document_lists_it(document):
    foreign = "did:web:other.example#key-1"
    document["verificationMethod"][0]["id"] = foreign
    document["assertionMethod"] = [foreign]
    with pytest.raises(InvalidVerificationMethod, match="is not a key of"):
        authorise(document, method=foreign)


def test_the_key_in_a_fragment_is_never_read():
    attacker = encode(OTHER)
    document = build(DID, [KeyEntry("key-1", PUBLIC)])
    document["assertionMethod"].append(f"{DID}#{attacker}")
    with pytest.raises(InvalidVerificationMethod, match="is not in the DID document"):
        authorise(document, method=f"{DID}#{attacker}")


JWK = to_jwk(memory.generate(Curve.P256).public_key)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Ed25519VerificationKey2018"},
        {"type": ["Multikey"]},
        {"type": None},
        {"type": "MultiKey"},
        {"type": "JsonWebKey"},
        {"type": "JsonWebKey", "publicKeyJwk": JWK},
        {"publicKeyJwk": JWK},
        {"publicKeyPem": "-----BEGIN PUBLIC KEY-----"},
        {"publicKeyMultibase": None},
        {"publicKeyMultibase": JWK},
        {"publicKeyMultibase": encode(PUBLIC)[:-1]},
        {"publicKeyMultibase": [encode(PUBLIC)]},
        {"secretKeyMultibase": "z3u2"},
        {"privateKeyJwk": {}},
        {
            "type": "Ed25519VerificationKey2020",
            "publicKeyMultibase": encode(memory.generate(Curve.P256).public_key),
        },
    ],
)
def test_a_key_that_cannot_be_read_in_one_way_only_is_refused(document, change):
    document["verificationMethod"][0] |= change
    with pytest.raises(InvalidVerificationMethod):
        authorise(document)


@pytest.mark.parametrize("change", [{"d": "AA"}, {"kty": "oct"}, {"y": "AA"}])
def test_a_jwk_that_is_not_a_public_key_is_refused(change):
    document = build(DID, [KeyEntry("key-1", memory.generate(Curve.P256).public_key)])
    document["verificationMethod"][0]["publicKeyJwk"] |= change
    with pytest.raises(InvalidVerificationMethod):
        authorise(document)


def test_one_key_we_cannot_read_does_not_spoil_the_others(document):
    document["verificationMethod"].append({"id": "#x", "type": "X25519KeyAgreementKey2019"})
    document["assertionMethod"].append("#x")
    assert authorise(document)
    assert [m.id for m in DidDocument(document).methods("assertionMethod")] == [KEY]


@pytest.mark.parametrize("multikey", MULTIKEYS)
def test_a_published_test_key_is_never_trusted_unless_asked_for(multikey):
    document = build(DID, [KeyEntry("key-1", decode(multikey))])
    with pytest.raises(InvalidVerificationMethod, match="secret is public"):
        authorise(document)
    assert DidDocument(document).authorised(KEY, "assertionMethod", NOW, allow_published_keys=True)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"id": None},
        {"id": [DID]},
        {"id": KEY},
        {"id": "https://uni.example"},
        {"id": DID, "verificationMethod": {"id": KEY}},
        {"id": DID, "verificationMethod": None},
        {"id": DID, "verificationMethod": [None]},
        {"id": DID, "assertionMethod": KEY},
        {"id": DID, "assertionMethod": [[KEY]]},
        {"id": DID, "keyAgreement": 1},
    ],
)
def test_what_is_not_shaped_like_a_did_document_is_refused(raw):
    with pytest.raises(InvalidDidDocument):
        DidDocument(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([DID, KEY]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(["id", "type", "controller", "publicKeyMultibase", "expires"]), JSON)
def test_nothing_put_into_a_key_does_more_than_refuse(member, value):
    document = build(DID, [KeyEntry("key-1", PUBLIC)])
    document["verificationMethod"][0][member] = value
    try:
        method = authorise(document)
    except InvalidVerificationMethod:
        return
    assert method.public_key == PUBLIC


@pytest.mark.parametrize("fragments", [["key-1", "key-1"], [""], ["key-1", ""]])
def test_we_do_not_publish_keys_without_a_name_of_their_own(fragments):
    with pytest.raises(InvalidDidDocument):
        build(DID, [KeyEntry(fragment, PUBLIC) for fragment in fragments])


@pytest.mark.parametrize("did", ["", "uni.example", KEY, "did:web:"])
def test_we_do_not_publish_a_document_for_what_is_not_a_did(did):
    with pytest.raises(InvalidDid):
        build(did, [KeyEntry("key-1", PUBLIC)])


def test_services_are_published_as_given():
    service = {
        "id": f"{DID}#home",
        "type": "LinkedDomains",
        "serviceEndpoint": "https://uni.example",
    }
    assert build(DID, [], services=[service])["service"] == [service]
