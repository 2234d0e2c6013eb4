"""One log for each offer: every step, every refusal with its cause, and no secret."""

from urllib.parse import parse_qs, urlsplit

import pytest

from issuer.oid4vci.hints import hint
from issuer.oid4vci.refusal import Code
from issuer.oid4vci.session_log import redact
from tests.issuer.oid4vci.conftest import TOKEN
from tests.issuer.oid4vci.wallet import PRE_AUTHORIZED

BEARER = {"Authorization": f"Bearer {TOKEN}"}


def log_of(service, made):
    answer = service.client().get(f"/api/offers/{made.name}/log", headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer


def test_the_log_tells_the_whole_session(service, wallet):
    made = service.offer(tx_code=True)
    offer = wallet.read(made.uri)
    wallet.redeem(offer)
    token = wallet.redeem(offer, tx_code=made.tx_code).json()["access_token"]
    issuer = offer["credential_issuer"]
    body = {"credential_configuration_id": offer["credential_configuration_ids"][0]}
    wallet.ask(issuer, token, body)
    proof = wallet.proof(issuer, wallet.nonce(issuer))
    given = wallet.ask(issuer, token, body | {"proofs": {"jwt": [proof]}}).json()
    told = {"notification_id": given["notification_id"], "event": "credential_failure"}
    wallet.ask(issuer, token, told | {"event_description": "no room left"}, "notification")
    log = log_of(service, made).json()
    assert [(step["step"], step["outcome"], step["code"]) for step in log["steps"]] == [
        ("offer", "ok", None),
        ("fetch", "ok", None),
        ("token", "refused", "invalid_request"),
        ("token", "ok", None),
        ("credential", "refused", "invalid_proof"),
        ("credential", "ok", None),
        ("notification", "ok", None),
    ]
    assert "tx_code" in log["steps"][2]["detail"]["cause"]
    assert log["steps"][-1]["detail"]["description"] == "no room left"
    assert log["state"] == "failed"
    assert "other way" in log["steps"][2]["hint"]
    assert log["steps"][3]["hint"] == ""


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer no"}, {"Cookie": "a=b"}],
)
def test_a_log_is_told_to_nobody_without_the_token(service, headers):
    made = service.offer()
    answer = service.client().get(f"/api/offers/{made.name}/log", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert made.name not in answer.text


def test_a_used_offer_that_is_fetched_again_leaves_a_refusal(service, wallet):
    made = service.offer()
    wallet.redeem(wallet.read(made.uri))
    wallet.client.get(parse_qs(urlsplit(made.uri).query)["credential_offer_uri"][0])
    last = log_of(service, made).json()["steps"][-1]
    assert (last["step"], last["outcome"], last["code"]) == ("fetch", "refused", "invalid_request")
    assert "new code" in last["hint"]


@pytest.mark.parametrize("code", Code)
def test_every_refusal_has_a_hint(code):
    assert hint("credential", code).endswith(".")
    assert hint("credential", None) == ""


def test_no_secret_is_in_the_log(service, wallet):
    made = service.offer(tx_code=True)
    offer = wallet.read(made.uri)
    code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
    token = wallet.redeem(offer, tx_code=made.tx_code).json()["access_token"]
    issuer = offer["credential_issuer"]
    nonce = wallet.nonce(issuer)
    proof = wallet.proof(issuer, nonce, aud=f"https://evil.example/{token}")
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [proof]},
    }
    wallet.ask(issuer, token, body)
    told = {"notification_id": token, "event": "credential_accepted", "event_description": token}
    wallet.ask(issuer, token, told, "notification")
    text = log_of(service, made).text
    for secret in (code, token, nonce, proof, made.tx_code, made.uri.rpartition("%2F")[2]):
        assert secret not in text


@pytest.mark.parametrize("name", ["nonsense", "A" * 22])
def test_a_log_that_is_not_there(service, name):
    answer = service.client().get(f"/api/offers/{name}/log", headers=BEARER)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_long_words_are_cut_and_sentences_are_not():
    secret = "abcdefghijklmnopqrstuvwxyz0123456789"
    assert redact(f"token {secret} is wrong") == "token abcdef… is wrong"
    assert redact("the proof has expired") == "the proof has expired"
