import json
from datetime import date

import pytest
from fastapi.testclient import TestClient

from badges.award import Learner
from badges.award import Organisation as Particulars
from badges.proofs import jades
from issuer.app import create_app
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, revoke
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import read_achievement
from issuer.claiming.service import create_claim
from issuer.db.session import unit_of_work
from issuer.edc.exporting import demo_sealer
from issuer.organisations.service import Founding, establish
from issuer.status.model import Reason
from issuer.status.service import Act
from tests.issuer.conftest import EXAMPLES

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PAGE = {"Accept": "text/html"}


@pytest.fixture
def client(instance):
    return TestClient(create_app(instance), base_url="https://badges.example")


@pytest.fixture
def awarded(instance, achievements):
    learner = Learner("Ana", "Andromeda", email="ana@student.example")
    decision = Decision(learner, date(2026, 6, 12))
    return award_one(instance, Wish("energy-positive-neighbourhoods", decision))


@pytest.fixture
def code(instance, awarded):
    with unit_of_work(instance.engine) as connection:
        return create_claim(instance, connection, awarded.issuance.award_id).code


def test_the_learner_gets_the_sealed_file_and_the_steps(client, code, instance):
    demo_sealer(instance)
    page = client.get(f"/claim/{code}/europass", headers=PAGE)
    assert "This is a test seal" in page.text
    answer = client.get(f"/claim/{code}/europass.jsonld")
    assert "attachment" in answer.headers["content-disposition"]
    assert jades.verify(answer.content, jades.NO_LIST, instance.now()).is_intact
    assert client.get(f"/claim/{code}/europass.jsonld").content == answer.content


def test_the_claim_page_leads_there(client, code):
    assert f"/claim/{code}/europass" in client.get(f"/claim/{code}", headers=PAGE).text


def test_what_a_sandbox_awarded_gets_no_file_for_europass_and_nobody_offers_one(
    client, instance, alliance
):
    names = Particulars(legal_name="Sandbox of Northlight", country="BE")
    entry = read_achievement(EXAMPLES / "achievements/energy-positive-neighbourhoods.yaml")
    mine = entry.model_copy(update={"id": "rehearsal", "awarding_body": "sandbox"})
    with unit_of_work(instance.engine) as connection:
        establish(instance, connection, Founding("sandbox", names, alliance[0]), "test")
        import_achievements(instance, connection, [mine])
    made = award_one(instance, Wish("rehearsal", Decision(Learner("Ana"), date(2026, 6, 12))))
    with unit_of_work(instance.engine) as connection:
        code = create_claim(instance, connection, made.issuance.award_id).code
    shown = client.get(f"/claim/{code}", headers=PAGE)
    assert shown.status_code == 200
    assert "europass" not in shown.text.lower()
    for address in (f"/claim/{code}/europass", f"/claim/{code}/europass.jsonld"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "sandbox" in answer.text


def test_without_an_e_seal_there_is_no_file_and_the_page_says_so(client, code):
    assert "no e-seal here yet" in client.get(f"/claim/{code}/europass", headers=PAGE).text
    assert client.get(f"/claim/{code}/europass.jsonld").status_code == 503


def test_a_revoked_credential_is_not_given_out(client, code, instance, awarded):
    demo_sealer(instance)
    act = Act("test", instance.now(), Reason.ISSUED_IN_ERROR, "")
    revoke(instance, [awarded.issuance.credential_id], act)
    assert "was revoked" in client.get(f"/claim/{code}/europass", headers=PAGE).text
    assert client.get(f"/claim/{code}/europass.jsonld").status_code == 409


def test_a_wrong_code_opens_nothing(client, achievements):
    assert client.get("/claim/nothing/europass.jsonld").status_code == 404


def test_a_badge_is_converted_over_http(client, awarded):
    badge = json.loads(awarded.document)
    made = client.post("/api/edc/convert", json={"credential": badge}).json()
    needed = {one["key"] for one in made["missing"] if one["need"] == "europass"}
    answers = dict.fromkeys(needed, "NO")
    made = client.post("/api/edc/convert", json={"credential": badge, "answers": answers}).json()
    found = client.post("/api/edc/validate", json={"credential": made["document"]}).json()
    assert found["good"], found["problems"]
    assert found["official_shapes"] is None


@pytest.mark.parametrize("path", ["/api/edc/convert", "/api/edc/validate"])
@pytest.mark.parametrize("body", ["", "[]", "{}", '{"credential": 5}', '{"credential": {}}'])
def test_what_is_no_credential_is_a_problem_document(client, path, body):
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    if answer.status_code == 200:
        assert answer.json()["good"] is False
    else:
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_wrong_answer_is_a_problem_document(client, awarded):
    asked = {"credential": json.loads(awarded.document), "answers": {"eqf_level": 99}}
    answer = client.post("/api/edc/convert", json=asked)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/wrong-answer"
    assert "eqf_level" in answer.json()["detail"]
