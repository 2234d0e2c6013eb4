"""Nothing is signed that a verifier would refuse, and no key is touched before that is known."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest

from badges import seal
from badges.errors import NotSealable
from badges.ob3.build import build_credential
from badges.status.entry import make_entry
from badges.verify import Case, Policy, Verdict, check, read
from did.document import DidDocument, KeyEntry, build
from did.public_key import Curve
from did.resolve import resolve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def signer():
    return generate(Curve.ED25519)


@pytest.fixture
def issuer_document(signer):
    return resolve(signer.verification_method.partition("#")[0], {})


@pytest.fixture
def draft(award, issuer_document):
    return build_credential(
        award,
        credential_id="urn:uuid:00000000-0000-4000-8000-00000000dddd",
        issuer_did=issuer_document.id,
        valid_from=NOW,
    )


@pytest.fixture
def prepare(signer, issuer_document):
    def prepare(draft, document=issuer_document, method=signer.verification_method):
        return seal.prepare(draft, issuer_document=document, method=method, now=NOW)

    return prepare


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_is_sealed_verifies(draft, prepare, signer, suite):
    sealed = seal.sign(prepare(draft), signer, created=NOW, suite=suite)
    report = check(Case(read(json.dumps(sealed).encode()), {}, Policy(), NOW))
    assert report.verdict is Verdict.VALID
    assert isinstance(sealed["proof"], list)


def test_the_draft_is_left_as_it_was(draft, prepare, signer):
    before = copy.deepcopy(draft)
    seal.sign(prepare(draft), signer, created=NOW)
    assert draft == before


def subject(draft):
    return draft["credentialSubject"]


SPOILT = {
    "undefined term": lambda d: d.update(honours="yes"),
    "undefined term inside": lambda d: subject(d)["achievement"].update(honours="yes"),
    "undefined type": lambda d: d["type"].append("DoctorOfPhilosophy"),
    "relative id": lambda d: d.update(id="credential/1"),
    "relative id inside": lambda d: subject(d)["achievement"].update(id="achievement"),
    "no subject": lambda d: d.pop("credentialSubject"),
    "empty subject": lambda d: d.update(credentialSubject={}),
    "two subjects": lambda d: d.update(credentialSubject=[subject(d)] * 2),
    "no issuer": lambda d: d.pop("issuer"),
    "issuer null": lambda d: d.update(issuer=None),
    "issuer without id": lambda d: d["issuer"].pop("id"),
    "another issuer": lambda d: d["issuer"].update(id="did:web:other.example"),
    "no context": lambda d: d.pop("@context"),
    "contexts turned round": lambda d: d["@context"].reverse(),
    "inline context": lambda d: d["@context"].append({"honours": "urn:x:honours"}),
    "unknown context": lambda d: d["@context"].append("https://example.org/context"),
    "date without zone": lambda d: d.update(validFrom="2026-11-01T12:00:00"),
    "date only": lambda d: d.update(validFrom="2026-11-01"),
    "no such date": lambda d: d.update(validUntil="2027-02-30T12:00:00Z"),
    "ends before it begins": lambda d: d.update(validUntil="2020-01-01T00:00:00Z"),
    "control character": lambda d: d.update(name="Data\x07"),
    "noncharacter": lambda d: d.update(name="Data\ufffe"),
    "lone surrogate": lambda d: d.update(name="Data\ud800"),
    "language map": lambda d: d.update(name={"en": "Data"}),
    "null": lambda d: d.update(name=None),
    "empty list": lambda d: d.update(evidence=[]),
    "refresh without type": lambda d: d.update(refreshService={"id": "https://a.example/r"}),
    "schema without type": lambda d: d.update(credentialSchema={"id": "https://a.example/s"}),
    "schema without id": lambda d: d.update(credentialSchema={"type": "JsonSchema"}),
    "resource as text": lambda d: d.update(relatedResource=["https://a.example"]),
    "resource without digest": lambda d: d.update(relatedResource=[{"id": "https://a.example"}]),
    "terms without type": lambda d: d.update(termsOfUse=[{"id": "urn:x:1"}]),
    "evidence without type": lambda d: d.update(evidence=[{"id": "urn:x:1"}]),
    "status that is its list": lambda d: d.update(
        credentialStatus=make_entry("https://a.example/l", 1) | {"id": "https://a.example/l"}
    ),
    "status without type": lambda d: d.update(credentialStatus={"id": "urn:x:1"}),
    "status index as number": lambda d: d.update(
        credentialStatus=make_entry("https://a.example/l", 1) | {"statusListIndex": 1}
    ),
    "status index as words": lambda d: d.update(
        credentialStatus=make_entry("https://a.example/l", 1) | {"statusListIndex": "one"}
    ),
    "status without id": lambda d: d.update(
        credentialStatus={
            k: v for k, v in make_entry("https://a.example/l", 1).items() if k != "id"
        }
    ),
    "signed already": lambda d: d.update(proof=[{"type": "DataIntegrityProof"}]),
    "result of another achievement": lambda d: subject(d)["result"][0].update(
        resultDescription="urn:x:other"
    ),
    "achievement type misspelt": lambda d: subject(d)["achievement"].update(
        achievementType="Microcredential"
    ),
    "criteria that say nothing": lambda d: subject(d)["achievement"].update(criteria={}),
    "nobody": lambda d: subject(d).pop("identifier"),
    "number with too many digits": lambda d: subject(d).update(creditsEarned=0.12345678901234567),
}


class Untouchable:
    """A signer whose key must not be used."""

    def __init__(self, signer):
        self.verification_method = signer.verification_method
        self.public_key = signer.public_key
        self.algorithm = signer.algorithm

    def sign(self, message):
        raise AssertionError("the key was used")


@pytest.mark.parametrize("kind", SPOILT)
def test_refuses_what_a_verifier_would_refuse_before_any_key_is_used(draft, prepare, kind):
    SPOILT[kind](draft)
    with pytest.raises(NotSealable) as refusal:
        prepare(draft)
    assert refusal.value.problems
    assert all(problem.code and problem.message for problem in refusal.value.problems)


def test_names_every_problem_at_once(draft, prepare):
    draft.update(name="a\x07", validFrom="soon", relatedResource=["x"])
    with pytest.raises(NotSealable) as refusal:
        prepare(draft)
    assert {"/name", "/validFrom", "/relatedResource"} <= {p.path for p in refusal.value.problems}


def web(signer, **entry):
    key = KeyEntry("key-1", signer.public_key, **entry)
    return DidDocument(build("did:web:uni.example", [key]))


@pytest.mark.parametrize(
    "entry",
    [{"revoked": NOW - timedelta(days=1)}, {"relationships": ("authentication",)}],
    ids=["revoked", "for logging in only"],
)
def test_refuses_a_key_that_may_not_sign_credentials(draft, prepare, signer, entry):
    draft["issuer"]["id"] = "did:web:uni.example"
    document = web(signer, **entry)
    with pytest.raises(NotSealable):
        prepare(draft, document, "did:web:uni.example#key-1")


def test_refuses_a_key_that_is_not_the_issuers(draft, prepare, signer):
    with pytest.raises(NotSealable):
        prepare(draft, web(signer))
    with pytest.raises(NotSealable):
        prepare(draft, method="did:web:uni.example#key-1")


def test_refuses_to_sign_with_another_key_than_it_was_prepared_for(draft, prepare):
    other = Untouchable(generate(Curve.ED25519))
    with pytest.raises(NotSealable, match="prepared for"):
        seal.sign(prepare(draft), other, created=NOW)
    with pytest.raises(NotSealable, match="prepared for"):
        seal.sign_jwt(prepare(draft), other)


def test_an_old_credential_gets_the_vocabulary_its_proof_needs(prepare, signer, issuer_document):
    old = {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": issuer_document.id,
        "issuanceDate": "2026-10-01T12:00:00Z",
        "credentialSubject": {"id": "did:example:abc"},
    }
    sealed = seal.sign(prepare(old), signer, created=NOW)
    assert sealed["@context"][-1] == "https://w3id.org/security/data-integrity/v2"
    report = check(Case(read(json.dumps(sealed).encode()), {}, Policy(), NOW))
    assert report.verdict is Verdict.VALID
