"""VC-JWT: both forms, and every way claims and credential can disagree."""

import json
from datetime import UTC, datetime

import pytest

from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws, vc_jwt
from did.public_key import Curve
from did.signers import memory

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


@pytest.fixture(scope="module")
def signer():
    return memory.generate(Curve.ED25519)


def credential(signer, **changes):
    document = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:6e7a3f10-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": signer.verification_method.partition("#")[0], "type": ["Profile"]},
        "validFrom": "2026-11-23T14:00:00Z",
        "credentialSubject": {"id": "did:example:learner", "type": ["AchievementSubject"]},
    } | changes
    return {name: value for name, value in document.items() if value is not None}


def vcdm_1(signer):
    return credential(
        signer,
        **{"@context": [vc_jwt.VCDM_1], "validFrom": None, "issuanceDate": "2026-11-23T14:00:00Z"},
    )


def sign(payload, signer, **header):
    head = {"typ": "JWT", "kid": signer.verification_method} | header
    head = {name: value for name, value in head.items() if value is not None}
    return jws.create(head, json.dumps(payload).encode(), signer)


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_the_open_badges_form_round_trips(curve):
    signer = memory.generate(curve)
    document = credential(signer, validUntil="2030-01-01T00:00:00.5Z")
    token = vc_jwt.create(document, signer)
    payload = vc_jwt.verify(token, signer.public_key)
    assert payload["nbf"] == SECONDS
    assert payload["exp"] == 1893456000
    assert payload["iss"] == document["issuer"]["id"]
    assert payload["sub"] == "did:example:learner"
    assert payload["jti"] == document["id"]
    assert vc_jwt.parse(token).credential == document
    assert set(vc_jwt.parse(token).header) == {"alg", "typ", "kid"}


def test_badges_signed_with_rsa_are_verified(rsa):
    token = vc_jwt.create(credential(rsa), rsa)
    assert vc_jwt.verify(token, rsa.public_key)["nbf"] == SECONDS


def test_the_w3c_form_round_trips(signer):
    token = vc_jwt.create(credential(signer), signer, typ=vc_jwt.JOSE)
    vc_jwt.verify(token, signer.public_key)
    assert vc_jwt.parse(token).header["typ"] == "vc+jwt"
    assert vc_jwt.parse(token).credential == credential(signer)


def test_a_vcdm_1_credential_travels_under_vc(signer):
    token = vc_jwt.create(vcdm_1(signer), signer)
    payload = vc_jwt.verify(token, signer.public_key)
    assert payload["vc"] == vcdm_1(signer)
    assert payload["nbf"] == SECONDS
    assert set(payload) == {"vc", "iss", "sub", "jti", "nbf"}
    assert vc_jwt.parse(token).credential == vcdm_1(signer)


def test_a_vcdm_1_credential_is_no_vc_jwt_of_w3c(signer):
    with pytest.raises(MalformedCredential, match="VCDM 2"):
        vc_jwt.create(vcdm_1(signer), signer, typ=vc_jwt.JOSE)


def test_a_subject_without_id_needs_no_sub(signer):
    token = vc_jwt.create(credential(signer, credentialSubject={"type": ["X"]}), signer)
    assert "sub" not in vc_jwt.verify(token, signer.public_key)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:example:mallory"),
        ("iss", {"id": "did:example:mallory"}),
        ("sub", "did:example:other"),
        ("sub", None),
        ("jti", "urn:uuid:other"),
        ("nbf", SECONDS + 1),
        ("nbf", str(SECONDS)),
        ("nbf", True),
        ("exp", SECONDS + 1000),
    ],
)
def test_a_claim_that_contradicts_the_credential_is_refused(signer, claim, value):
    payload = vc_jwt.credential_to_payload(credential(signer)) | {claim: value}
    with pytest.raises(ProofInvalid, match=claim):
        vc_jwt.verify(sign(payload, signer), signer.public_key)


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "nbf", "exp"])
def test_a_missing_claim_is_refused_in_the_open_badges_form(signer, claim):
    payload = vc_jwt.credential_to_payload(credential(signer, validUntil="2030-01-01T00:00:00Z"))
    del payload[claim]
    with pytest.raises(ProofInvalid, match=claim):
        vc_jwt.verify(sign(payload, signer), signer.public_key)


def test_the_w3c_form_may_leave_the_claims_out(signer):
    token = sign(credential(signer), signer, typ="vc+jwt")
    assert vc_jwt.verify(token, signer.public_key) == credential(signer)


def test_but_claims_in_the_w3c_form_must_agree(signer):
    token = sign(credential(signer) | {"iss": "did:example:mallory"}, signer, typ="vc+jwt")
    with pytest.raises(ProofInvalid, match="iss"):
        vc_jwt.parse(token)


@pytest.mark.parametrize("field", ["id", "issuer", "validFrom"])
def test_nothing_is_signed_that_lacks_what_the_claims_need(signer, field):
    with pytest.raises(MalformedCredential, match="nothing for"):
        vc_jwt.create(credential(signer, **{field: None}), signer)


@pytest.mark.parametrize(
    "date", ["2026-11-23", "2026-11-23T14:00:00", "2026-13-01T00:00:00Z", "now", 5, None]
)
def test_a_date_that_is_none_is_refused(signer, date):
    payload = credential(signer) | {"validFrom": date, "iss": "x", "jti": "x", "nbf": 1}
    with pytest.raises(MalformedCredential):
        vc_jwt.parse(sign(payload, signer))


def test_two_dates_that_differ_are_refused(signer):
    document = vcdm_1(signer) | {"validFrom": "2020-01-01T00:00:00Z"}
    with pytest.raises(MalformedCredential, match="differ"):
        vc_jwt.create(document, signer)


def test_a_credential_in_two_places_is_refused(signer):
    payload = vc_jwt.credential_to_payload(vcdm_1(signer)) | {"credentialSubject": {"id": "x"}}
    with pytest.raises(MalformedCredential, match="beside vc"):
        vc_jwt.parse(sign(payload, signer))


@pytest.mark.parametrize("member", ["vc", "vp"])
def test_the_w3c_form_has_no_wrapper(signer, member):
    with pytest.raises(MalformedCredential, match="no vc or vp"):
        vc_jwt.parse(sign(credential(signer) | {member: {}}, signer, typ="vc+jwt"))


@pytest.mark.parametrize("vc", [[], "text", None, 1])
def test_a_vc_claim_that_is_no_object_is_refused(signer, vc):
    with pytest.raises(MalformedCredential):
        vc_jwt.parse(sign({"vc": vc}, signer))


@pytest.mark.parametrize(
    ("typ", "header"),
    [
        ("JWT", {"cty": "vc"}),
        ("vc+jwt", {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}}),
        ("vc+jwt", {"cty": "vp"}),
        ("vc+jwt", {"crit": ["exp"]}),
        ("JWT", {"x5c": ["AA"]}),
        ("JWT", {"jku": "https://evil.example"}),
    ],
)
def test_a_header_from_the_other_form_is_refused(signer, typ, header):
    payload = vc_jwt.credential_to_payload(credential(signer))
    with pytest.raises(ProofInvalid):
        vc_jwt.parse(sign(payload, signer, typ=typ, **header))


@pytest.mark.parametrize("typ", ["vp+jwt", "dc+sd-jwt", "application/vc+jwt", "jwt", None])
def test_other_types_are_no_credentials(signer, typ):
    payload = vc_jwt.credential_to_payload(credential(signer))
    with pytest.raises(ProofInvalid, match="typ"):
        vc_jwt.parse(sign(payload, signer, typ=typ))


def test_the_signature_is_checked(signer):
    token = vc_jwt.create(credential(signer), signer)
    with pytest.raises(ProofInvalid, match="signature"):
        vc_jwt.verify(token, memory.generate(Curve.ED25519).public_key)


def test_a_presentation_is_for_one_audience_and_nonce(signer):
    token = vc_jwt.create_presentation(
        {"type": ["VerifiablePresentation"]}, signer, audience="https://a", nonce="n", issued_at=NOW
    )
    key = signer.public_key
    claims = vc_jwt.verify_presentation(token, key, audience="https://a", nonce="n")
    assert claims["iat"] == SECONDS
    for audience, nonce in (("https://b", "n"), ("https://a", "m")):
        with pytest.raises(ProofInvalid, match="someone else"):
            vc_jwt.verify_presentation(token, key, audience=audience, nonce=nonce)


def test_a_presentation_is_no_credential(signer):
    token = vc_jwt.create_presentation({}, signer, audience="a", nonce="n", issued_at=NOW)
    with pytest.raises(ProofInvalid, match="typ"):
        vc_jwt.parse(token)
