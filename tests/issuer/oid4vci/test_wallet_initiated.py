"""A wallet that comes without an offer: a page for each state, and the way back to the wallet."""

from datetime import date

import pytest

from badges.award import Learner
from issuer.awarding.decision_json import to_json
from issuer.awarding.model import Decision
from issuer.claiming import proving, rules
from issuer.claiming.rules import Rules
from issuer.claiming.service import create_claim
from issuer.db import session, tables
from issuer.oid4vci.model import TX_TRIES
from tests.issuer.oid4vci.test_flow_over_http import answer_of, authorize

PAGE = {"Accept": "text/html"}
KEY = "data-analysis-with-python"


@pytest.fixture
def claim(service):
    """A maker of claim codes, and of the rules of the organisation that issues."""

    def make(asked=None, achievement=KEY):
        award_id = service.award(achievement)
        learner = Learner(given_name="Zoë", family_name="Berg", email="zoe@x.example")
        content = to_json(Decision(learner, date(2026, 6, 12)))
        with session.unit_of_work(service.instance.engine) as connection:
            row = tables.award.update().where(tables.award.c.id == award_id)
            connection.execute(row.values(content=content))
            issuer = service.organisation("morgenau").id
            rules.save(connection, issuer, asked or Rules())
            return create_claim(service.instance, connection, award_id)

    yield make
    with session.unit_of_work(service.instance.engine) as connection:
        rules.save(connection, service.organisation("morgenau").id, Rules())


@pytest.fixture
def asked(service, wallet):
    """The page that asks for the claim code, and how its form is sent."""
    issuer, _, page = authorize(service, wallet, push=False, issuer_state=None)
    assert 'name="offer_code"' in page.text

    def send(page, **fields):
        hidden = {
            name: page.text.partition(f'type="hidden" name="{name}" value="')[2].partition('"')[0]
            for name in ("request_uri", "offer_code")
        }
        form = {name: value for name, value in hidden.items() if value} | fields
        return wallet.client.post(f"{issuer}/authorize", data=form, headers=PAGE)

    return page, send


def test_the_claim_code_leads_back_to_the_wallet(asked, claim):
    page, send = asked
    assert answer_of(send(page, offer_code=claim().code))["code"]


@pytest.mark.parametrize("typed", ["", "nonsense", "A" * 400, "é"])
def test_a_wrong_code_can_be_typed_again(asked, typed):
    page, send = asked
    again = send(page, offer_code=typed)
    assert again.status_code == 200
    assert 'role="alert"' in again.text
    assert 'name="offer_code" required' in again.text


def test_the_code_of_another_badge_opens_nothing(asked, claim):
    page, send = asked
    again = send(page, offer_code=claim(achievement="energy-positive-neighbourhoods").code)
    assert 'role="alert"' in again.text


def test_where_the_address_must_be_proved_the_page_leads_there(service, asked, claim, wallet):
    page, send = asked
    made = claim(Rules(prove_email=True))
    first = send(page, offer_code=made.code)
    assert f'href="/claim/{made.code}/proof"' in first.text
    assert "location" not in first.headers
    proving.ask(service.instance, made.claim, "mine")
    with session.reading(service.instance.engine) as connection:
        last = connection.exec_driver_sql("SELECT max(id) FROM claim_proof").scalar_one()
    letter = proving.write_proof(service.instance, last)
    token = letter.text.partition("/claim-proof/")[2].split()[0]
    proving.prove_by_link(service.instance, token, "mine")
    wallet.client.cookies.set("__Host-learnseal-claim", f"mine.{made.code}")
    assert answer_of(send(page, offer_code=made.code))["code"]


def test_the_number_by_mail_is_asked_for_and_may_be_wrong_a_few_times(asked, claim):
    page, send = asked
    number = send(page, offer_code=claim(Rules(wallet_code=True)).code)
    assert 'name="tx_code"' in number.text
    assert 'role="alert"' not in number.text
    for _ in range(TX_TRIES):
        wrong = send(number, tx_code="x")
        assert 'role="alert"' in wrong.text
        assert 'name="tx_code"' in wrong.text
    ended = send(number, tx_code="x")
    assert 'name="tx_code"' not in ended.text
    assert 'name="offer_code" required' in ended.text


@pytest.mark.parametrize("change", [{"request_uri": "urn:x"}, {"request_uri": ""}])
def test_a_page_that_is_too_old_says_so_in_words(asked, claim, change):
    page, send = asked
    end = send(page, offer_code=claim().code, **change)
    assert end.status_code == 400
    assert "begin again there" in end.text
    assert "invalid_request" in end.text


def test_ten_minutes_later_the_page_is_too_old(service, asked, claim):
    page, send = asked
    made = claim()
    service.clock.forward(minutes=11)
    assert send(page, offer_code=made.code).status_code == 400


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_without_a_safe_way_back_people_read_words_and_programs_json(service, wallet, accept):
    where = "https://badges.example/o/morgenau/authorize?client_id=x&redirect_uri=javascript:1"
    answer = wallet.client.get(where, headers={"Accept": accept})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith(accept)
    assert "location" not in answer.headers
