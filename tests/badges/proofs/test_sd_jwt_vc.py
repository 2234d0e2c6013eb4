"""SD-JWT VC: the claims a verifier leans on are in the clear, and the key is the issuer's."""

import json
from datetime import UTC, datetime

import pytest

from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws, sd_jwt, sd_jwt_vc
from did import jwk
from did.public_key import Curve
from did.signers import memory

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
VCT = "https://uni.example/o/uni/vct/python"
HOLDER = memory.generate(Curve.P256)
CLAIMS = {"name": "Ana", "achievement": {"name": "Python", "ects": 3}}


@pytest.fixture(scope="module", params=[Curve.ED25519, Curve.P256])
def signer(request):
    return memory.generate(request.param)


def envelope(**changes):
    plain = {
        "vct": VCT,
        "issued_at": NOW,
        "holder_jwk": jwk.to_jwk(HOLDER.public_key),
        "status": ("https://uni.example/status/1", 42),
    }
    return sd_jwt_vc.Envelope(**plain | changes)


def create(signer, disclosable=(("name",), ("achievement", "ects")), **changes):
    return sd_jwt_vc.create(CLAIMS, signer, envelope(**changes), disclosable=disclosable)


def sign(payload, signer, header=None, disclosures=()):
    head = {"typ": "dc+sd-jwt", "kid": signer.verification_method} if header is None else header
    token = jws.create(head, json.dumps(payload).encode(), signer)
    return "~".join((token, *disclosures, ""))


def issuer(signer):
    return signer.verification_method.partition("#")[0]


def test_it_round_trips_with_holder_status_and_type(signer):
    claims = sd_jwt_vc.verify(create(signer), signer.public_key)
    assert claims["name"] == "Ana"
    assert claims["achievement"] == {"name": "Python", "ects": 3}
    assert claims["vct"] == VCT
    assert claims["iss"] == issuer(signer)
    assert claims["cnf"]["jwk"] == jwk.to_jwk(HOLDER.public_key)
    assert claims["status"] == {"status_list": {"idx": 42, "uri": "https://uni.example/status/1"}}
    assert claims["iat"] == int(NOW.timestamp())


def test_what_may_be_hidden_is_not_in_the_signed_token(signer):
    parsed = sd_jwt_vc.parse(create(signer))
    assert "name" not in parsed.payload
    assert parsed.payload["achievement"].keys() == {"name", "_sd"}
    assert parsed.header["typ"] == "dc+sd-jwt"


def test_salts_are_new_each_time(signer):
    assert not set(sd_jwt.parse(create(signer)).disclosures) & set(
        sd_jwt.parse(create(signer)).disclosures
    )


def test_the_expiry_is_in_seconds(signer):
    until = datetime(2030, 1, 1, tzinfo=UTC)
    text = sd_jwt_vc.create({}, signer, envelope(expires=until, status=None, holder_jwk=None))
    claims = sd_jwt_vc.verify(text, signer.public_key)
    assert claims["exp"] == 1893456000
    assert not {"cnf", "status"} & set(claims)


@pytest.mark.parametrize("name", sorted(sd_jwt_vc.NEVER_HIDDEN))
def test_what_verifiers_lean_on_is_never_hidden(signer, name):
    with pytest.raises(MalformedCredential, match="never selectively"):
        create(signer, disclosable=[(name,)])


@pytest.mark.parametrize("name", ["iss", "exp", "cnf", "vct", "status"])
def test_claims_cannot_override_what_the_issuer_sets(signer, name):
    with pytest.raises(MalformedCredential, match="issuer alone"):
        sd_jwt_vc.create({name: "x"}, signer, envelope())


@pytest.mark.parametrize(("name", "value"), [("exp", 1), ("status", {}), ("cnf", {}), ("nbf", 1)])
def test_a_strangers_hidden_expiry_or_status_is_refused(signer, name, value):
    hidden = jws.b64url_encode(json.dumps(["s", name, value]).encode())
    payload = {"iss": issuer(signer), "vct": VCT, "_sd": [sd_jwt._digest(hidden, "sha-256")]}
    with pytest.raises(ProofInvalid, match="selectively"):
        sd_jwt_vc.verify(sign(payload, signer, disclosures=[hidden]), signer.public_key)


@pytest.mark.parametrize(
    "change",
    [
        {"vct": None},
        {"vct": ""},
        {"vct": 1},
        {"exp": "soon"},
        {"iat": True},
        {"cnf": []},
        {"cnf": {"jwk": "x"}},
        {"cnf": {"jwk": {"kty": "EC", "d": "x"}}},
        {"status": "x"},
        {"status": {"status_list": {"idx": "7", "uri": "https://x"}}},
        {"status": {"status_list": {"idx": -1, "uri": "https://x"}}},
        {"status": {"status_list": {"idx": True, "uri": "https://x"}}},
        {"status": {"status_list": {"idx": 7}}},
        {"status": {"status_list": []}},
    ],
)
def test_claims_of_the_wrong_form_are_refused(signer, change):
    payload = {"iss": issuer(signer), "vct": VCT} | change
    with pytest.raises(MalformedCredential):
        sd_jwt_vc.parse(sign(payload, signer))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "dc+sd-jwt"},
        {"typ": "dc+sd-jwt", "kid": "did:example:mallory#key-1"},
        {"typ": "dc+sd-jwt", "kid": "#key-1"},
        {"typ": "dc+sd-jwt", "kid": "x", "x5c": ["x"]},
        {"typ": "dc+sd-jwt", "x5c": []},
        {"typ": "dc+sd-jwt", "x5c": "MII"},
        {"typ": "dc+sd-jwt", "jwk": {"kty": "OKP"}},
        {"typ": "dc+sd-jwt", "crit": ["x"]},
        {"typ": "vc+sd-jwt"},
        {"typ": "JWT"},
        {},
    ],
)
def test_headers_that_lead_elsewhere_are_refused(signer, header):
    with pytest.raises(ProofInvalid):
        sd_jwt_vc.parse(sign({"iss": issuer(signer), "vct": VCT}, signer, header))


def test_certificates_may_name_the_key_instead(signer):
    parsed = sd_jwt_vc.parse(create(signer, x5c=("MIIB",)))
    assert parsed.header["x5c"] == ["MIIB"]
    assert "kid" not in parsed.header


def test_the_older_type_must_be_asked_for(signer):
    text = create(signer, typ="vc+sd-jwt")
    assert sd_jwt_vc.verify(text, signer.public_key, typ="vc+sd-jwt")["name"] == "Ana"
    with pytest.raises(ProofInvalid, match="typ"):
        sd_jwt_vc.verify(text, signer.public_key)


def test_the_signature_is_checked(signer):
    with pytest.raises(ProofInvalid):
        sd_jwt_vc.verify(create(signer), memory.generate(Curve.P256).public_key)


def test_a_presentation_with_key_binding_is_read_too(signer):
    whole = sd_jwt.parse(create(signer))
    payload = sd_jwt_vc.parse(create(signer)).payload
    shown = sd_jwt.present(whole, lambda path: path == ("name",), payload)
    bound = sd_jwt.create_key_binding(shown, HOLDER, audience="v", nonce="n", issued_at=NOW)
    text = bound.bound + bound.key_binding
    claims = sd_jwt_vc.verify(text, signer.public_key)
    assert "ects" not in claims["achievement"]
    holder = jwk.from_jwk(claims["cnf"]["jwk"])
    assert sd_jwt.verify_key_binding(sd_jwt.parse(text), holder, audience="v", nonce="n")
