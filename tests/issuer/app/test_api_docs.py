import html
import json
import re
import shlex

import pytest

from issuer.app.api_docs import curl, failures, operation_of
from issuer.app.described import facts, operations

ORIGIN = "https://badges.example"


@pytest.fixture(scope="module")
def page(described):
    return described.get("/api/docs", headers={"Accept": "text/html"})


def test_the_page_tells_every_operation(page, document):
    text = html.unescape(page.text)
    assert page.status_code == 200
    for method, path, operation in operations(document):
        assert f"<strong>{method}</strong> {path}" in text
        assert operation["summary"] in text


def test_the_page_asks_nobody_else_and_runs_nothing(page):
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "default-src 'self'; " in page.headers["content-security-policy"]


def test_every_scope_and_every_code_is_told(page):
    for entry in facts().values():
        for word in (entry.get("scope", ""), *entry.get("problems", ())):
            assert f"<code>{word}</code>" in page.text or not word


def test_headings_have_names_of_their_own(page):
    names = re.findall(r' id="([^"]+)"', page.text)
    assert len(names) == len(set(names)) > len(facts())


def test_the_page_is_linked_and_is_not_in_the_document(described, document):
    assert 'href="/api/docs"' in described.get("/").text
    assert "/api/docs" not in document["paths"]


def test_a_command_is_safe_to_paste():
    media = {"application/json": {"example": {"name": "O'Hara; $(reboot)"}}}
    words = shlex.split(curl(ORIGIN, "POST", "/x", {"requestBody": {"content": media}}))
    assert json.loads(words[words.index("-d") + 1]) == {"name": "O'Hara; $(reboot)"}
    assert words[-1] == f"{ORIGIN}/x"


def test_a_command_holds_what_the_operation_asks_for(document):
    told = document["paths"]["/api/o/{slug}/batches"]["post"]
    words = shlex.split(curl(ORIGIN, "POST", "/api/o/{slug}/batches", told))
    assert "Authorization: Bearer $TOKEN" in words
    assert words[-1].startswith(f"{ORIGIN}/api/o/uni/batches?achievement=")
    token = shlex.split(curl(ORIGIN, "POST", "/api/token", document["paths"]["/api/token"]["post"]))
    assert "grant_type=client_credentials" in token
    assert not [word for word in token if "Bearer" in word]


def test_what_tells_nothing_is_shown_with_nothing():
    read = operation_of(ORIGIN, "GET", "/x", {"responses": {"200": {}}})
    assert (read.scope, read.answers, read.failures) == ("", (), ())
    assert failures({"responses": {}}) == []


def test_every_webhook_is_told_with_its_body_and_headers(document, page):
    text = page.text
    assert document["webhooks"]
    for kind, told in document["webhooks"].items():
        assert f"<code>{kind}</code>" in text
        assert told["post"]["summary"].replace("'", "&#39;") in text
    assert "<code>webhook-signature</code>" in text
