import pytest
from fastapi.testclient import TestClient

from did.document import DidDocument
from issuer.app import create_app


@pytest.fixture
def client(instance, alliance):
    return TestClient(create_app(instance))


def test_the_did_document_of_an_organisation_is_served_to_everybody(client, clock):
    answer = client.get("/o/halvik/did.json")
    document = DidDocument(answer.json())
    assert document.id == "did:web:badges.example:o:halvik"
    document.authorised(f"{document.id}#key-1", "assertionMethod", clock())
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age=300" in answer.headers["cache-control"]


def test_the_host_names_its_alliance(client):
    document = client.get("/.well-known/did.json").json()
    assert document["id"] == "did:web:badges.example"
    assert document["alsoKnownAs"] == ["did:web:badges.example:o:northlight"]


def test_who_is_not_here_has_no_document(client):
    assert client.get("/o/nobody/did.json").status_code == 404
