from dataclasses import replace

import orjson
import pytest

from issuer.db.session import unit_of_work
from issuer.status.model import Purpose
from issuer.status.own_documents import own_documents
from issuer.status.publication import publish_due
from issuer.status.service import reserve

HALVIK = "https://badges.example/o/halvik/did.json"


def test_did_documents_come_from_the_store(instance, alliance):
    assert orjson.loads(own_documents(instance, [HALVIK])[HALVIK].body)["id"] == alliance[1].did


@pytest.mark.parametrize(
    "url",
    [
        "https://badges.example/o/nobody/did.json",
        "https://badges.example/status/00ff",
        "https://badges.example/status/..%2Fkeys",
        "https://badges.example/claim/secret",
        "https://badges.example/o/halvik/did.json?x=1",
        "https://elsewhere.example/o/halvik/did.json",
        "https://badges.example.evil.example/o/halvik/did.json",
        "https://badges.example@evil.example/o/halvik/did.json",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_not_ours_is_left_out(instance, alliance, url):
    assert own_documents(instance, [url]) == {}


def test_behind_plain_http_our_did_documents_are_ours_all_the_same(instance, alliance):
    local = instance.settings.model_copy(update={"base_url": "http://localhost:8000"})
    url = "https://localhost:8000/o/halvik/did.json"
    assert url in own_documents(replace(instance, settings=local), [url])


def test_a_published_list_is_there(instance, alliance, issuance_rows, clock):
    numbers = issuance_rows(1)
    with unit_of_work(instance.engine) as connection:
        reserve(connection, alliance[1].id, Purpose.REVOCATION, numbers, clock())
    publish_due(instance)
    (file,) = instance.settings.published.glob("*.json")
    url = f"https://badges.example/status/{file.stem}"
    assert own_documents(instance, [url])[url].body == file.read_bytes()
