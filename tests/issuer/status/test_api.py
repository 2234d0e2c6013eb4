import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.db import session
from issuer.db.session import unit_of_work
from issuer.instance import Instance
from issuer.status import files
from issuer.status.model import Purpose
from issuer.status.publication import publish, publish_due
from issuer.status.service import reserve


@pytest.fixture
def listed(instance, alliance, clock):
    """A published, empty list: its number and the name it is served under."""
    with unit_of_work(instance.engine) as connection:
        reserve(connection, alliance[1].id, Purpose.REVOCATION, [], clock())
        found = new_list(connection, alliance[1].id, clock())
    publish_due(instance)
    return found


def new_list(connection, organisation_id, now):
    from issuer.status.service import _new_list

    created = _new_list(connection, organisation_id, Purpose.REVOCATION, now).list
    return created.id, created.public_id


@pytest.fixture
def client(instance):
    return TestClient(create_app(instance))


def test_a_list_is_served_to_everybody_alike(client, listed):
    answer = client.get(f"/status/{listed[1]}", headers={"cookie": "a=b"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/vc")
    assert answer.json()["id"] == f"https://badges.example/status/{listed[1]}"
    assert "set-cookie" not in answer.headers


def test_i16_caches_may_keep_a_list_for_five_minutes(client, listed):
    assert "max-age=300" in client.get(f"/status/{listed[1]}").headers["cache-control"]


def test_an_unchanged_list_is_not_sent_again(client, listed):
    etag = client.get(f"/status/{listed[1]}").headers["etag"]
    again = client.get(f"/status/{listed[1]}", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_version_has_a_new_etag(instance, client, listed, clock):
    etag = client.get(f"/status/{listed[1]}").headers["etag"]
    clock.forward(minutes=1)
    publish(instance, listed[0])
    assert client.get(f"/status/{listed[1]}", headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("name", ["0" * 24, "nobody", "..%2Flearnseal.sqlite", "A" * 24, "%00"])
def test_what_is_no_list_is_not_found(client, listed, name):
    assert client.get(f"/status/{name}").status_code == 404


def test_a_list_is_served_when_the_database_is_down(instance, listed, tmp_path, monkeypatch):
    monkeypatch.setattr("issuer.status.api.REFRESH", -1)
    down = session.engine(f"sqlite:///{tmp_path}/absent/nowhere.sqlite")
    cut_off = Instance(instance.settings, down, now=instance.now)
    answer = TestClient(create_app(cut_off)).get(f"/status/{listed[1]}")
    assert answer.status_code == 200


def test_a_later_version_of_another_machine_is_fetched_from_the_store(
    instance, client, listed, clock, monkeypatch
):
    monkeypatch.setattr("issuer.status.api.REFRESH", -1)
    old = files.read(instance.settings.published, listed[1])
    clock.forward(minutes=1)
    publish(instance, listed[0])
    new = files.read(instance.settings.published, listed[1])
    files.write(instance.settings.published, listed[1], old)
    assert client.get(f"/status/{listed[1]}").content == new


def test_a_store_that_was_turned_back_does_not_turn_the_list_back(
    instance, client, listed, clock, monkeypatch
):
    monkeypatch.setattr("issuer.status.api.REFRESH", -1)
    later = files.read(instance.settings.published, listed[1]).replace(b"2026-11-23", b"2026-11-24")
    files.write(instance.settings.published, listed[1], later)
    assert client.get(f"/status/{listed[1]}").content == later
