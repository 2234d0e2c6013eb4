import gzip
import re
from hashlib import sha256

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from issuer.web import assets


@pytest.fixture
def client():
    app = FastAPI()
    app.include_router(assets.router)
    return TestClient(app)


def test_vendored_files_are_the_ones_their_record_names():
    record = (assets.STATIC / "vendor" / "SOURCES.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", record, re.MULTILINE)
    digests = {name: sha256((assets.STATIC / "vendor" / name).read_bytes()) for name, _ in rows}
    assert dict(rows) == {name: digest.hexdigest() for name, digest in digests.items()}
    code = {p.name for p in (assets.STATIC / "vendor").iterdir() if p.suffix in {".css", ".js"}}
    assert code == set(digests)


def test_a_file_may_be_kept_for_a_year(client):
    answer = client.get(assets.url("learnseal.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")


def test_text_travels_compressed(client):
    name = "vendor/pico-2.1.1.min.css"
    answer = client.get(assets.url(name), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 14_000
    assert answer.content == (assets.STATIC / name).read_bytes()
    plain = client.get(assets.url(name), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == gzip.decompress(assets.assets()[name].packed)


@pytest.mark.parametrize(
    "path",
    [
        "/static/000000000000/learnseal.css",
        "/static/x/../../layout.py",
        "/static/x/%2e%2e/layout.py",
        "/static/x/vendor/SOURCES.md",
    ],
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404
