"""Wallets somebody vouches for: where providers are trusted, every flaw is `invalid_client`."""

import secrets

import pytest

from did import jwk
from issuer.oid4vci import desk
from tests.issuer.oid4vci.wallet import compact, new_key

ISSUER = "https://badges.example/o/morgenau"
PROVIDER, KEY = new_key(), new_key()


@pytest.fixture
def trusting(service):
    desk.switch(service.instance, "morgenau", "", [jwk.to_jwk(PROVIDER.public_key)])
    yield service
    desk.switch(service.instance, "morgenau", "")


def headers(service, *, provider=PROVIDER, key=KEY, claims=None, proof=None):
    now = int(service.clock().timestamp())
    told = {
        "iss": "https://provider.example",
        "sub": "wallet",
        "exp": now + 300,
        "cnf": {"jwk": jwk.to_jwk(KEY.public_key)},
    }
    shown = {"iss": "wallet", "aud": ISSUER, "iat": now, "jti": secrets.token_urlsafe(9)}
    return {
        "OAuth-Client-Attestation": compact(
            provider, {"typ": "oauth-client-attestation+jwt"}, told | (claims or {})
        ),
        "OAuth-Client-Attestation-PoP": compact(
            key, {"typ": "oauth-client-attestation-pop+jwt"}, shown | (proof or {})
        ),
    }


def test_a_wallet_that_is_vouched_for(trusting, wallet):
    offer = wallet.read(trusting.offer().uri)
    answer = wallet.redeem(offer, headers=headers(trusting), client_id="wallet")
    assert answer.status_code == 200
    issuer, token = offer["credential_issuer"], answer.json()["access_token"]
    body = {"credential_configuration_id": offer["credential_configuration_ids"][0]}
    other = wallet.proof(issuer, wallet.nonce(issuer), iss="other")
    refused = wallet.ask(issuer, token, body | {"proofs": {"jwt": [other]}})
    assert refused.json()["error"] == "invalid_proof"
    own = wallet.proof(issuer, wallet.nonce(issuer), iss="wallet")
    assert wallet.ask(issuer, token, body | {"proofs": {"jwt": [own]}}).status_code == 200


@pytest.mark.parametrize(
    "flaw",
    [
        {"provider": new_key()},
        {"key": new_key()},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"sub": None}},
        {"claims": {"sub": "other"}},
        {"claims": {"cnf": None}},
        {"claims": {"cnf": {"jwk": {"kty": "EC", "d": "x"}}}},
        {"proof": {"aud": "https://evil.example"}},
        {"proof": {"iat": 1}},
        {"proof": {"iat": None}},
        {"proof": {"jti": None}},
        {"proof": {"iss": "other"}},
    ],
)
@pytest.mark.parametrize("place", ["token", "par"])
def test_attestations_that_are_not_right(trusting, wallet, flaw, place):
    offer = wallet.read(trusting.offer().uri)
    sent = headers(trusting, **flaw)
    if place == "token":
        answer = wallet.redeem(offer, headers=sent, client_id="wallet")
    else:
        answer = wallet.client.post(f"{ISSUER}/par", data={"client_id": "wallet"}, headers=sent)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("missing", ["OAuth-Client-Attestation", "OAuth-Client-Attestation-PoP"])
def test_one_without_the_other(trusting, wallet, missing):
    sent = headers(trusting)
    del sent[missing]
    answer = wallet.redeem(wallet.read(trusting.offer().uri), headers=sent)
    assert answer.json()["error"] == "invalid_client"


def test_a_proof_of_possession_is_used_once(trusting, wallet):
    sent = headers(trusting)
    first, second = (wallet.read(trusting.offer().uri) for _ in range(2))
    assert wallet.redeem(first, headers=sent).status_code == 200
    assert wallet.redeem(second, headers=sent).json()["error"] == "invalid_client"


def test_it_is_announced_only_where_somebody_is_trusted(trusting, wallet):
    place = "https://badges.example/.well-known/oauth-authorization-server/o/"
    methods = "token_endpoint_auth_methods_supported"
    assert "attest_jwt_client_auth" in wallet.client.get(f"{place}morgenau").json()[methods]
    assert wallet.client.get(f"{place}halvik").json()[methods] == ["none"]


def test_where_nobody_is_trusted_it_changes_nothing(service, wallet):
    sent = headers(service, provider=new_key())
    offer = wallet.read(service.offer().uri)
    assert wallet.redeem(offer, headers=sent).status_code == 200
