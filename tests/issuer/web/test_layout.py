import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from jinja2 import UndefinedError

from issuer.web import i18n, layout
from issuer.web.security import Guard


@pytest.fixture
def client():
    app = FastAPI()
    app.add_middleware(Guard)

    @app.get("/")
    def start(request: Request):
        return layout.render(request, "web/start.html")

    @app.get("/mine")
    def mine(request: Request, title: str):
        problem = {"title": title}
        return layout.render(request, "web/problem.html", private=True, problem=problem)

    return TestClient(app)


@pytest.mark.parametrize(
    "address",
    ["https://uni.example/a?b=c#d", "http://uni.example", "https://xn--bcher-kva.example/"],
)
def test_web_addresses_may_be_links(address):
    assert layout.safe_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example",
        "/verify",
        "https:evil.example",
        "https://",
        "https://user@evil.example",
        "https://uni.example@evil.example",
        "https://a.example/\"onmouseover='x'",
        "https://[::1",
        "ftp://a.example",
        "",
        None,
        7,
        {"id": "https://a.example"},
    ],
)
def test_anything_else_stays_text(address):
    assert layout.safe_link(address) is None


def test_a_page_says_its_language_and_keeps_out_of_caches_when_private(client):
    page = client.get("/mine", params={"title": "x"})
    assert '<html lang="en">' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


def test_markup_from_outside_is_escaped(client):
    page = client.get("/mine", params={"title": "<script>alert(1)</script>"})
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client):
    page = client.get("/").text
    assert "<style" not in page
    assert "style=" not in page
    assert " onclick" not in page
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_a_forgotten_value_is_an_error_and_not_a_blank():
    with pytest.raises(UndefinedError):
        layout.environment().from_string("{{ nothing }}").render()


def test_the_language_can_be_chosen_and_is_remembered(client):
    if len(i18n.languages()) == 1:
        assert "set-cookie" not in client.get("/?lang=de").headers
        return
    assert '<html lang="de">' in client.get("/?lang=de").text
    assert '<html lang="de">' in client.get("/").text
    assert '<html lang="de">' in client.get("/?lang=klingon").text
