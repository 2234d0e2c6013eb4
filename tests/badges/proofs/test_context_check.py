"""Every document here means exactly what the honest one means, or hides something from it."""

import copy

import pytest

from badges.errors import BadgeError, RespelledTerm, UnknownContext
from badges.proofs import canon
from badges.proofs.context_check import check_contexts

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CRED = "https://www.w3.org/2018/credentials#"
STATUS = "https://www.w3.org/ns/credentials/status#"
SEC = "https://w3id.org/security#"
PAST = "2020-01-01T00:00:00Z"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"

HONEST = {
    "@context": [V2, OB],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:uni.example", "type": ["Profile"], "name": "Uni"},
    "validFrom": "2019-01-01T00:00:00Z",
    "validUntil": PAST,
    "credentialStatus": {
        "id": "https://uni.example/s#1",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://uni.example/s",
    },
    "credentialSubject": {
        "id": "did:example:1",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://uni.example/a",
            "type": ["Achievement"],
            "name": "A",
            "description": "B",
            "criteria": {"narrative": "C"},
        },
    },
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2019-01-01T00:00:00Z",
        "expires": PAST,
        "verificationMethod": "did:web:uni.example#key",
        "proofPurpose": "assertionMethod",
        "proofValue": "z3",
    },
}


def renamed(place, old, new, document=HONEST):
    """The document with one member of the object at `place` renamed."""
    edited = copy.deepcopy(document)
    target = edited
    for step in place:
        target = target[step]
    target[new] = target.pop(old)
    return edited


def replaced(place, value, document=HONEST):
    edited = copy.deepcopy(document)
    target = edited
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    return edited


STATUS_AT, PROOF_AT = ("credentialStatus",), ("proof",)
TYPED = {"@value": PAST, "@type": DATE_TIME}

SAME_MEANING = {
    "expiry by its full IRI": replaced(
        (CRED + "validUntil",), TYPED, renamed((), "validUntil", CRED + "validUntil")
    ),
    "status by its full IRI": renamed((), "credentialStatus", CRED + "credentialStatus"),
    "issuer by its full IRI": renamed((), "issuer", CRED + "issuer"),
    "subject by its full IRI": renamed((), "credentialSubject", CRED + "credentialSubject"),
    "id by its keyword": renamed((), "id", "@id"),
    "type by its keyword": renamed((), "type", "@type"),
    "status type by its keyword": renamed(STATUS_AT, "type", "@type"),
    "status id by its keyword": renamed(STATUS_AT, "id", "@id"),
    "expiry as a typed object": replaced(("validUntil",), TYPED),
    "expiry in a list": replaced(("validUntil",), [PAST]),
    "expiry as a typed object in a list": replaced(("validUntil",), [TYPED]),
    "purpose as an object": replaced(
        ("credentialStatus", "statusPurpose"), {"@value": "revocation"}
    ),
    "index as an object": replaced(("credentialStatus", "statusListIndex"), {"@value": "1"}),
    "index in a list": replaced(("credentialStatus", "statusListIndex"), ["1"]),
    "list as an object": replaced(
        ("credentialStatus", "statusListCredential"), {"id": "https://uni.example/s"}
    ),
    "list in a list": replaced(
        ("credentialStatus", "statusListCredential"), ["https://uni.example/s"]
    ),
    "name as an object": replaced(("issuer", "name"), {"@value": "Uni"}),
    "proof by its full IRI": renamed((), "proof", SEC + "proof"),
    "proof purpose by its full IRI": replaced(("proof", "proofPurpose"), SEC + "assertionMethod"),
    "proof expiry by its full IRI": renamed(PROOF_AT, "expires", SEC + "expiration"),
    "proof expiry as a typed object": replaced(("proof", "expires"), TYPED),
    "proof method in a list": replaced(
        ("proof", "verificationMethod"), ["did:web:uni.example#key"]
    ),
}

FORBIDDEN = {
    "status type by its full IRI": replaced(
        ("credentialStatus", "type"), STATUS + "BitstringStatusListEntry"
    ),
    "credential type by its full IRI": replaced(
        ("type",), [CRED + "VerifiableCredential", "OpenBadgeCredential"]
    ),
    "subject type by its full IRI": replaced(
        ("credentialSubject", "type"),
        ["https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject"],
    ),
    "proof type by its full IRI": replaced(("proof", "type"), SEC + "DataIntegrityProof"),
    "expiry through an alias": replaced(
        ("@context",), [V2, OB, {"until": CRED + "validUntil"}], renamed((), "validUntil", "until")
    ),
    "expiry through a prefix": replaced(
        ("@context",), [V2, OB, {"c": CRED}], renamed((), "validUntil", "c:validUntil")
    ),
    "expiry in a nest": {**HONEST, "validUntil": PAST, "@nest": {"validUntil": PAST}},
    "expiry in an aliased nest": {
        **HONEST,
        "@context": [V2, OB, {"more": "@nest"}],
        "more": {"validUntil": PAST},
    },
    "expiry in a graph": {"@context": [V2, OB], "@graph": [HONEST]},
    "expiry among included": {**HONEST, "@included": [{"id": "urn:uuid:1", "validUntil": PAST}]},
    "expiry reversed": {**HONEST, "@reverse": {CRED + "validUntil": {"id": "urn:x"}}},
    "expiry set aside by a null context": replaced(("@context",), [V2, OB, None]),
    "an inline vocabulary": replaced(("@context",), [V2, OB, {"@vocab": CRED}]),
    "an inline base": replaced(("@context",), [V2, OB, {"@base": "https://uni.example/"}]),
    "an unknown context": replaced(("@context",), [V2, OB, "https://evil.example/c"]),
    "a nested context": replaced(("issuer", "@context"), [V2]),
    "a nested context with an alias": replaced(("issuer", "@context"), {"n": "@id"}),
    "a nested null context": replaced(("issuer", "@context"), None),
    "another context in the proof": replaced(("proof", "@context"), [OB]),
    "the base not first": replaced(("@context",), [OB, V2]),
    "no base": replaced(("@context",), [OB]),
    "both bases": replaced(("@context",), [V2, V1, OB]),
    "the base twice": replaced(("@context",), [V2, V2, OB]),
    "no context": {name: value for name, value in HONEST.items() if name != "@context"},
    "an empty context": replaced(("@context",), []),
    "a number as context": replaced(("@context",), 5),
    "an index": {**HONEST, "@index": "x"},
    "a language": {**HONEST, "@language": "en"},
}


EDC = "http://data.europa.eu/snb/model/context/edc-ap"
OLDER = {
    "@context": [V1, EDC],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential"],
    "issuer": "did:web:uni.example",
    "issuanceDate": "2019-01-01T00:00:00Z",
    "expirationDate": PAST,
    "credentialSubject": {"id": "did:example:1"},
}


def test_refuses_an_expiry_through_the_prefix_of_a_pinned_context():
    hidden = renamed((), "expirationDate", "cred:expirationDate", OLDER)
    hidden["cred:expirationDate"] = TYPED
    assert check_contexts(OLDER) is None
    assert canon.canonicalize(hidden) == canon.canonicalize(OLDER)
    with pytest.raises(RespelledTerm, match="write it as expirationDate"):
        check_contexts(hidden)


@pytest.mark.parametrize("value", ["cred:x", "elm:x", "xsd:string"])
def test_refuses_an_id_through_the_prefix_of_a_pinned_context(value):
    with pytest.raises(RespelledTerm, match="not written out"):
        check_contexts({**OLDER, "issuer": value})


def test_the_honest_document_passes():
    assert check_contexts(HONEST) is None


@pytest.mark.parametrize("case", sorted(SAME_MEANING))
def test_refuses_another_spelling_of_the_same_meaning(case):
    with pytest.raises(RespelledTerm):
        check_contexts(SAME_MEANING[case])


@pytest.mark.parametrize(
    "case",
    sorted(
        name for name in SAME_MEANING if "proof" not in name and name != "subject by its full IRI"
    ),
)
def test_the_signature_cannot_tell_these_spellings_from_the_honest_one(case):
    def unsecured(document):
        return {k: v for k, v in document.items() if k not in ("proof", SEC + "proof")}

    assert canon.canonicalize(unsecured(SAME_MEANING[case])) == canon.canonicalize(
        unsecured(HONEST)
    )


@pytest.mark.parametrize("case", sorted(FORBIDDEN))
def test_refuses_what_hides_things(case):
    with pytest.raises(BadgeError):
        check_contexts(FORBIDDEN[case])


def test_refuses_a_part_that_speaks_of_the_document_that_holds_it():
    edited = copy.deepcopy(HONEST)
    until = edited.pop("validUntil")
    edited["evidence"] = [{"id": "urn:uuid:1", "type": ["Evidence"], "validUntil": until}]
    with pytest.raises(RespelledTerm, match="/evidence/0/id"):
        check_contexts(edited)


def test_an_error_names_the_place_and_the_right_spelling():
    with pytest.raises(RespelledTerm, match=r"^/proof/https.*expiration: write it as expires$"):
        check_contexts(SAME_MEANING["proof expiry by its full IRI"])


def test_an_embedded_credential_brings_its_own_contexts():
    endorsement = {
        "@context": [V2, OB],
        "id": "urn:uuid:2",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "E",
        "issuer": {"id": "did:web:agency.example", "type": ["Profile"]},
        "validFrom": PAST,
        "credentialSubject": {"id": "urn:uuid:1", "type": ["EndorsementSubject"]},
    }
    document = {**HONEST, "endorsement": [endorsement]}
    assert check_contexts(document) is None
    with pytest.raises(UnknownContext, match="begins with"):
        check_contexts({**HONEST, "endorsement": [{**endorsement, "@context": [OB]}]})
    with pytest.raises(UnknownContext, match="of its own"):
        check_contexts({**HONEST, "endorsement": [{**endorsement, "type": "Profile"}]})


def test_a_jcs_proof_repeats_the_contexts_it_was_made_under():
    proof = {**HONEST["proof"], "cryptosuite": "eddsa-jcs-2022", "@context": [V2, OB]}
    assert check_contexts({**HONEST, "proof": [proof]}) is None


def test_terms_of_other_vocabularies_may_be_written_as_their_iri():
    assert check_contexts({**HONEST, "https://other.example/note": "text"}) is None


def test_a_text_with_its_language_may_be_an_object():
    named = {**HONEST, "name": {"@value": "Abzeichen", "@language": "de"}}
    assert check_contexts(named) is None
    with pytest.raises(RespelledTerm, match="plain value"):
        check_contexts({**HONEST, "name": {"@value": "Abzeichen"}})


def test_every_official_sample_passes(shared):
    import json

    seen = 0
    for file in (shared / "openbadges/samples").glob("*.json"):
        assert check_contexts(json.loads(file.read_text())) is None
        seen += 1
    assert seen >= 7


def with_purpose(purpose):
    return HONEST | {"proof": HONEST["proof"] | {"proofPurpose": purpose}}


def test_a_shape_that_passed_before_hides_no_respelled_name():
    for number in range(5):
        check_contexts(with_purpose(f"https://w3id.org/security#own{number}"))
    with pytest.raises(RespelledTerm):
        check_contexts(with_purpose(f"{SEC}assertionMethod"))


def test_a_shape_that_passed_before_hides_no_part_that_speaks_of_the_whole():
    for number in range(5):
        check_contexts(HONEST | {"id": f"urn:uuid:{number}"})
    edited = copy.deepcopy(HONEST)
    edited["credentialSubject"]["achievement"]["id"] = edited["id"]
    with pytest.raises(RespelledTerm):
        check_contexts(edited)


def test_a_shape_that_passed_before_hides_no_relative_address():
    for number in range(5):
        check_contexts(HONEST | {"id": f"urn:uuid:{number}"})
    with pytest.raises(BadgeError):
        check_contexts(HONEST | {"id": "relative"})
