"""Official samples and vectors are classified as their source says (or see docs/divergences.md)."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from badges.verify import Case, Outcome, Policy, Verdict, check, needs, read

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SAMPLES = (
    *("achievementAlignmentCase", "achievementAlignmentCe", "basicOpenBadgeCredential"),
    *("endorsement", "fullOpenBadge", "skillAssertionCase", "skillAssertionCtdl"),
)
SIGNED = (
    *("eddsa-rdfc-2022/signedDataInt", "eddsa-jcs-2022/signedJCS"),
    *("eddsa-proof-sets/signedProofSet1", "eddsa-proof-sets/signedProofSet2"),
)


@dataclass
class Page:
    body: bytes
    status: int = 200
    content_type: str = "application/json"
    fetched_at: datetime = NOW


def report_on(document, evidence=None, **policy):
    presented = read(json.dumps(document).encode())
    return check(Case(presented, evidence or {}, Policy(**policy), NOW))


@pytest.mark.parametrize("name", SAMPLES)
def test_an_official_sample_is_well_formed_and_unsigned(shared, name):
    sample = json.loads((shared / f"openbadges/samples/{name}.json").read_text())
    report = report_on(sample)
    assert report.finding("structure").outcome is Outcome.PASSED
    assert report.finding("schema").outcome is not Outcome.FAILED
    assert report.finding("proof").code == "no-proof"
    assert report.verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("name", SIGNED)
def test_an_official_vector_is_signed_right_but_not_by_its_issuer(shared, name):
    secured = json.loads((shared / f"vectors/{name}.json").read_text())
    report = report_on(secured, allow_published_keys=True)
    assert report.finding("structure").outcome is Outcome.PASSED
    assert report.finding("proof").outcome is Outcome.PASSED
    assert report.finding("issuer").code == "INVALID_VERIFICATION_METHOD"
    assert report_on({**secured, "name": "x"}).finding("proof").outcome is not Outcome.PASSED


@pytest.fixture
def vector(shared):
    path = shared / "openbadges/test-vectors/ob3-eddsa-rdfc-2022.json"
    return json.loads(path.read_text())


def test_the_official_badge_needs_its_issuers_document(vector):
    issuer = vector["secured"]["issuer"]["id"]
    assert needs(read(json.dumps(vector["secured"]).encode()), {}) == {issuer}
    assert report_on(vector["secured"]).verdict is Verdict.COULD_NOT_CHECK


def issuer_document(vector):
    issuer = vector["secured"]["issuer"]["id"]
    method = vector["secured"]["proof"]["verificationMethod"]
    entry = {"id": method, "type": "Multikey", "controller": issuer}
    entry |= {"publicKeyMultibase": vector["publicKeyMultibase"]}
    document = {"id": issuer, "verificationMethod": [entry], "assertionMethod": [method]}
    return {issuer: Page(json.dumps(document).encode())}


def test_the_official_badge_is_genuine_with_its_issuers_document(vector):
    evidence = issuer_document(vector)
    allowed = report_on(vector["secured"], evidence, allow_published_keys=True)
    assert allowed.verdict is Verdict.VALID
    assert report_on(vector["secured"], evidence).verdict is Verdict.NOT_VALID


def test_a_badge_signed_under_an_older_vocabulary_is_genuine_and_says_so(
    shared, uni, draft, verify
):
    from badges.proofs import data_integrity, multibase
    from badges.proofs.suites import suite_named
    from contexts import loader

    url = draft["@context"][1]
    editions = loader.vintages(url)
    if len(editions) < 2:
        pytest.skip("only one edition of the vocabulary is held")
    options = data_integrity.proof_options(uni.signer, "eddsa-rdfc-2022", created=NOW)
    older = {url: editions[-1].sha256}
    signed_options = {**options, "@context": draft["@context"]}
    hashed = suite_named("eddsa-rdfc-2022").hash_data(
        draft, signed_options, uni.signer.public_key.curve, older
    )
    proof = {**options, "proofValue": multibase.encode_z(uni.signer.sign(hashed.message))}
    report = verify({**draft, "proof": [proof]})
    assert report.verdict is Verdict.VALID
    assert report.finding("proof").code.startswith("signature-correct")
    assert verify({**draft, "name": "x", "proof": [proof]}).verdict is Verdict.NOT_VALID
