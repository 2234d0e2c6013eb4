import hmac
import json

import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT
from starlette.testclient import TestClient

from issuer.api import clients, store
from issuer.api.clients import Wanted
from issuer.api.model import Scope
from issuer.audit.store import rows
from issuer.db.secret import secret as key_of
from issuer.db.session import reading, unit_of_work
from issuer.db.token_hash import token_hash
from issuer.errors import InvalidAccount, NotFound
from issuer.organisations.accounts_store import add_attempt
from issuer.organisations.attempts import MOST_PER_ADDRESS, MOST_PER_NAME

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
GRANT = {"grant_type": "client_credentials"}
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def whose(instance, token):
    with reading(instance.engine) as connection:
        return store.client_of_token(connection, token_hash(token), instance.now())


def ask(http, made, **form):
    sent = GRANT | {"client_id": made.client_id, "client_secret": made.secret} | form
    return http.post("/api/token", data=sent)


def refusal(answer, status, code):
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    return True


def test_a_secret_gets_a_token_for_an_hour_in_both_ways(
    instance, http, alliance, make_client, clock
):
    made = make_client(alliance[1])
    basic = http.post("/api/token", data=GRANT, auth=(made.client_id, made.secret))
    posted = ask(http, made, scope="award:read")
    assert basic.json()["scope"].split() == sorted(Scope)
    assert (posted.json()["scope"], posted.json()["expires_in"]) == ("award:read", 3600)
    token = posted.json()["access_token"]
    client, granted = whose(instance, token)
    assert (client.organisation_id, granted) == (alliance[1].id, {Scope.AWARD_READ})
    assert client.used_at == instance.now()
    instance.now.forward(hours=1)
    assert whose(instance, token) is None


def test_no_secret_and_no_token_is_kept_or_told(instance, http, alliance, make_client):
    made = make_client(alliance[1])
    token = ask(http, made).json()["access_token"]
    with reading(instance.engine) as connection:
        (kept,) = store.listed(connection, alliance[1].id)
        told = b"".join(row.line for row in rows(connection))
    for secret in (made.secret, token):
        assert secret not in repr(kept)
        assert secret.encode() not in told
    assert b"client.made" in told
    assert b"client.token" in told


@sqlite
def test_a_wrong_secret_and_an_unknown_client_get_the_same_answer(http, alliance, make_client):
    made = make_client(alliance[1])
    wrong = ask(http, made, client_secret="wrong")
    unknown = ask(http, made, client_id="c-nobody")
    assert refusal(wrong, 401, "invalid_client")
    assert wrong.headers["www-authenticate"].startswith("Basic")
    assert wrong.json() == unknown.json()


@sqlite
@pytest.mark.parametrize(
    ("form", "refused"),
    [
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"scope": "award:read everything"}, (400, "invalid_scope")),
        ({"scope": "status:write"}, (400, "invalid_scope")),
        ({"client_assertion": "x"}, (400, "invalid_request")),
        ({"client_secret": ""}, (401, "invalid_client")),
    ],
)
def test_refusals_speak_oauth(http, alliance, make_client, form, refused):
    made = make_client(alliance[1], [Scope.AWARD_READ])
    assert refusal(ask(http, made, **form), *refused)


@sqlite
def test_after_ten_wrong_secrets_the_next_is_not_looked_at_for_a_quarter_of_an_hour(
    instance, http, alliance, make_client
):
    made, other = make_client(alliance[1]), make_client(alliance[1])
    for _ in range(MOST_PER_NAME):
        assert refusal(ask(http, made, client_secret="wrong"), 401, "invalid_client")
    for secret in ("wrong", made.secret):
        locked = ask(http, made, client_secret=secret)
        assert (locked.status_code, locked.json()["type"]) == (429, "/problems/too-many-attempts")
    assert ask(http, other).status_code == 200
    elsewhere = TestClient(http.app, base_url="https://badges.example", client=("192.0.2.9", 9))
    assert ask(elsewhere, made).status_code == 200
    instance.now.forward(minutes=16)
    assert ask(http, made).status_code == 200


@sqlite
def test_who_proves_who_it_is_is_never_locked_out_by_what_it_asks_for(http, alliance, make_client):
    made = make_client(alliance[1], [Scope.AWARD_READ])
    for _ in range(MOST_PER_NAME + 1):
        assert refusal(ask(http, made, scope="status:write"), 400, "invalid_scope")
    assert ask(http, made).status_code == 200


def test_many_names_tried_from_one_address_are_too_many(instance, http, alliance, make_client):
    made = make_client(alliance[1])
    now, key = instance.now(), "address:testclient"
    with unit_of_work(instance.engine) as connection:
        salt = key_of(connection, "sign-in", now)
        for _ in range(MOST_PER_ADDRESS - 1):
            add_attempt(connection, hmac.digest(salt, key.encode(), "sha256"), now)
    assert refusal(ask(http, made, client_id="c-other"), 401, "invalid_client")
    assert ask(http, made).status_code == 429


@sqlite
def test_what_is_no_form_is_refused(http, alliance, make_client):
    assert refusal(http.post("/api/token", json=GRANT), 400, "invalid_request")
    twice = "grant_type=client_credentials&scope=a&scope=b"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = http.post("/api/token", content=twice, headers=headers)
    assert refusal(sent, 400, "invalid_request")
    made = make_client(alliance[1])
    none = http.post("/api/token", data={"x": "y"}, auth=(made.client_id, made.secret))
    assert refusal(none, 400, "invalid_request")
    broken = http.post("/api/token", data=GRANT, headers={"Authorization": "Basic %%%"})
    assert refusal(broken, 401, "invalid_client")


def test_another_secret_ends_the_old_one_and_its_tokens(instance, http, alliance, make_client):
    made = make_client(alliance[1])
    token = ask(http, made).json()["access_token"]
    fresh = clients.rotate(instance, alliance[1].id, made.client_id, "account:1")
    assert whose(instance, token) is None
    assert refusal(ask(http, made), 401, "invalid_client")
    assert ask(http, fresh).status_code == 200


def test_a_closed_client_is_nobody(instance, http, alliance, make_client):
    made = make_client(alliance[1])
    token = ask(http, made).json()["access_token"]
    clients.close(instance, alliance[1].id, made.client_id, "account:1")
    assert whose(instance, token) is None
    assert refusal(ask(http, made), 401, "invalid_client")
    with pytest.raises(NotFound):
        clients.rotate(instance, alliance[1].id, made.client_id, "account:1")


@sqlite
def test_nobody_changes_the_clients_of_another_organisation(instance, alliance, make_client):
    made = make_client(alliance[1])
    for act in (clients.rotate, clients.close):
        with pytest.raises(NotFound):
            act(instance, alliance[2].id, made.client_id, "account:1")


@pytest.fixture
def key():
    return JWK.generate(kty="EC", crv="P-256")


def assertion(key, instance, made, alg="ES256", **claims):
    now = int(instance.now().timestamp())
    said = {
        "iss": made.client_id,
        "sub": made.client_id,
        "aud": "https://badges.example/api/token",
        "jti": "first",
        "iat": now,
        "exp": now + 60,
    } | claims
    said = {name: value for name, value in said.items() if value is not None}
    token = JWT(header={"alg": alg}, claims=said)
    token.make_signed_token(key)
    return GRANT | {"client_assertion_type": TYPE, "client_assertion": token.serialize()}


def test_a_key_gets_a_token_and_an_assertion_works_once(instance, http, alliance, make_client, key):
    made = make_client(alliance[1], public_key=key.export_public())
    assert made.secret == ""
    form = assertion(key, instance, made)
    assert http.post("/api/token", data=form).status_code == 200
    again = http.post("/api/token", data=form)
    assert refusal(again, 401, "invalid_client")
    assert "before" in again.json()["error_description"]
    instance.now.forward(minutes=2)
    assert refusal(http.post("/api/token", data=form), 401, "invalid_client")
    other = assertion(key, instance, made, jti="second")
    assert http.post("/api/token", data=other).status_code == 200


@sqlite
@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://evil.example/token"},
        {"aud": None},
        {"iss": "c-other"},
        {"exp": None},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"jti": None},
        {"jti": ""},
        {"sub": "c-other"},
        {"sub": 7},
    ],
)
def test_an_assertion_must_be_for_us_now_and_from_the_client(
    http, alliance, make_client, key, claims
):
    instance = http.app.state.instance
    made = make_client(alliance[1], public_key=key.export_public())
    form = assertion(key, instance, made, **claims)
    assert refusal(http.post("/api/token", data=form), 401, "invalid_client")


@sqlite
def test_another_key_no_signature_and_a_secret_made_of_the_key_are_refused(
    instance, http, alliance, make_client, key
):
    made = make_client(alliance[1], public_key=key.export_public())
    stranger = assertion(JWK.generate(kty="EC", crv="P-256"), instance, made)
    assert refusal(http.post("/api/token", data=stranger), 401, "invalid_client")
    shared = JWK.from_password(key.export_public())
    confused = assertion(shared, instance, made, alg="HS256")
    assert refusal(http.post("/api/token", data=confused), 401, "invalid_client")
    for text in ("x", "a.b.c", "." * 9_000):
        form = GRANT | {"client_assertion_type": TYPE, "client_assertion": text}
        assert refusal(http.post("/api/token", data=form), 401, "invalid_client")
    assert refusal(ask(http, made, client_secret="x"), 401, "invalid_client")


@sqlite
@pytest.mark.parametrize(
    "text",
    [
        "no key",
        "[]",
        JWK.generate(kty="EC", crv="P-256").export_private(),
        JWK.generate(kty="oct", size=256).export(),
        JWK.generate(kty="EC", crv="P-521").export_public(),
        JWK.generate(kty="OKP", crv="X25519").export_public(),
        json.dumps({"keys": []}),
        JWK.generate(kty="RSA", size=1024).export_public(),
    ],
    ids=["text", "list", "private", "shared", "P-521", "X25519", "set", "short"],
)
def test_only_good_public_keys_are_taken(instance, alliance, text):
    wanted = Wanted("Campus", frozenset({Scope.AWARD_READ}), text)
    with pytest.raises(InvalidAccount, match="JWK"):
        clients.make(instance, alliance[1].id, wanted, "account:1")
