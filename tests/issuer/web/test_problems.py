import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import badges.errors
import did.errors
import issuer.errors
from did.errors import KeyUnavailable
from issuer.errors import BodyTooLarge, InvalidAchievement, InvalidAward
from issuer.web import problems

ERRORS = (badges.errors, did.errors, issuer.errors)
PAGE = {"Accept": "text/html,application/xhtml+xml"}


class Secret(Exception):
    pass


@pytest.fixture
def client():
    app = FastAPI()
    problems.install(app)

    @app.get("/known")
    def known():
        raise BodyTooLarge(2**20)

    @app.get("/secret")
    def secret():
        raise Secret("the passphrase is swordfish")

    @app.get("/ours")
    def ours():
        raise KeyUnavailable("/srv/keys/one.pem: wrong passphrase swordfish")

    @app.get("/several")
    def several():
        raise InvalidAchievement("two things", ("title is missing", "level is missing"))

    @app.get("/number")
    def number(n: int):
        return n

    return TestClient(app, raise_server_exceptions=False)


def test_a_known_error_is_a_problem_document(client):
    answer = client.get("/known")
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/too-large",
        "title": "What was sent is larger than this service reads.",
        "status": 413,
        "detail": "send at most 1 MB at a time",
    }


def test_a_browser_gets_a_page(client):
    answer = client.get("/known", headers=PAGE)
    assert answer.status_code == 413
    assert 'role="alert"' in answer.text
    assert "send at most 1 MB" in answer.text


@pytest.mark.parametrize("headers", [{}, PAGE])
def test_an_unlisted_error_says_nothing_of_itself(client, headers):
    answer = client.get("/secret", headers=headers)
    assert answer.status_code == 500
    assert "swordfish" not in answer.text
    assert "Secret" not in answer.text


def test_wrong_fields_are_named_and_not_echoed(client):
    answer = client.get("/number", params={"n": "hunter2"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/malformed-request"
    assert answer.json()["errors"][0]["field"] == "query.n"
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("headers", [{}, PAGE])
def test_a_wrong_address_is_told(client, headers):
    answer = client.get("/nowhere", headers=headers)
    assert answer.status_code == 404
    assert "Check the address" in answer.text
    assert client.post("/known", headers=headers).status_code == 405


def test_every_error_with_a_code_is_in_the_table_once():
    classes = {
        item
        for module in ERRORS
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Exception) and hasattr(item, "code")
    }
    assert classes == set(problems.PROBLEMS)
    codes = [namespace + kind.code for kind, (_, namespace) in problems.PROBLEMS.items()]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("kind", problems.PROBLEMS, ids=lambda kind: kind.code)
def test_every_error_has_a_sentence_for_people(kind):
    assert problems.title_of(kind).endswith((".", "`problems` says what to mend."))
    assert 400 <= problems.PROBLEMS[kind][0] < 600


def test_our_own_failure_tells_its_name_and_nothing_more(client):
    answer = client.get("/ours")
    assert answer.status_code == 503
    assert answer.json()["title"] == "The private key cannot be opened."
    assert "swordfish" not in answer.text


def test_several_things_to_mend_are_listed(client):
    answer = client.get("/several")
    assert [item["detail"] for item in answer.json()["errors"]] == [
        "title is missing",
        "level is missing",
    ]
    assert "level is missing" in client.get("/several", headers=PAGE).text


def test_what_an_address_takes_is_told_of_all_its_routes(client):
    client.app.get("/twice")(lambda: "")
    client.app.post("/twice")(lambda: "")
    answer = client.put("/twice")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert "Allow" not in client.put("/nowhere").headers


def test_what_is_to_be_mended_is_told_by_its_field(client):
    @client.app.get("/award")
    def award():
        raise InvalidAward({"awarded_on": "is not a date", "email": "is missing"})

    assert client.get("/award").json()["errors"] == [
        {"field": "awarded_on", "detail": "is not a date"},
        {"field": "email", "detail": "is missing"},
    ]
