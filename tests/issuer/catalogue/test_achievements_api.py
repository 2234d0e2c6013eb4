"""The desk's validator over HTTP."""

import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app

AI = "principles-of-artificial-intelligence"

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def check(instance, achievements):
    client = TestClient(create_app(instance))
    whole = achievements[AI].entry.model_dump(mode="json")
    return lambda **changes: client.post("/api/achievements/check", json=whole | changes)


def test_a_complete_one_is_publishable(check, achievements):
    found = check().json()
    assert (found["publishable"], found["elements"], found["missing"]) == (True, 11, [])
    assert found["digest"] == achievements[AI].digest


def test_missing_elements_and_wrong_values_are_named(check):
    found = check(participation=None, assessment=[]).json()
    assert found["missing"] == ["assessment-type", "form-of-participation"]
    assert (found["publishable"], found["elements"]) == (False, 9)
    (problem,) = check(ects="many").json()["problems"]
    assert problem["field"] == "ects"


def test_a_badge_lacks_nothing(check):
    assert check(type="Badge", participation=None).json()["publishable"]


def test_hours_outside_the_usual_range_are_advice(check):
    found = check(ects=1, hours=80).json()
    assert found["publishable"]
    assert found["advice"][0]["field"] == "hours"


def test_an_organisation_nobody_knows_is_not_found(check):
    assert check(awarding_body="nobody").status_code == 404


@pytest.mark.parametrize("body", ["[]", "{", '"x"'])
def test_what_is_no_object_is_refused(instance, alliance, body):
    client = TestClient(create_app(instance))
    headers = {"Content-Type": "application/json"}
    found = client.post("/api/achievements/check", content=body, headers=headers)
    assert found.status_code in {400, 422}
