"""Every form of badge that is in the world: suites, data models, parts of a badge."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from badges.proofs import data_integrity
from badges.proofs.selective_disclosure import BADGE_POINTERS, add_base_proof, derive_proof
from badges.status import bits
from badges.verify import Verdict
from did.document import KeyEntry, build
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
V1 = "https://www.w3.org/2018/credentials/v1"


@pytest.fixture
def with_key(uni):
    def with_key(curve):
        """Give the university a second key of another kind."""
        signer = generate(curve, f"{DID}#key-2")
        keys = [KeyEntry("key-1", uni.signer.public_key), KeyEntry("key-2", signer.public_key)]
        uni.publish(build(DID, keys))
        return signer

    return with_key


@pytest.mark.parametrize("curve", [Curve.P256, Curve.P384])
@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_badges_signed_with_ecdsa_are_valid(with_key, draft, verify, suite, curve):
    signed = data_integrity.add_proof(draft, with_key(curve), suite, created=NOW)
    assert verify(signed).verdict is Verdict.VALID
    assert verify({**signed, "name": "Master of Science"}).verdict is Verdict.NOT_VALID


def test_v5_a_key_of_another_kind_is_never_accepted(with_key, draft, verify):
    signed = data_integrity.add_proof(draft, with_key(Curve.P256), "ecdsa-rdfc-2019", created=NOW)
    proof = {**signed["proof"][0], "verificationMethod": f"{DID}#key-1"}
    assert verify({**signed, "proof": [proof]}).verdict is Verdict.NOT_VALID
    proof = {**signed["proof"][0], "cryptosuite": "eddsa-rdfc-2022"}
    assert verify({**signed, "proof": [proof]}).verdict is Verdict.NOT_VALID


@pytest.fixture
def base(with_key, draft):
    return add_base_proof(
        draft,
        with_key(Curve.P256),
        created=NOW,
        mandatory=(*BADGE_POINTERS, "/credentialSubject/identifier/0"),
        hmac_key=bytes(range(32)),
        line_signer=generate(Curve.P256),
    )


def test_a_part_of_a_badge_is_genuine(base, verify):
    part = derive_proof(base, ["/name"])
    report = verify(part)
    assert report.finding("proof").code == "signature-correct"
    assert report.verdict in {Verdict.VALID, Verdict.GENUINE_WITH_REMARKS}


def test_v3_a_part_of_a_badge_keeps_its_end_and_its_status(uni, base, verify):
    part = derive_proof(base, ["/name"])
    assert {"validUntil", "credentialStatus"} <= set(part)
    bits.write(uni.bits, 7, 1)
    uni.publish_list()
    assert verify(part).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "member", ["validUntil", "credentialStatus", "issuer", "name", "validFrom"]
)
def test_v3_what_the_proof_covers_cannot_be_cut_out_of_a_part(base, verify, member):
    part = derive_proof(base, ["/name"])
    cut = {k: v for k, v in part.items() if k != member}
    assert verify(cut).verdict is Verdict.NOT_VALID


def test_a_base_proof_is_not_for_verifiers(base, verify):
    assert verify(base).verdict is Verdict.NOT_VALID


@pytest.fixture
def old_badge(draft):
    """Return a badge in the data model of before 2025."""
    members = {
        k: v for k, v in draft.items() if k not in {"validFrom", "validUntil", "awardedDate"}
    }
    return members | {
        "@context": [
            V1,
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://www.w3.org/ns/credentials/status/v1",
        ],
        "issuanceDate": "2026-10-01T12:00:00Z",
        "expirationDate": "2027-10-01T12:00:00Z",
    }


def test_badges_of_the_older_data_model_are_valid(uni, old_badge, verify):
    report = verify(uni.sign(old_badge))
    assert report.finding("proof").code == "signature-correct"
    assert report.finding("dates").code == "in-force"
    assert report.verdict in {Verdict.VALID, Verdict.GENUINE_WITH_REMARKS}


def test_badges_of_the_older_data_model_expire_as_well(uni, old_badge, verify):
    report = verify(uni.sign({**old_badge, "expirationDate": "2026-10-05T12:00:00Z"}))
    assert report.finding("dates").code == "expired"


def test_v3_the_new_name_for_the_end_does_not_count_in_the_old_model(uni, old_badge, verify):
    expired = {**old_badge, "expirationDate": "2026-10-05T12:00:00Z"}
    forged = uni.sign(expired) | {"validUntil": "2030-10-05T12:00:00Z"}
    assert verify(forged).verdict is Verdict.NOT_VALID


def test_a_chain_of_proofs_is_valid_and_breaks_with_any_link(uni, draft, verify):
    first = uni.sign(draft, proof_id="urn:uuid:00000000-0000-4000-8000-000000000001")
    second = data_integrity.add_proof(
        first,
        generate(Curve.ED25519),
        "eddsa-rdfc-2022",
        created=NOW,
        previous="urn:uuid:00000000-0000-4000-8000-000000000001",
    )
    assert verify(second).verdict is Verdict.VALID
    assert verify({**second, "proof": second["proof"][1:]}).verdict is Verdict.NOT_VALID
    changed = json.loads(json.dumps(second))
    changed["proof"][0]["created"] = "2026-10-30T12:00:00Z"
    assert verify(changed).verdict is Verdict.NOT_VALID


def test_a_list_as_a_token_is_read(uni, badge, verify):
    from badges.proofs import vc_jwt

    token = vc_jwt.create(uni.list_credential(), uni.signer, typ=vc_jwt.JOSE)
    url = badge["credentialStatus"]["statusListCredential"]
    uni.pages[url] = replace(uni.pages[url], body=token.encode(), content_type="application/vc+jwt")
    assert verify(badge).verdict is Verdict.VALID
