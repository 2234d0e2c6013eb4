"""The resolver: documents with their metadata, and errors by the names of DID Resolution."""

import json
from urllib.parse import quote

import pytest

from did.errors import DidError
from did.multikey import encode
from did.public_key import Curve
from did.signers.memory import generate
from issuer.verify.resolver_api import STATUSES
from tests.issuer.verify.conftest import DID, DOCUMENT

NS = "https://www.w3.org/ns/did#"
RESULT = {"Accept": "application/did-resolution"}
KEY = f"did:key:{encode(generate(Curve.ED25519).public_key)}"


def get(client, did, **headers):
    return client.get(f"/1.0/identifiers/{quote(did, safe='')}", headers=headers)


@pytest.mark.parametrize("did", [DID, KEY], ids=["web", "key"])
def test_a_did_is_resolved_with_its_metadata(client, did):
    answer = get(client, did)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/ld+json;profile=")
    told = answer.json()
    assert told["@context"] == "https://w3id.org/did-resolution/v1"
    assert told["didDocument"]["id"] == did
    assert told["didDocumentMetadata"] == {}
    assert told["didResolutionMetadata"] == {"contentType": "application/did"}


def test_who_asks_gets_the_form_it_asks_for(client, uni):
    whole = get(client, DID, **RESULT)
    assert whole.headers["content-type"] == "application/did-resolution"
    assert whole.json()["didDocument"] == uni.raw
    for kind in ("application/did", "application/did+ld+json", "application/did+json"):
        alone = get(client, DID, Accept=f"{kind};q=1, */*;q=0.1")
        assert alone.headers["content-type"] == kind
        assert alone.json() == uni.raw


@pytest.mark.parametrize(
    ("did", "status", "code"),
    [
        ("did:web:nowhere.example", 404, "NOT_FOUND"),
        ("did:example:1", 501, "METHOD_NOT_SUPPORTED"),
        ("did:web:127.0.0.1", 400, "INVALID_DID"),
        ("did:web:localhost", 400, "INVALID_DID"),
        ("did:web:..", 400, "INVALID_DID"),
        ("did:web:morgenau.example:..:secret", 400, "INVALID_DID"),
        ("did:key:z6MkNonsense", 400, "INVALID_DID"),
        ("did:key:u6Mk", 400, "INVALID_DID"),
        ("did:key:", 400, "INVALID_DID"),
        ("did:jwk:eyJ9", 400, "INVALID_DID"),
        ("DID:web:morgenau.example", 400, "INVALID_DID"),
        (f"{DID}#key-1", 400, "INVALID_DID"),
        (f"{DID}?versionId=1", 400, "INVALID_DID"),
        ("morgenau.example", 400, "INVALID_DID"),
        ("x" * 5_000, 400, "INVALID_DID"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("headers", [{}, RESULT, {"Accept": "application/did"}], ids=str)
def test_what_cannot_be_resolved_says_why_in_the_same_form(client, did, status, code, headers):
    answer = get(client, did, **headers)
    assert answer.status_code == status
    told = answer.json()
    assert told["didDocument"] is None
    assert told["didDocumentMetadata"] == {}
    error = told["didResolutionMetadata"]["error"]
    assert error["type"] == NS + code
    assert error["title"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>", f"{NS}INVALID_DID_DOCUMENT"),
        (b"[]", f"{NS}INVALID_DID_DOCUMENT"),
        (b'{"id": "did:web:morgenau.example", "id": "x"}', f"{NS}INVALID_DID_DOCUMENT"),
        (
            b'{"id": "did:web:evil.example"}',
            "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID",
        ),
        (json.dumps({"id": DID, "assertionMethod": "x"}).encode(), f"{NS}INVALID_DID_DOCUMENT"),
    ],
    ids=str,
)
def test_a_document_that_is_not_the_dids_is_not_given_out(client, uni, body, code):
    uni.web.put(DOCUMENT, body)
    answer = get(client, DID)
    assert answer.status_code == 502
    assert answer.json()["didDocument"] is None
    assert answer.json()["didResolutionMetadata"]["error"]["type"] == code


@pytest.mark.parametrize(
    "change",
    [
        {"id": ...},
        {"id": DID},
        {"id": "key-1"},
        {"id": ["#key-1"]},
        {"type": ...},
        {"type": ["Multikey"]},
        {"controller": ...},
        {"controller": [DID]},
        {"controller": "https://morgenau.example"},
        {"secretKeyMultibase": "z3u2"},
        {"privateKeyJwk": {}},
    ],
    ids=str,
)
def test_a_document_with_a_key_that_is_not_described_right_is_not_given_out(client, uni, change):
    described = uni.raw["verificationMethod"][0] | change
    described = {name: value for name, value in described.items() if value is not ...}
    uni.web.put(DOCUMENT, uni.raw | {"verificationMethod": [described]})
    answer = get(client, DID)
    assert answer.status_code == 502
    error = answer.json()["didResolutionMetadata"]["error"]
    assert error["type"] == f"{NS}INVALID_DID_DOCUMENT"


def test_a_key_twice_is_refused_and_a_relative_id_or_a_key_in_place_is_not(client, uni):
    (method,) = uni.raw["verificationMethod"]
    uni.web.put(DOCUMENT, uni.raw | {"verificationMethod": [method, method]})
    assert get(client, DID).status_code == 502
    uni.web.put(DOCUMENT, uni.raw | {"verificationMethod": [method | {"id": "#key-1"}]})
    assert get(client, DID).status_code == 200
    uni.web.put(DOCUMENT, {"id": DID, "assertionMethod": [method]})
    assert get(client, DID).status_code == 200


@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_answer_that_is_no_success_is_no_document(client, uni, status):
    uni.web.put(DOCUMENT, uni.raw, status=status)
    assert get(client, DID).status_code == 404


def test_a_deactivated_did_is_gone(client, uni):
    uni.web.put(DOCUMENT, uni.raw | {"deactivated": True})
    answer = get(client, DID)
    assert answer.status_code == 410
    assert answer.json()["didDocument"] is None
    assert answer.json()["didDocumentMetadata"] == {"deactivated": True}


def test_only_the_address_of_the_document_is_asked_for(client, uni):
    get(client, DID)
    get(client, KEY)
    get(client, "did:web:127.0.0.1")
    assert uni.web.asked == [DOCUMENT]


def test_every_error_of_the_way_to_a_document_has_its_status():
    assert all(issubclass(kind, DidError) for kind in STATUSES)
    assert set(STATUSES.values()) == {400, 404, 501, 502}
