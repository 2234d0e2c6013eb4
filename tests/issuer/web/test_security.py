from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Form, Request, Response
from fastapi.testclient import TestClient

from issuer.web import problems
from issuer.web.security import Guard, same_origin


@pytest.fixture
def client():
    app = FastAPI()
    problems.install(app)
    app.add_middleware(Guard, https=True, max_body=100)

    @app.post("/raw")
    async def raw(request: Request):
        return len(await request.body())

    @app.post("/form")
    async def form(word: Annotated[str, Form()]):
        return word

    @app.post("/change", dependencies=[Depends(same_origin)])
    async def change():
        return "changed"

    @app.get("/embedded")
    def embedded():
        return Response("x", headers={"Referrer-Policy": "origin"})

    return TestClient(app)


def test_every_answer_carries_the_safety_headers(client):
    for answer in (client.post("/raw"), client.get("/nowhere"), client.post("/form")):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "max-age" in answer.headers["strict-transport-security"]


def test_a_room_may_set_its_own_value(client):
    assert client.get("/embedded").headers["referrer-policy"] == "origin"


def test_a_body_up_to_the_limit_is_read(client):
    assert client.post("/raw", content=b"x" * 100).json() == 100


@pytest.mark.parametrize("path", ["/raw", "/form"])
def test_a_larger_body_is_refused_with_a_reason(client, path):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(path, content=b"word=" + b"x" * 200, headers=kind)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/too-large"


def test_a_body_without_a_declared_length_is_counted(client):
    answer = client.post("/raw", content=(b"x" * 60 for _ in range(3)))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_a_form_from_another_site_is_refused(client, headers):
    answer = client.post("/change", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/foreign-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver"},
    ],
)
def test_our_own_form_is_taken(client, headers):
    assert client.post("/change", headers=headers).status_code == 200


def test_a_broken_language_cookie_is_no_cookie(client):
    answer = client.post("/raw", headers={"Cookie": 'lang="; lang=\\; ;;=;'})
    assert answer.status_code == 200
