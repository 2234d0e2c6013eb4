"""Every attack of the threat table, and the code it is refused with; nothing is issued then."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from badges.proofs import jws
from did import jwk
from did.public_key import Curve
from issuer.db import session
from issuer.db.oid4vci_tables import oid4vci_grant, oid4vci_spent, oid4vci_token
from issuer.oid4vci.model import BATCH_SIZE, MAX_COPIES, Format, GrantKind
from tests.issuer.oid4vci.test_flow_over_http import BACK, answer_of, authorize
from tests.issuer.oid4vci.wallet import PRE_AUTHORIZED, Wallet, compact, new_key

pytestmark = pytest.mark.usefixtures("nothing_more_issued")


@pytest.fixture
def nothing_more_issued(request, service):
    """Count what was issued; a test in which something right is issued asks for `issues`."""
    before = len(service.issued)
    yield
    if "issues" not in request.fixturenames:
        assert len(service.issued) == before


@pytest.fixture
def issues():
    """Mark a test in which something right is issued as well."""


@pytest.fixture
def let_in(service, wallet):
    """Return issuer, token and configuration of a redeemed offer."""
    offer = wallet.read(service.offer().uri)
    token = wallet.redeem(offer).json()["access_token"]
    return offer["credential_issuer"], token, offer["credential_configuration_ids"][0]


def refused(answer, code, status=400):
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] == code, answer.text
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"


# Offers and transaction codes


@pytest.mark.parametrize(
    ("with_code", "given", "code"),
    [
        (True, None, "invalid_request"),
        (True, "000000x", "invalid_grant"),
        (False, "123456", "invalid_request"),
    ],
)
def test_transaction_code_missing_wrong_or_unexpected(service, wallet, with_code, given, code):
    offer = wallet.read(service.offer(tx_code=with_code).uri)
    refused(wallet.redeem(offer, tx_code=given), code)


def test_a_transaction_code_cannot_be_tried_for_ever(service, wallet):
    made = service.offer(tx_code=True)
    offer = wallet.read(made.uri)
    wrong = f"{(int(made.tx_code) + 1) % 10**6:06d}"
    for _ in range(10):
        refused(wallet.redeem(offer, tx_code=wrong), "invalid_grant")
    refused(wallet.redeem(offer, tx_code=made.tx_code), "invalid_grant")


def test_four_wrong_codes_do_not_lock_the_learner_out(service, wallet):
    made = service.offer(tx_code=True)
    offer = wallet.read(made.uri)
    wrong = f"{(int(made.tx_code) + 1) % 10**6:06d}"
    for _ in range(4):
        refused(wallet.redeem(offer, tx_code=wrong), "invalid_grant")
    assert wallet.redeem(offer, tx_code=made.tx_code).status_code == 200


def test_a_code_is_used_once(service, wallet):
    offer = wallet.read(service.offer().uri)
    assert wallet.redeem(offer).status_code == 200
    refused(wallet.redeem(offer), "invalid_grant")


def test_a_used_offer_is_not_shown_again(service, wallet):
    uri = service.offer().uri
    wallet.redeem(wallet.read(uri))
    answer = wallet.client.get(parse_qs(urlsplit(uri).query)["credential_offer_uri"][0])
    refused(answer, "invalid_request", 410)


@pytest.mark.parametrize("ticket", ["x", "A" * 48, "A" * 500, "%00", "..x"])
def test_an_offer_cannot_be_guessed(service, wallet, ticket):
    answer = wallet.client.get(f"https://badges.example/o/morgenau/offers/{ticket}")
    assert answer.status_code == 404


def test_a_code_dies_after_ten_minutes(service, wallet):
    offer = wallet.read(service.offer().uri)
    service.clock.forward(minutes=11)
    refused(wallet.redeem(offer), "invalid_grant")


def test_an_offer_dies_with_its_time(service, wallet):
    uri = service.offer().uri
    service.clock.forward(days=15)
    answer = wallet.client.get(parse_qs(urlsplit(uri).query)["credential_offer_uri"][0])
    refused(answer, "invalid_request", 404)


@pytest.mark.parametrize("racers", [8])
def test_of_eight_at_once_exactly_one_wins(service_on_each, racers):
    wallet = Wallet(service_on_each.client(), new_key(), service_on_each.clock)
    offer = wallet.read(service_on_each.offer().uri)
    with ThreadPoolExecutor(racers) as pool:
        answers = list(pool.map(lambda _: wallet.redeem(offer), range(racers)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (racers - 1)
    assert {a.json()["error"] for a in answers if a.status_code != 200} == {"invalid_grant"}


def test_of_eight_guesses_at_once_five_are_heard(service_on_each):
    wallet = Wallet(service_on_each.client(), new_key(), service_on_each.clock)
    made = service_on_each.offer(tx_code=True)
    offer = wallet.read(made.uri)
    wrong = f"{(int(made.tx_code) + 1) % 10**6:06d}"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: wallet.redeem(offer, tx_code=wrong), range(8)))
    assert {answer.json()["error"] for answer in answers} == {"invalid_grant"}
    refused(wallet.redeem(offer, tx_code=made.tx_code), "invalid_grant")


# Grants


def test_a_pre_authorized_code_is_no_authorization_code(service, wallet):
    offer = wallet.read(service.offer().uri)
    code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": "x" * 50}
    refused(wallet.client.post(f"{offer['credential_issuer']}/token", data=form), "invalid_grant")


@pytest.mark.parametrize("grant", ["password", "client_credentials", "refresh_token", "nonsense"])
def test_other_grants_are_not_known(service, wallet, grant):
    offer = wallet.read(service.offer().uri)
    refused(wallet.redeem(offer, grant_type=grant), "unsupported_grant_type")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"pre-authorized_code": None}, "invalid_request"),
        ({"pre-authorized_code": "made-up"}, "invalid_grant"),
        ({"pre-authorized_code": "A" * 48}, "invalid_grant"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"authorization_details": '[{"type":"x"}]'}, "invalid_authorization_details"),
    ],
)
def test_token_requests_that_are_not_right(service, wallet, change, code):
    offer = wallet.read(service.offer().uri)
    refused(wallet.redeem(offer, **change), code)


def test_a_parameter_given_twice_is_refused(service, wallet):
    offer = wallet.read(service.offer().uri)
    answer = wallet.client.post(
        f"{offer['credential_issuer']}/token",
        content="grant_type=a&grant_type=b",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    refused(answer, "invalid_request")


def test_clients_do_not_authenticate(service, wallet):
    offer = wallet.read(service.offer().uri)
    answer = wallet.redeem(offer, headers={"Authorization": "Basic eDp5"})
    refused(answer, "invalid_client", 401)


# Proofs and nonces


def ask_with(wallet, let_in, proofs):
    issuer, token, name = let_in
    return wallet.ask(issuer, token, {"credential_configuration_id": name, "proofs": proofs})


OTHER = new_key()
SPOILT = {
    "alg none": lambda w, i, n: unsigned(w, i, n, "none"),
    "alg HS256": lambda w, i, n: unsigned(w, i, n, "HS256"),
    "typ missing": lambda w, i, n: w.proof(i, n, header={"typ": None}),
    "typ wrong": lambda w, i, n: w.proof(i, n, header={"typ": "JWT"}),
    "aud missing": lambda w, i, n: w.proof(i, n, aud=None),
    "aud wrong": lambda w, i, n: w.proof(i, n, aud="https://evil.example"),
    "aud several": lambda w, i, n: w.proof(i, n, aud=[i, "https://evil.example"]),
    "iat missing": lambda w, i, n: w.proof(i, n, iat=None),
    "iat text": lambda w, i, n: w.proof(i, n, iat="now"),
    "iat true": lambda w, i, n: w.proof(i, n, iat=True),
    "iat two days old": lambda w, i, n: w.proof(i, n, iat=seconds(w) - 172_800),
    "iat a day ahead": lambda w, i, n: w.proof(i, n, iat=seconds(w) + 86_400),
    "expired": lambda w, i, n: w.proof(i, n, exp=seconds(w) - 1),
    "nonce missing": lambda w, i, n: w.proof(i, None),
    "other key": lambda w, i, n: w.proof(i, n, header={"kid": OTHER.verification_method}),
    "tampered": lambda w, i, n: tampered(w.proof(i, n)),
    "two keys": lambda w, i, n: w.proof(i, n, header={"jwk": jwk.to_jwk(w.signer.public_key)}),
    "no key": lambda w, i, n: w.proof(i, n, header={"kid": None}),
    "private jwk": lambda w, i, n: w.proof(
        i, n, header={"kid": None, "jwk": {**jwk.to_jwk(w.signer.public_key), "d": "AA"}}
    ),
    "x5c": lambda w, i, n: w.proof(i, n, header={"kid": None, "x5c": ["MIIB"]}),
    "crit": lambda w, i, n: w.proof(i, n, header={"crit": ["exp"]}),
    "b64": lambda w, i, n: w.proof(i, n, header={"b64": False}),
    "jku": lambda w, i, n: w.proof(i, n, header={"jku": "http://127.0.0.1/keys"}),
    "x5u": lambda w, i, n: w.proof(i, n, header={"x5u": "http://169.254.169.254/"}),
    "did:web on loopback": lambda w, i, n: w.proof(i, n, header={"kid": "did:web:127.0.0.1#k"}),
    "did:web link-local": lambda w, i, n: w.proof(
        i, n, header={"kid": "did:web:169.254.169.254#k"}
    ),
    "https kid": lambda w, i, n: w.proof(i, n, header={"kid": "https://127.0.0.1/key"}),
    "not a token": lambda w, i, n: "nonsense",
    "not a text": lambda w, i, n: {"jwt": "x"},
    "unknown attester": lambda w, i, n: w.proof(
        i, n, header={"key_attestation": attestation(w, n)}
    ),
}


def seconds(wallet):
    return int(wallet.clock().timestamp())


def unsigned(wallet, issuer, nonce, alg):
    head = {"typ": "openid4vci-proof+jwt", "alg": alg, "kid": wallet.signer.verification_method}
    body = {"aud": issuer, "iat": seconds(wallet), "nonce": nonce}
    parts = [jws.b64url_encode(json.dumps(part).encode()) for part in (head, body)]
    return ".".join((*parts, "" if alg == "none" else "AAAA"))


def tampered(token):
    head, body, tail = token.split(".")
    claims = json.loads(jws.b64url_decode(body)) | {"extra": 1}
    return ".".join((head, jws.b64url_encode(json.dumps(claims).encode()), tail))


def attestation(wallet, nonce):
    keys = [jwk.to_jwk(wallet.signer.public_key)]
    claims = {"iat": seconds(wallet), "attested_keys": keys, "nonce": nonce}
    return compact(OTHER, {"typ": "key-attestation+jwt"}, claims)


@pytest.mark.parametrize("attack", SPOILT)
def test_a_spoilt_proof(wallet, let_in, attack):
    nonce = wallet.nonce(let_in[0])
    proof = SPOILT[attack](wallet, let_in[0], nonce)
    refused(ask_with(wallet, let_in, {"jwt": [proof]}), "invalid_proof")


@pytest.mark.usefixtures("issues")
def test_a_refused_proof_does_not_cost_the_nonce(wallet, let_in):
    nonce = wallet.nonce(let_in[0])
    bad = wallet.proof(let_in[0], nonce, aud="https://evil.example")
    refused(ask_with(wallet, let_in, {"jwt": [bad]}), "invalid_proof")
    good = wallet.proof(let_in[0], nonce)
    assert ask_with(wallet, let_in, {"jwt": [good]}).status_code == 200


def test_a_nonce_that_is_made_up(wallet, let_in):
    for nonce in ("made-up", "A" * 48):
        proof = wallet.proof(let_in[0], nonce)
        refused(ask_with(wallet, let_in, {"jwt": [proof]}), "invalid_nonce")


@pytest.mark.usefixtures("issues")
def test_a_nonce_that_was_used(wallet, let_in):
    nonce = wallet.nonce(let_in[0])
    proof = wallet.proof(let_in[0], nonce)
    assert ask_with(wallet, let_in, {"jwt": [proof]}).status_code == 200
    refused(ask_with(wallet, let_in, {"jwt": [proof]}), "invalid_nonce")


def test_a_nonce_that_is_too_old(service, wallet, let_in):
    nonce = wallet.nonce(let_in[0])
    service.clock.forward(minutes=6)
    proof = wallet.proof(let_in[0], nonce)
    refused(ask_with(wallet, let_in, {"jwt": [proof]}), "invalid_nonce")


@pytest.mark.usefixtures("issues")
def test_one_nonce_at_once_serves_one_request(service_on_each):
    wallet = Wallet(service_on_each.client(), new_key(), service_on_each.clock)
    offer = wallet.read(service_on_each.offer().uri)
    issuer = offer["credential_issuer"]
    token = wallet.redeem(offer).json()["access_token"]
    proof = wallet.proof(issuer, wallet.nonce(issuer))
    body = {
        "credential_configuration_id": offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [proof]},
    }
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: wallet.ask(issuer, token, body), range(8)))
    assert [answer.status_code for answer in answers].count(200) == 1
    assert len(service_on_each.issued) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda good: None,
        lambda good: {},
        lambda good: {"jwt": []},
        lambda good: {"jwt": good()},
        lambda good: {"jwt": [good()], "di_vp": [{}]},
        lambda good: {"jwt": [good(), "nonsense"]},
        lambda good: {"jwt": [good(), good()]},
        lambda good: {"cwt": ["x"]},
        lambda good: {"di_vp": [{}]},
        lambda good: {"di_vp": ["x"]},
        lambda good: {"attestation": ["x"]},
        lambda good: {"jwt": [good(new_key()) for _ in range(BATCH_SIZE + 1)]},
    ],
)
def test_batches_that_are_not_right(wallet, let_in, make):
    nonce = wallet.nonce(let_in[0])

    def good(key=None):
        return wallet.proof(let_in[0], nonce, signer=key)

    answer = ask_with(wallet, let_in, make(good))
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_proof", "invalid_credential_request"}


# What may be asked


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"credential_configuration_id": "nonsense"}, "unknown_credential_configuration"),
        ({"credential_identifier": "nonsense"}, "unknown_credential_identifier"),
        ({}, "invalid_credential_request"),
        ({"credential_configuration_id": 7}, "invalid_credential_request"),
        (
            {"credential_configuration_id": "a", "credential_identifier": "b"},
            "invalid_credential_request",
        ),
        (
            {"credential_configuration_id": "energy-positive-neighbourhoods_ldp_vc"},
            "unknown_credential_configuration",
        ),
        (
            {"credential_configuration_id": "data-analysis-with-python_jwt_vc_json"},
            "credential_request_denied",
        ),
    ],
)
def test_what_was_not_granted(wallet, let_in, body, code):
    issuer, token, _ = let_in
    proofs = {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]}
    refused(wallet.ask(issuer, token, body | {"proofs": proofs}), code)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a":1,"a":2}', b'"x"', b"\xff"])
def test_bodies_that_are_no_request(wallet, let_in, body):
    issuer, token, _ = let_in
    answer = wallet.client.post(
        f"{issuer}/credential", content=body, headers={"Authorization": f"Bearer {token}"}
    )
    refused(answer, "invalid_credential_request")


# Tokens


@pytest.mark.parametrize("path", ["credential", "deferred_credential", "notification"])
@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer",
        "Bearer garbage",
        "Basic eDp5",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "DPoP garbage",
    ],
)
def test_a_token_that_is_none(wallet, let_in, path, header):
    headers = {"Authorization": header} if header else {}
    answer = wallet.client.post(f"{let_in[0]}/{path}", json={}, headers=headers)
    refused(answer, "invalid_token", 401)
    assert "Bearer" in answer.headers["www-authenticate"]
    assert "DPoP" in answer.headers["www-authenticate"]


def test_a_token_in_the_address_does_not_count(wallet, let_in):
    issuer, token, _ = let_in
    answer = wallet.client.post(f"{issuer}/credential?access_token={token}", json={})
    refused(answer, "invalid_token", 401)


def test_a_token_expires(service, wallet, let_in):
    issuer, token, _ = let_in
    service.clock.forward(minutes=16)
    refused(wallet.ask(issuer, token, {}), "invalid_token", 401)


# DPoP


@pytest.fixture
def bound(service, wallet):
    """Return issuer, bound token and body of a request that would be right."""
    offer = wallet.read(service.offer().uri)
    issuer = offer["credential_issuer"]
    answer = wallet.redeem(offer, headers={"DPoP": wallet.dpop(f"{issuer}/token")})
    return issuer, answer.json()["access_token"], offer["credential_configuration_ids"][0]


@pytest.mark.parametrize(
    "make",
    [
        lambda w, url, token: {"Authorization": f"Bearer {token}"},
        lambda w, url, token: {"Authorization": f"DPoP {token}"},
        lambda w, url, token: dpop(token, w.dpop(url, token=token, key=new_key())),
        lambda w, url, token: dpop(token, w.dpop(url)),
        lambda w, url, token: dpop(token, w.dpop(url, token="other")),
        lambda w, url, token: dpop(token, w.dpop(f"{url}x", token=token)),
        lambda w, url, token: dpop(token, w.dpop(url.replace("https", "http"), token=token)),
        lambda w, url, token: dpop(token, w.dpop(url, token=token, method="GET")),
        lambda w, url, token: dpop(token, w.dpop(url, token=token, iat=seconds(w) - 600)),
        lambda w, url, token: dpop(token, w.dpop(url, token=token, jti=None)),
        lambda w, url, token: dpop(token, "nonsense"),
    ],
)
def test_a_bound_token_needs_its_key(wallet, bound, make):
    issuer, token, name = bound
    url = f"{issuer}/credential"
    body = {
        "credential_configuration_id": name,
        "proofs": {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]},
    }
    answer = wallet.client.post(url, json=body, headers=make(wallet, url, token))
    assert answer.status_code == 401
    assert answer.json()["error"] in {"invalid_token", "invalid_dpop_proof"}


def dpop(token, proof):
    return {"Authorization": f"DPoP {token}", "DPoP": proof}


@pytest.mark.usefixtures("issues")
def test_a_dpop_proof_is_used_once(wallet, bound):
    issuer, token, name = bound
    url = f"{issuer}/credential"
    headers = dpop(token, wallet.dpop(url, token=token))

    def ask():
        proofs = {"jwt": [wallet.proof(issuer, wallet.nonce(issuer))]}
        body = {"credential_configuration_id": name, "proofs": proofs}
        return wallet.client.post(url, json=body, headers=headers)

    assert ask().status_code == 200
    refused(ask(), "invalid_dpop_proof", 401)


@pytest.mark.parametrize(
    "change", [{"htu": "https://evil.example/token"}, {"htm": "GET"}, {"iat": 1}, {"jti": None}]
)
def test_a_dpop_proof_for_the_token_that_is_not_right(service, wallet, change):
    offer = wallet.read(service.offer().uri)
    url = f"{offer['credential_issuer']}/token"
    answer = wallet.redeem(offer, headers={"DPoP": wallet.dpop(url, **change)})
    refused(answer, "invalid_dpop_proof")


def test_a_dpop_proof_cannot_be_replayed_at_the_token_endpoint(service, wallet):
    first, second = (wallet.read(service.offer().uri) for _ in range(2))
    proof = wallet.dpop(f"{first['credential_issuer']}/token")
    assert wallet.redeem(first, headers={"DPoP": proof}).status_code == 200
    refused(wallet.redeem(second, headers={"DPoP": proof}), "invalid_dpop_proof")


# Authorization code


@pytest.mark.parametrize("push", [True, False])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"authorization_details": "{"}, "invalid_authorization_details"),
        (
            {"authorization_details": '[{"type":"openid_credential","x":1}]'},
            "invalid_authorization_details",
        ),
    ],
)
def test_authorization_requests_that_are_not_right(service, wallet, push, change, code):
    issuer, _, answer = authorize(service, wallet, push=push, **change)
    if push:
        refused(answer, code)
    else:
        told = answer_of(answer)
        assert (told["error"], told["iss"]) == (code, issuer)


@pytest.mark.parametrize(
    "uri", ["javascript:alert(1)", "http://evil.example/", "data:text/html,x", "https://a/#b", ""]
)
def test_answers_are_never_sent_to_a_dangerous_place(service, wallet, uri):
    _, _, answer = authorize(service, wallet, push=False, redirect_uri=uri)
    refused(answer, "invalid_request")


@pytest.mark.parametrize("state", ["nonsense", "A" * 48])
def test_an_issuer_state_that_is_made_up(service, wallet, state):
    _, _, answer = authorize(service, wallet, issuer_state=state)
    assert answer_of(answer)["error"] == "invalid_request"


def test_a_pushed_request_is_used_once_by_its_client(service, wallet):
    issuer, _, answer = authorize(service, wallet)
    url = str(answer.request.url)
    refused(wallet.client.get(url), "invalid_request")
    _, _, again = authorize(service, wallet)
    del again
    refused(wallet.client.get(f"{issuer}/authorize?client_id=w&request_uri=x"), "invalid_request")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "wrong" * 10}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"code": "made-up"}, "invalid_grant"),
    ],
)
def test_a_code_redeemed_by_someone_else(service, wallet, change, code):
    issuer, verifier, answer = authorize(service, wallet)
    form = code_form(answer, verifier) | change
    sent = {name: value for name, value in form.items() if value is not None}
    refused(wallet.client.post(f"{issuer}/token", data=sent), code)


def test_a_code_used_twice_kills_its_token(service, wallet):
    issuer, verifier, answer = authorize(service, wallet)
    form = code_form(answer, verifier)
    token = wallet.client.post(f"{issuer}/token", data=form).json()["access_token"]
    refused(wallet.client.post(f"{issuer}/token", data=form), "invalid_grant")
    refused(wallet.ask(issuer, token, {}), "invalid_token", 401)


def code_form(answer, verifier):
    return {
        "grant_type": "authorization_code",
        "code": answer_of(answer)["code"],
        "code_verifier": verifier,
        "redirect_uri": BACK,
        "client_id": "wallet",
    }


def test_the_page_counts_transaction_codes_too(service, wallet):
    made = service.offer(grant=GrantKind.AUTHORIZATION_CODE, tx_code=True)
    offer = wallet.read(made.uri)
    state = offer["grants"]["authorization_code"]["issuer_state"]
    issuer, _, page = authorize(service, wallet, push=False, issuer_state=state)
    uri = page.text.partition('name="request_uri" value="')[2].partition('"')[0]
    wrong = f"{(int(made.tx_code) + 1) % 10**6:06d}"
    for _ in range(5):
        again = wallet.client.post(
            f"{issuer}/authorize", data={"request_uri": uri, "tx_code": wrong}
        )
        assert again.status_code == 200
        assert 'role="alert"' in again.text
    right = {"request_uri": uri, "tx_code": made.tx_code}
    end = wallet.client.post(f"{issuer}/authorize", data=right)
    assert answer_of(end)["error"] == "access_denied"


# Deferred and notification


def test_a_transaction_that_is_not_there(wallet, let_in):
    issuer, token, _ = let_in
    for body in ({"transaction_id": "nonsense"}, {}, {"transaction_id": 7}):
        answer = wallet.ask(issuer, token, body, "deferred_credential")
        refused(answer, "invalid_transaction_id")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_notification_request"),
        ({"notification_id": "x"}, "invalid_notification_request"),
        ({"notification_id": "x", "event": "eaten"}, "invalid_notification_request"),
        ({"notification_id": "x", "event": "credential_accepted"}, "invalid_notification_id"),
    ],
)
def test_notifications_that_are_not_right(wallet, let_in, body, code):
    issuer, token, _ = let_in
    refused(wallet.ask(issuer, token, body, "notification"), code)


# Between organisations


@pytest.fixture
def elsewhere():
    return "https://badges.example/o/halvik"


def test_a_code_of_one_organisation_is_nothing_at_another(service, wallet, elsewhere):
    offer = wallet.read(service.offer().uri)
    refused(wallet.redeem(offer | {"credential_issuer": elsewhere}), "invalid_grant")


def test_a_token_of_one_organisation_is_nothing_at_another(wallet, let_in, elsewhere):
    for path in ("credential", "deferred_credential", "notification"):
        refused(wallet.ask(elsewhere, let_in[1], {}, path), "invalid_token", 401)


def test_a_nonce_of_one_organisation_is_nothing_at_another(wallet, let_in, elsewhere):
    proof = wallet.proof(let_in[0], wallet.nonce(elsewhere))
    refused(ask_with(wallet, let_in, {"jwt": [proof]}), "invalid_nonce")


@pytest.mark.usefixtures("issues")
def test_transactions_and_notifications_stay_with_their_offer(service, wallet, let_in):
    offer, token, answer = wallet.receive(service.offer(deferred_seconds=5).uri)
    issuer, other_token, _ = let_in
    body = {"transaction_id": answer.json()["transaction_id"]}
    refused(wallet.ask(issuer, other_token, body, "deferred_credential"), "invalid_transaction_id")
    _, _, given = wallet.receive(service.offer().uri)
    told = {"notification_id": given.json()["notification_id"], "event": "credential_accepted"}
    refused(wallet.ask(issuer, other_token, told, "notification"), "invalid_notification_id")
    del offer, token


def test_a_transaction_of_another_organisation(service, wallet, elsewhere):
    _, _, answer = wallet.receive(service.offer(deferred_seconds=5).uri)
    offer = wallet.read(service.offer("energy-positive-neighbourhoods").uri)
    assert offer["credential_issuer"] == elsewhere
    token = wallet.redeem(offer).json()["access_token"]
    body = {"transaction_id": answer.json()["transaction_id"]}
    refused(wallet.ask(elsewhere, token, body, "deferred_credential"), "invalid_transaction_id")


def test_secrets_have_at_least_128_bits(service, wallet):
    offer = wallet.read(service.offer().uri)
    code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
    token = wallet.redeem(offer).json()["access_token"]
    nonce = wallet.nonce(offer["credential_issuer"])
    for secret in (code, token, nonce):
        assert len(base64.urlsafe_b64decode(secret + "==")) >= 32


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P384])
@pytest.mark.usefixtures("issues")
def test_holders_may_use_other_curves(service, wallet, curve):
    key = new_key(curve)
    other = Wallet(service.client(), key, service.clock)
    _, _, answer = other.receive(service.offer(format=Format.SD_JWT_VC).uri)
    assert answer.status_code == 200


@pytest.mark.usefixtures("issues")
def test_an_offer_does_not_give_out_copies_for_ever(wallet, let_in):
    issuer, token, name = let_in
    given = 0
    while True:
        nonce = wallet.nonce(issuer)
        proofs = [wallet.proof(issuer, nonce, signer=new_key()) for _ in range(BATCH_SIZE)]
        body = {"credential_configuration_id": name, "proofs": {"jwt": proofs}}
        answer = wallet.ask(issuer, token, body)
        if answer.status_code != 200:
            break
        given += BATCH_SIZE
    refused(answer, "credential_request_denied")
    assert given == MAX_COPIES


def test_what_has_expired_is_forgotten(service, wallet, let_in):
    del let_in
    engine = service.instance.engine

    def rows():
        with session.reading(engine) as connection:
            return [
                connection.scalar(select(func.count()).select_from(table))
                for table in (oid4vci_token, oid4vci_spent, oid4vci_grant)
            ]

    assert rows()[0] > 0
    service.clock.forward(days=1)
    service.offer()
    assert rows() == [0, 0, 0]
