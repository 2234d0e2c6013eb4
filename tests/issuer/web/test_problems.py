import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from issuer.web import problems
from issuer.web.errors import BodyTooLarge

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
