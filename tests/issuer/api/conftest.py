"""Programs at the API's door: each a client of an organisation, with a token."""

import pytest
from fastapi.testclient import TestClient

from issuer.api import clients
from issuer.api.clients import Wanted
from issuer.api.model import Scope
from issuer.app import create_app


@pytest.fixture
def http(instance, alliance):
    """The service as programs see it."""
    app = create_app(instance)
    return TestClient(app, base_url="https://badges.example", raise_server_exceptions=False)


@pytest.fixture
def make_client(instance):
    """A maker of clients."""

    def make(organisation, scopes=tuple(Scope), public_key=""):
        wanted = Wanted("Campus system", frozenset(scopes), public_key)
        return clients.make(instance, organisation.id, wanted, "account:1")

    return make


@pytest.fixture
def program(http, make_client):
    """A maker of programs that have a token."""

    def make(organisation, scopes=tuple(Scope)):
        made = make_client(organisation, scopes)
        form = {"grant_type": "client_credentials"}
        answer = http.post("/api/token", data=form, auth=(made.client_id, made.secret))
        token = answer.json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    return make
