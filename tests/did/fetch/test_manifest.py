"""A web made of files: what is in the manifest is there, and nothing else is."""

import json
from pathlib import Path

import pytest

from did.errors import FetchRefused
from did.fetch import manifest_fetch

URL = "https://uni.example/.well-known/did.json"


@pytest.fixture
def web(tmp_path, clock):
    def make(documents):
        (tmp_path / "did.json").write_bytes(b'{"id": "did:web:uni.example"}')
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps({"documents": documents}))
        return manifest_fetch(path, now=clock)

    return make


def test_a_listed_document_comes_from_its_file(web, run, clock):
    documents = {URL: {"file": "did.json", "content_type": "application/did+json"}}
    answer = run(web(documents)([URL]))[URL]
    assert (answer.url, answer.status) == (URL, 200)
    assert answer.body == b'{"id": "did:web:uni.example"}'
    assert answer.content_type == "application/did+json"
    assert answer.fetched_at == clock()


def test_the_content_type_is_guessed_when_it_is_not_given(web, run):
    assert run(web({URL: {"file": "did.json"}})([URL]))[URL].content_type == "application/json"


def test_headers_are_found_in_lower_case(web, run):
    documents = {URL: {"file": "did.json", "headers": {"Cache-Control": "no-store"}}}
    assert run(web(documents)([URL]))[URL].headers["cache-control"] == "no-store"


def test_a_status_is_passed_on(web, run):
    answer = run(web({URL: {"status": 410}})([URL]))[URL]
    assert (answer.status, answer.body) == (410, b"")


def test_what_is_not_listed_cannot_be_had(web, run):
    assert run(web({URL: {"file": "did.json"}})(["https://uni.example/did.json"])) == {}


def test_a_missing_file_cannot_be_had(web, run):
    assert run(web({URL: {"file": "none.json"}})([URL])) == {}


def test_a_document_too_long_for_the_web_is_too_long_here(web, run, tmp_path):
    (tmp_path / "long.json").write_bytes(bytes(2**20 + 1))
    list_url = "https://uni.example/status/1"
    documents = {URL: {"file": "long.json"}, list_url: {"file": "long.json"}}
    assert list(run(web(documents)([URL, list_url]))) == [list_url]


def test_a_compressed_document_is_refused_as_on_the_web(web, run):
    documents = {URL: {"file": "did.json", "headers": {"Content-Encoding": "gzip"}}}
    assert run(web(documents)([URL])) == {}


def test_a_redirect_leads_to_another_listed_document(web, run):
    documents = {
        "https://uni.example/a": {"status": 302, "headers": {"Location": "/b"}},
        "https://uni.example/b": {"file": "did.json"},
    }
    answer = run(web(documents)(["https://uni.example/a"]))["https://uni.example/a"]
    assert answer.status == 200
    assert answer.body.startswith(b"{")


@pytest.mark.parametrize(
    "target",
    [
        None,
        "https://elsewhere.example/",
        "https://uni.example/a",
        "http://uni.example/b",
        "https://169.254.169.254/b",
        "https://[::1]/b",
    ],
)
def test_a_redirect_to_a_forbidden_place_is_refused_as_on_the_web(target, web, run):
    headers = {} if target is None else {"location": target}
    documents = {
        "https://uni.example/a": {"status": 302, "headers": headers},
        "http://uni.example/b": {"file": "did.json"},
        "https://169.254.169.254/b": {"file": "did.json"},
        "https://[::1]/b": {"file": "did.json"},
    }
    assert run(web(documents)(["https://uni.example/a"])) == {}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"documents": []}',
        '{"documents": {"https://uni.example/": "did.json"}}',
        '{"documents": {"https://uni.example/": {"file": 1}}}',
        '{"documents": {"https://uni.example/": {"status": 9}}}',
        '{"documents": {"https://a b:x": {"file": "did.json"}}}',
        "{" * 5_000,
    ],
)
def test_what_is_not_a_manifest_says_what_to_write(body, tmp_path, clock):
    path = tmp_path / "manifest.json"
    path.write_text(body)
    with pytest.raises(FetchRefused, match="is not a manifest: write"):
        manifest_fetch(path, now=clock)


def test_a_missing_manifest_says_so(clock):
    with pytest.raises(FetchRefused, match="cannot be read"):
        manifest_fetch(Path("/nowhere/manifest.json"), now=clock)
