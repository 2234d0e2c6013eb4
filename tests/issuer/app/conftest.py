"""The service as it describes itself: its document and the page about it need no database."""

import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.db import session
from issuer.instance import Instance
from issuer.settings import Settings


@pytest.fixture(scope="package")
def described(tmp_path_factory):
    """A browser of a service without a database."""
    made = Settings(data=tmp_path_factory.mktemp("described"))
    return TestClient(create_app(Instance(made, session.engine(made.database))))


@pytest.fixture(scope="package")
def document(described):
    """The OpenAPI document."""
    return described.get("/api/openapi.json").json()
