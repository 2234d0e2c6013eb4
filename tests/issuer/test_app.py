import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.app.described import facts, operations
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.settings import Settings

PAGE = {"Accept": "text/html"}


@pytest.fixture
def make(tmp_path):
    def build(**settings):
        made = Settings(data=tmp_path, **settings)
        instance = Instance(made, session.engine(made.database))
        return TestClient(create_app(instance), raise_server_exceptions=False)

    return build


def test_the_start_page_says_what_this_is(make):
    page = make().get("/", headers=PAGE)
    assert page.status_code == 200
    assert "Learning you can prove." in page.text


def test_alive_and_ready(make):
    client = make()
    migrations.upgrade(client.app.state.instance.engine)
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"


def test_not_ready_before_the_database_is_migrated(make):
    answer = make().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "outdated"


def test_alive_but_not_ready_without_a_database(make, tmp_path):
    client = make(database_url=f"sqlite:///{tmp_path}/no/such/folder.sqlite")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text


def test_figures_name_routes_and_never_addresses(make):
    client = make()
    client.get("/nowhere/secret-code-xylophone")
    client.request("BREW", "/")
    figures = client.get("/metrics").text
    assert "learnseal_shape_memo_trusted 1.0" in figures
    assert "learnseal_request_seconds_count" in figures
    assert "xylophone" not in figures
    assert "BREW" not in figures


def test_the_log_names_routes_and_never_addresses(make, caplog):
    client = make()
    with caplog.at_level("INFO", logger="learnseal.requests"):
        answer = client.get("/claim/secret-code-xylophone")
    assert "GET /claim/{code} 500" in caplog.text  # there is no database
    assert "xylophone" not in caplog.text
    assert len(answer.headers["X-Request-Id"]) == 16


def test_the_interface_is_described_here_and_nowhere_else(make):
    client = make()
    described = client.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for methods in described["paths"].values():
        assert all(operation.get("summary") for operation in methods.values())
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404


def test_every_operation_has_its_entry_in_described_json(make):
    document = make().get("/api/openapi.json").json()
    assert {f"{method} {path}" for method, path, _ in operations(document)} == set(facts())


def test_https_is_insisted_on_only_where_it_is_spoken(make):
    assert "strict-transport-security" not in make().get("/").headers
    secure = make(base_url="https://badges.example").get("/")
    assert "strict-transport-security" in secure.headers


def test_a_wrong_address_is_a_page_for_people_and_json_for_programs(make):
    assert "Check the address" in make().get("/nothing", headers=PAGE).text
    answer = make().get("/api/nothing", headers=PAGE)
    assert answer.headers["content-type"] == "application/problem+json"
