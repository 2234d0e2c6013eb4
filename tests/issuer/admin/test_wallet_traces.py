"""What staff see of a learner's wallet: every step, every cause, no secret, nobody else's."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.oid4vci.offers import OfferChoice, create_offer
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

KEY = "energy-positive-neighbourhoods"
PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"


@pytest.fixture
def slug(alliance, achievements):
    owner = achievements[KEY].organisation_id
    return next(found.slug for found in alliance if found.id == owner)


@pytest.fixture
def award_id(instance, achievements):
    learner = Learner(given_name="Zoë", family_name="Novak", email="zoe@x.example")
    made = award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12))))
    return made.issuance.award_id


@pytest.fixture
def tried(instance, award_id, visitor):
    """An offer whose code was redeemed without the number that came the other way."""
    made = create_offer(instance, award_id, OfferChoice(tx_code=True))
    wallet = visitor()
    offer = wallet.get(parse_qs(urlsplit(made.uri).query)["credential_offer_uri"][0]).json()
    code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
    form = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code}
    wallet.post(f"{offer['credential_issuer']}/token", data=form)
    return made, code


def test_staff_see_each_step_with_its_cause_and_what_helps(sign_in_as, slug, award_id, tried):
    made, code = tried
    browser = sign_in_as(Role.VIEWER, slug)
    page = f"/staff/o/{slug}/awards/{award_id}"
    assert f'href="{page}/wallets"' in browser.open(page).text
    shown = browser.open(f"{page}/wallets")
    assert shown.status_code == 200
    for words in (
        "The wallet fetched the offer",
        "refused",
        "invalid_request",
        "tx_code is missing",
    ):
        assert words in shown.text
    assert "The wallet must ask for the code that came the other way" in shown.text
    for secret in (code, made.tx_code, made.uri.rpartition("%2F")[2]):
        assert secret not in shown.text


def test_an_award_no_wallet_was_offered_says_so(sign_in_as, slug, award_id):
    shown = sign_in_as(Role.VIEWER, slug).open(f"/staff/o/{slug}/awards/{award_id}/wallets")
    assert "No wallet was offered it yet" in shown.text


@pytest.mark.usefixtures("tried")
def test_another_organisation_and_a_passer_by_see_nothing(
    sign_in_as, visitor, alliance, slug, award_id
):
    other = next(found.slug for found in alliance[1:] if found.slug != slug)
    foreign = sign_in_as(Role.MEMBER_ADMIN, other)
    assert foreign.open(f"/staff/o/{slug}/awards/{award_id}/wallets").status_code == 404
    assert foreign.open(f"/staff/o/{other}/awards/{award_id}/wallets").status_code == 404
    assert visitor().open(f"/staff/o/{slug}/awards/{award_id}/wallets").status_code == 303
