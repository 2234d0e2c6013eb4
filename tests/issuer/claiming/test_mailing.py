import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from issuer.app import create_app
from issuer.app.post import WRITERS, post
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Order
from issuer.awarding.service import revoke
from issuer.mail.service import postman_of
from issuer.status.service import Act

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def deliver(local):
    return post(postman_of(local, WRITERS))


def browser(local):
    return TestClient(create_app(local), base_url=local.settings.origin)


def test_a_learner_gets_a_link_that_opens(local, award):
    award()
    assert deliver(local) == 1
    page = browser(local).get("/outbox", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "zoe@student.example" in page.text
    link = re.search(r'href="(http://localhost:8000/claim/[^"]+)"', page.text)[1]
    assert "Zoë Berg" in browser(local).get(link, headers={"Accept": "text/html"}).text


def test_an_award_gets_one_mail_however_often_it_is_issued(instance, local, award):
    made = award()
    assert deliver(local) == 1
    issue_again(instance, made.issuance.award_id, Order(format="jwt_vc_json"))
    assert deliver(local) == 0


def test_who_has_no_address_and_who_was_revoked_gets_none(instance, local, award):
    award(email=None)
    made = award()
    revoke(instance, [made.issuance.credential_id], Act("test", instance.now()))
    assert deliver(local) == 0
    assert deliver(local) == 0


def test_without_a_way_to_send_nothing_is_lost(instance, local, award):
    award()
    assert postman_of(instance, WRITERS) is None
    assert deliver(local) == 1


@pytest.mark.parametrize(
    "update",
    [
        {"mail_folder": None},
        {"base_url": "https://badges.example"},
        {"smtp_host": "mail.example"},
    ],
)
def test_there_is_no_outbox_but_in_a_demo(local, award, update):
    award()
    deliver(local)
    public = replace(local, settings=local.settings.model_copy(update=update))
    assert browser(public).get("/outbox").status_code == 404


def test_the_outbox_says_when_it_is_empty(local):
    assert "No mail yet" in browser(local).get("/outbox", headers={"Accept": "text/html"}).text
