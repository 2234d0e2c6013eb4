"""Requests and answers that only their reader can open; errors are never encrypted."""

import json

import pytest
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from issuer.oid4vci import encryption

HOST = "https://badges.example"


@pytest.fixture
def key():
    return JWK.generate(kty="EC", crv="P-256")


def public(key, **more):
    return {**key.export_public(as_dict=True), "alg": "ECDH-ES", "kid": "w"} | more


@pytest.fixture
def scene(service, wallet):
    """Return issuer, token, a right request, and the issuer's encryption key."""
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    token = wallet.redeem(offer).json()["access_token"]
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]},
    }
    metadata = wallet.client.get(f"{HOST}/.well-known/openid-credential-issuer/o/morgenau").json()
    (ours,) = metadata["credential_request_encryption"]["jwks"]["keys"]
    return issuer, token, body, ours


def seal(body, ours, **header):
    head = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": ours["kid"]} | header
    return JWE(json.dumps(body), json.dumps(head), recipient=JWK(**ours)).serialize(compact=True)


def send(wallet, issuer, token, sealed):
    return wallet.client.post(
        f"{issuer}/credential",
        content=sealed,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/jwt"},
    )


@pytest.mark.parametrize("enc", ["A128GCM", "A256GCM"])
def test_request_and_answer_are_encrypted(wallet, scene, key, enc):
    issuer, token, body, ours = scene
    body["credential_response_encryption"] = {"jwk": public(key), "enc": enc}
    answer = send(wallet, issuer, token, seal(body, ours))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jwt"
    opened = JWE()
    opened.deserialize(answer.text, key)
    assert set(json.loads(opened.payload)) == {"credentials", "notification_id"}
    assert opened.jose_header["enc"] == enc
    assert opened.jose_header["kid"] == "w"


def test_party_information_in_the_header_is_honoured(wallet, scene):
    """Fact 7: some libraries set `apu` and `apv`, which go into the key."""
    issuer, token, body, ours = scene
    answer = send(wallet, issuer, token, seal(body, ours, apu="d2FsbGV0", apv="aXNzdWVy"))
    assert answer.status_code == 200, answer.text


def test_an_encrypted_request_may_be_answered_in_the_clear(wallet, scene):
    issuer, token, body, ours = scene
    answer = send(wallet, issuer, token, seal(body, ours))
    assert answer.headers["content-type"] == "application/json"
    assert answer.status_code == 200


def refused(answer, code="invalid_encryption_parameters"):
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"] == code


@pytest.mark.parametrize(
    "change",
    [
        {"enc": "A256CBC-HS512"},
        {"enc": "none"},
        {"zip": "DEF"},
        {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RSA-OAEP"}},
        {"jwk": {"kty": "EC", "crv": "P-256", "alg": "ECDH-ES"}},
        {"jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "alg": "ECDH-ES"}},
        {"jwk": "text"},
        {"jwk": None},
    ],
)
def test_parameters_that_are_not_right(wallet, scene, key, change):
    issuer, token, body, ours = scene
    body["credential_response_encryption"] = {"jwk": public(key), "enc": "A128GCM"} | change
    refused(send(wallet, issuer, token, seal(body, ours)))


def test_a_key_without_alg_is_refused(wallet, scene, key):
    issuer, token, body, ours = scene
    jwk = {k: v for k, v in public(key).items() if k != "alg"}
    body["credential_response_encryption"] = {"jwk": jwk, "enc": "A128GCM"}
    refused(send(wallet, issuer, token, seal(body, ours)))


def test_an_encrypted_answer_needs_an_encrypted_request(wallet, scene, key):
    issuer, token, body, _ = scene
    body["credential_response_encryption"] = {"jwk": public(key), "enc": "A128GCM"}
    refused(wallet.ask(issuer, token, body))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: "nonsense",
        lambda sealed: sealed[:-4] + "AAAA",
        lambda sealed: sealed.rpartition(".")[0],
        lambda sealed: "é" + sealed,
        lambda sealed: "",
    ],
)
def test_what_cannot_be_opened(wallet, scene, spoil):
    issuer, token, body, ours = scene
    refused(send(wallet, issuer, token, spoil(seal(body, ours))))


def test_a_request_to_another_key(wallet, scene, key):
    issuer, token, body, ours = scene
    refused(send(wallet, issuer, token, seal(body, public(key) | {"kid": ours["kid"]})))
    refused(send(wallet, issuer, token, seal(body, ours | {"kid": "other"}, kid="other")))


def test_compression_is_refused_before_it_costs(wallet, scene):
    issuer, token, body, ours = scene
    refused(send(wallet, issuer, token, seal(body, ours, zip="DEF")))


def test_an_error_inside_an_encrypted_request_is_told_in_the_clear(wallet, scene, key):
    issuer, token, body, ours = scene
    body["credential_response_encryption"] = {"jwk": public(key), "enc": "A128GCM"}
    body["credential_configuration_id"] = "nonsense"
    refused(send(wallet, issuer, token, seal(body, ours)), "unknown_credential_configuration")


def test_each_organisation_has_a_key_of_its_own():
    first, second = (encryption.derive_key(b"k" * 32, number) for number in (1, 2))
    assert first.thumbprint() != second.thumbprint()
    assert first.thumbprint() == encryption.derive_key(b"k" * 32, 1).thumbprint()
