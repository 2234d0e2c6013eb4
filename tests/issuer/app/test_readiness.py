"""What `/readyz` tells a proxy: one word a check, each of which can fail alone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update

from did.errors import KeyUnavailable
from issuer.app import create_app
from issuer.app.readiness import CHECKS, readiness
from issuer.db import outbox
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import audit_head, status_list
from issuer.instance import wall_clock
from issuer.organisations.keys import active_key
from issuer.organisations.service import root
from issuer.status.model import Purpose
from issuer.status.publication import publish_due
from issuer.status.reconciling import mark
from issuer.status.service import CHANGED, reserve

ALL_OK = {"database": "ok", **dict.fromkeys(CHECKS, "ok")}


@pytest.fixture
def ready(instance, alliance, issuance_rows):
    """A service that has issued, on the clock of its database."""
    there = replace(instance, now=wall_clock)
    numbers = issuance_rows(1)
    with unit_of_work(there.engine) as connection:
        reserve(connection, alliance[1].id, Purpose.REVOCATION, numbers, there.now())
    publish_due(there)
    mark(there)
    return there


def at(instance, **later):
    return replace(instance, now=lambda: wall_clock() + timedelta(**later))


def test_everything_works(ready):
    assert readiness(ready) == ALL_OK


def test_the_answer_is_200_and_then_503_and_says_which(ready):
    client = TestClient(create_app(ready))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", **ALL_OK})
    with unit_of_work(ready.engine) as connection:
        connection.execute(delete(audit_head))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["audit"]) == (503, "broken")


class Broken:
    """A key whose token was pulled out."""

    def __init__(self, signer):
        self.public_key = signer.public_key
        self.verification_method = signer.verification_method

    def sign(self, message):
        raise KeyUnavailable("slot 0 of /dev/secret is empty")


class Lying(Broken):
    """A key that signs something else."""

    def sign(self, message):
        return bytes(64)


@pytest.mark.parametrize(("kind", "word"), [(Broken, "failed"), (Lying, "wrong")])
def test_a_key_that_does_not_sign_is_noticed_and_not_described(ready, kind, word):
    with reading(ready.engine) as connection:
        uri = active_key(connection, root(connection), None).uri
    keys = dict(ready.kept)
    other = replace(ready, kept=keys | {uri: kind(keys[uri])})
    found = readiness(other)
    assert found == ALL_OK | {"signer": word}
    assert "secret" not in json.dumps(found)


def test_lists_that_were_not_signed_for_a_day_are_noticed(ready):
    assert readiness(at(ready, hours=23))["lists"] == "ok"
    assert readiness(at(ready, hours=25))["lists"] == "old"


def test_a_change_that_waits_to_be_published_is_noticed(ready):
    with unit_of_work(ready.engine) as connection:
        outbox.post(connection, CHANGED, {"list": 1}, ready.now() - timedelta(minutes=11))
    assert readiness(ready)["lists"] == "waiting"


def test_a_clock_that_went_back_is_noticed(ready):
    with unit_of_work(ready.engine) as connection:
        later = ready.now() + timedelta(minutes=2)
        connection.execute(
            update(status_list).values(version=status_list.c.version + 1, published_at=later)
        )
    assert readiness(ready)["clock"] == "behind"


def test_a_clock_that_is_not_the_databases_is_noticed(ready):
    found = readiness(at(ready, minutes=2))["clock"]
    assert found == ("differs" if ready.engine.dialect.name == "postgresql" else "ok")


def test_a_restored_store_is_not_ready(ready):
    path = ready.settings.published / "mark"
    path.write_text('{"seq": 1, "hash": "%s"}' % ("00" * 32))
    assert readiness(ready)["store"] != "ok"
