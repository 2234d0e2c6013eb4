"""The whole flow over HTTP, as a wallet sees it."""

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from did import jwk
from issuer.oid4vci import offers
from issuer.oid4vci.model import Format, GrantKind
from tests.issuer.oid4vci.wallet import PRE_AUTHORIZED, new_key, pkce

BACK = "https://wallet.example/callback"


@pytest.mark.parametrize("form", list(Format))
def test_a_wallet_receives_a_badge(service, wallet, form):
    offer, token, answer = wallet.receive(service.offer(format=form).uri)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert set(body) == {"credentials", "notification_id"}
    assert len(body["credentials"]) == 1
    told = {"notification_id": body["notification_id"], "event": "credential_accepted"}
    for _ in range(2):  # idempotent
        reply = wallet.ask(offer["credential_issuer"], token, told, "notification")
        assert reply.status_code == 204


def test_the_state_of_an_offer_follows_the_wallet(service, wallet):
    made = service.offer()
    state = lambda: offers.offer_state(service.instance, made.name)  # noqa: E731
    assert state() == "open"
    offer = wallet.read(made.uri)
    token = wallet.redeem(offer).json()["access_token"]
    assert state() == "redeemed"
    issuer = offer["credential_issuer"]
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]},
    }
    answer = wallet.ask(issuer, token, body).json()
    assert state() == "issued"
    told = {"notification_id": answer["notification_id"], "event": "credential_accepted"}
    wallet.ask(issuer, token, told, "notification")
    assert state() == "accepted"


def test_an_offer_by_value_works_as_well(service, wallet):
    _, _, answer = wallet.receive(service.offer().uri_by_value)
    assert answer.status_code == 200


def test_an_offer_names_nobody_and_hides_the_code(service, wallet):
    made = service.offer(tx_code=True)
    offer = wallet.read(made.uri)
    assert set(offer) == {"credential_issuer", "credential_configuration_ids", "grants"}
    assert len(offer["credential_configuration_ids"]) == 1
    told = offer["grants"][PRE_AUTHORIZED]["tx_code"]
    assert set(told) == {"input_mode", "length", "description"}
    assert made.tx_code not in json.dumps(offer)


def test_the_right_transaction_code_opens_the_offer(service, wallet):
    made = service.offer(tx_code=True)
    _, _, answer = wallet.receive(made.uri, tx_code=made.tx_code)
    assert answer.status_code == 200


def test_a_batch_gives_one_copy_for_each_key(service, wallet):
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    token = wallet.redeem(offer).json()["access_token"]
    nonce = wallet.nonce(issuer)
    keys = [new_key() for _ in range(3)]
    proofs = [wallet.proof(issuer, nonce, signer=key) for key in keys]
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": proofs},
    }
    answer = wallet.ask(issuer, token, body).json()
    holders = [one["credential"]["holder"] for one in answer["credentials"]]
    assert holders == [key.verification_method.partition("#")[0] for key in keys]


def test_details_in_the_token_request_give_identifiers(service, wallet):
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    (name,) = offer["credential_configuration_ids"]
    details = [{"type": "openid_credential", "credential_configuration_id": name}]
    answer = wallet.redeem(offer, authorization_details=json.dumps(details)).json()
    ((identifier,),) = [d["credential_identifiers"] for d in answer["authorization_details"]]
    proofs = {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]}
    refused = wallet.ask(
        issuer, answer["access_token"], {"credential_configuration_id": name, "proofs": proofs}
    )
    assert refused.json()["error"] == "invalid_credential_request"
    body = {"credential_identifier": identifier, "proofs": proofs}
    assert wallet.ask(issuer, answer["access_token"], body).status_code == 200


def test_a_deferred_badge_comes_later(service, wallet):
    offer, token, answer = wallet.receive(service.offer(deferred_seconds=30).uri)
    issuer = offer["credential_issuer"]
    assert answer.status_code == 202
    body = answer.json()
    assert set(body) == {"transaction_id", "interval"}
    ask = {"transaction_id": body["transaction_id"]}
    pending = wallet.ask(issuer, token, ask, "deferred_credential")
    assert (pending.status_code, pending.json()) == (202, body)
    service.clock.forward(seconds=31)
    ready = wallet.ask(issuer, token, ask, "deferred_credential")
    assert ready.status_code == 200
    assert set(ready.json()) == {"credentials"}  # no notification_id: fact 3 of the interop notes
    spent = wallet.ask(issuer, token, ask, "deferred_credential")
    assert (spent.status_code, spent.json()["error"]) == (400, "invalid_transaction_id")


def authorize(service, wallet, *, push=True, details=False, **changes):
    """Walk the authorization code flow up to the answer in the browser."""
    made = service.offer(grant=GrantKind.AUTHORIZATION_CODE)
    offer = wallet.read(made.uri)
    issuer = offer["credential_issuer"]
    (name,) = offer["credential_configuration_ids"]
    verifier, challenge = pkce()
    request = {
        "response_type": "code",
        "client_id": "wallet",
        "redirect_uri": BACK,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": "af0ifjsldkj",
        "issuer_state": offer["grants"]["authorization_code"]["issuer_state"],
    }
    if details:
        wanted = [{"type": "openid_credential", "credential_configuration_id": name}]
        request["authorization_details"] = json.dumps(wanted)
    else:
        request["scope"] = name
    request = {k: v for k, v in (request | changes).items() if v is not None}
    if push:
        pushed = wallet.client.post(f"{issuer}/par", data=request)
        if pushed.status_code != 201:
            return issuer, verifier, pushed
        query = f"client_id=wallet&request_uri={quote(pushed.json()['request_uri'])}"
    else:
        query = "&".join(f"{k}={quote(v)}" for k, v in request.items())
    return issuer, verifier, wallet.client.get(f"{issuer}/authorize?{query}")


def answer_of(response):
    assert response.status_code == 302, response.text
    parts = urlsplit(response.headers["location"])
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


@pytest.mark.parametrize("push", [True, False])
@pytest.mark.parametrize("details", [True, False])
def test_the_authorization_code_flow(service, wallet, push, details):
    issuer, verifier, response = authorize(service, wallet, push=push, details=details)
    answer = answer_of(response)
    assert answer["iss"] == issuer  # RFC 9207: present and equal to the metadata's issuer
    assert answer["state"] == "af0ifjsldkj"
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "code_verifier": verifier,
        "redirect_uri": BACK,
        "client_id": "wallet",
    }
    token = wallet.client.post(f"{issuer}/token", data=form).json()
    assert ("authorization_details" in token) is details
    if details:
        named = {
            "credential_identifier": token["authorization_details"][0]["credential_identifiers"][0]
        }
    else:
        named = {"credential_configuration_id": token["scope"]}
    proof = wallet.proof(issuer, wallet.nonce(issuer), iss="wallet")
    given = wallet.ask(issuer, token["access_token"], named | {"proofs": {"jwt": [proof]}})
    assert given.status_code == 200, given.text


def test_a_wallet_without_an_offer_sends_the_learner_to_a_page(service, wallet):
    issuer, verifier, page = authorize(service, wallet, push=False, issuer_state=None)
    assert page.status_code == 200
    assert "form-action" not in page.headers["content-security-policy"]
    made = service.offer(grant=GrantKind.AUTHORIZATION_CODE)
    state = wallet.read(made.uri)["grants"]["authorization_code"]["issuer_state"]
    request_uri = page.text.partition('name="request_uri" value="')[2].partition('"')[0]
    form = {"request_uri": request_uri, "offer_code": "nonsense"}
    again = wallet.client.post(f"{issuer}/authorize", data=form)
    assert again.status_code == 200
    assert 'role="alert"' in again.text
    answer = answer_of(wallet.client.post(f"{issuer}/authorize", data=form | {"offer_code": state}))
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "code_verifier": verifier,
        "redirect_uri": BACK,
        "client_id": "wallet",
    }
    assert wallet.client.post(f"{issuer}/token", data=form).status_code == 200


def test_a_token_bound_to_a_key(service, wallet):
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    answer = wallet.redeem(offer, headers={"DPoP": wallet.dpop(f"{issuer}/token")}).json()
    assert answer["token_type"] == "DPoP"
    token = answer["access_token"]
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]},
    }
    headers = {
        "Authorization": f"DPoP {token}",
        "DPoP": wallet.dpop(f"{issuer}/credential", token=token),
    }
    assert wallet.client.post(f"{issuer}/credential", json=body, headers=headers).status_code == 200


@pytest.mark.parametrize("form", ["kid", "jwk"])
def test_the_key_comes_by_did_or_bare(service, wallet, form):
    offer = wallet.read(service.offer(format=Format.SD_JWT_VC).uri)
    issuer = offer["credential_issuer"]
    token = wallet.redeem(offer).json()["access_token"]
    header = {"kid": None, "jwk": jwk.to_jwk(wallet.signer.public_key)} if form == "jwk" else {}
    proof = wallet.proof(issuer, wallet.nonce(issuer), header=header)
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [proof]},
        "something_unknown": True,
    }
    assert wallet.ask(issuer, token, body).status_code == 200
    assert service.issued[-1][2].jwk == jwk.to_jwk(wallet.signer.public_key)


def test_browsers_may_read_the_answers(service, wallet):
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    asked = wallet.client.options(f"{issuer}/credential", headers={"Origin": "https://w.example"})
    assert asked.status_code == 204
    assert "DPoP" in asked.headers["access-control-allow-headers"]
    refused = wallet.ask(issuer, "nonsense", {})
    assert refused.headers["access-control-allow-origin"] == "*"
