"""Older drafts: what triggers each rule, and that nothing of it reaches a wallet of today."""

import pytest

from issuer.oid4vci import compat, desk
from issuer.oid4vci.model import Format
from issuer.oid4vci.refusal import Refused

HOST = "https://badges.example"


@pytest.fixture
def switched(service):
    """Switch a dialect on for the organisation that offers by default."""

    def switch(names):
        desk.switch(service.instance, "morgenau", names)

    yield switch
    switch("")


@pytest.fixture
def let_in(service, wallet):
    offer = wallet.read(service.offer().uri)
    answer = wallet.redeem(offer).json()
    return offer["credential_issuer"], answer["access_token"], offer


def test_one_proof_of_old_is_read_as_proofs(wallet, let_in):
    issuer, token, offer = let_in
    jwt = wallet.proof(issuer, wallet.nonce(issuer))
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proof": {"proof_type": "jwt", "jwt": jwt},
    }
    answer = wallet.ask(issuer, token, body)
    assert answer.status_code == 200
    assert "credential" not in answer.json()  # only `format` with `proof` is answered of old


def test_format_and_proof_are_answered_of_old(wallet, let_in):
    issuer, token, _ = let_in
    jwt = wallet.proof(issuer, wallet.nonce(issuer))
    body = {
        "format": "ldp_vc",
        "credential_definition": {"type": ["VerifiableCredential"]},
        "proof": {"proof_type": "jwt", "jwt": jwt},
    }
    answer = wallet.ask(issuer, token, body).json()
    assert answer["credential"] == answer["credentials"][0]["credential"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proofs": {"jwt": ["x"]}}, "invalid_proof"),
        ({"proof": "x"}, "invalid_proof"),
        ({"proof": {"jwt": "x"}}, "invalid_proof"),
        ({"proof": {"proof_type": "jwt"}}, "invalid_proof"),
        ({"format": "mso_mdoc"}, "invalid_credential_request"),
    ],
)
def test_old_requests_that_are_not_right(wallet, let_in, change, code):
    issuer, token, _ = let_in
    jwt = wallet.proof(issuer, wallet.nonce(issuer))
    body = {"format": "ldp_vc", "proof": {"proof_type": "jwt", "jwt": jwt}} | change
    answer = wallet.ask(issuer, token, body)
    assert (answer.status_code, answer.json()["error"]) == (400, code)


def test_a_wallet_of_today_sees_no_member_of_old(service, wallet, let_in):
    issuer, token, offer = let_in
    assert set(wallet.redeem(wallet.read(service.offer().uri)).json()) == {
        "access_token",
        "token_type",
        "expires_in",
    }
    body = {"credential_configuration_id": offer["credential_configuration_ids"][0]}
    refused = wallet.ask(issuer, token, body).json()
    assert set(refused) == {"error", "error_description"}
    metadata = wallet.client.get(f"{HOST}/.well-known/openid-credential-issuer/o/morgenau").json()
    assert not {"token_endpoint", "issuer"} & set(metadata)


def test_the_vc_api_world_is_served_where_it_is_switched_on(service, wallet, switched):
    """Fact 6: server members in the issuer metadata, `bearer`, nonces, proofs without typ, iat."""
    switched("vcapi")
    metadata = wallet.client.get(f"{HOST}/.well-known/openid-credential-issuer/o/morgenau").json()
    assert {"issuer", "token_endpoint", "authorization_details_types_supported"} <= set(metadata)
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    token = wallet.redeem(offer).json()
    assert token["token_type"] == "bearer"
    assert token["c_nonce_expires_in"] == 300
    body = {"credential_configuration_id": offer["credential_configuration_ids"][0]}
    refused = wallet.ask(issuer, token["access_token"], body).json()
    assert refused["error"] == "invalid_proof"
    now = int(service.clock().timestamp())
    proof = wallet.proof(
        issuer, refused["c_nonce"], header={"typ": None}, iat=None, nbf=now, exp=now + 60
    )
    body["proofs"] = {"proof_type": "jwt", "jwt": [proof]}
    assert wallet.ask(issuer, token["access_token"], body).status_code == 200


def test_and_fails_cleanly_where_it_is_not(wallet, let_in):
    issuer, token, offer = let_in
    proof = wallet.proof(issuer, wallet.nonce(issuer), header={"typ": None}, iat=None)
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"proof_type": "jwt", "jwt": [proof]},
    }
    assert wallet.ask(issuer, token, body).json()["error"] == "invalid_proof"


def test_one_identifier_may_be_named_by_its_configuration_where_switched(service, wallet, switched):
    """Fact 4: after details a configuration id will not do, unless the organisation says so."""
    switched("identifier")
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    (name,) = offer["credential_configuration_ids"]
    details = f'[{{"type":"openid_credential","credential_configuration_id":"{name}"}}]'
    token = wallet.redeem(offer, authorization_details=details).json()["access_token"]
    proofs = {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]}
    body = {"credential_configuration_id": name, "proofs": proofs}
    assert wallet.ask(issuer, token, body).status_code == 200


def test_offers_name_one_configuration_and_nothing_is_deferred_by_default(service, wallet):
    """Facts 9 and 10: some wallets spend one nonce for all, and cannot come back later."""
    offer, _, answer = wallet.receive(service.offer(format=Format.JWT_VC_JSON).uri)
    assert len(offer["credential_configuration_ids"]) == 1
    assert answer.status_code == 200


def test_a_switch_that_does_not_exist(service):
    with pytest.raises(ValueError, match="no such switch"):
        desk.switch(service.instance, "morgenau", "vcapi everything")


def test_both_proof_and_proofs_are_refused():
    with pytest.raises(Refused):
        compat.to_credential_request({"proof": {}, "proofs": {}}, None, {}, frozenset())
