"""Proof of address: the claim link alone shows nothing; link and number work once and in time."""

import re
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient

from badges.award import Learner
from issuer.app import create_app
from issuer.app.post import WRITERS, post
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.claiming import proving, rules, service
from issuer.claiming.rules import Rules
from issuer.db import session
from issuer.errors import SpentLink
from issuer.mail.service import postman_of
from issuer.oid4vci.offers import OfferState, offer_state
from issuer.web.i18n import speak

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

KEY = "energy-positive-neighbourhoods"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def local(instance, tmp_path):
    """The same service on this machine, keeping its mail in a folder."""
    update = {"base_url": "http://localhost:8000", "mail_folder": tmp_path / "mail"}
    yield replace(instance, settings=instance.settings.model_copy(update=update))
    speak("en")


@pytest.fixture
def claim(instance, local, achievements):
    """A link to an award of an organisation with rules."""

    def make(asked, email="zoe@student.example"):
        learner = Learner(given_name="Zoë", family_name="Berg", email=email)
        made = award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12))))
        with session.unit_of_work(local.engine) as connection:
            rules.save(connection, achievements[KEY].organisation_id, asked)
            return service.create_claim(local, connection, made.issuance.award_id)

    return make


@pytest.fixture
def proved(claim):
    return claim(Rules(prove_email=True))


def browser(local):
    app = create_app(local)
    return TestClient(app, base_url=local.settings.origin, headers=PAGE, follow_redirects=False)


def newest_mail(local):
    post(postman_of(local, WRITERS))
    files = (local.settings.mail_folder).glob("*.eml")
    texts = [file.read_bytes().decode() for file in files]
    return next(text for text in sorted(texts, key=len, reverse=True) if "number" in text)


def sent(local, mine, made):
    """Have the mail sent; return the link's path and the number."""
    assert mine.post(f"/claim/{made.code}/proof").status_code == 303
    text = newest_mail(local).replace("=\r\n", "")
    return re.search(r"(/claim-proof/\S+)", text)[1], re.search(r"waits for it: (\d{6})", text)[1]


@sqlite
@pytest.mark.parametrize(
    "path",
    ["", "/wallet", "/credential.json", "/credential.pdf", "/europass", "/europass.jsonld"],
)
def test_who_only_has_the_link_sees_nothing(local, proved, path):
    answer = browser(local).get(f"/claim/{proved.code}{path}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/claim/{proved.code}/proof"


@sqlite
@pytest.mark.parametrize("path", ["/wallet", "/wallet/number"])
def test_and_can_make_nothing(local, proved, path):
    answer = browser(local).post(f"/claim/{proved.code}{path}")
    assert answer.headers["location"] == f"/claim/{proved.code}/proof"


@sqlite
def test_the_page_says_nothing_about_the_award_or_the_person(local, proved):
    shown = browser(local).get(f"/claim/{proved.code}/proof")
    assert shown.status_code == 200
    assert "z…@s….example" in shown.text
    for secret in ("zoe@", "student", "Zoë", "Berg", "Energy"):
        assert secret not in shown.text


@sqlite
def test_the_link_lets_its_own_browser_in_once(local, proved):
    mine = browser(local)
    link, _ = sent(local, mine, proved)
    answer = mine.get(link)
    assert answer.headers["location"] == f"/claim/{proved.code}"
    assert "Zoë Berg" in mine.get(answer.headers["location"]).text
    assert mine.get(link).status_code == 410
    assert browser(local).get(f"/claim/{proved.code}").status_code == 303


@sqlite
def test_the_link_is_worth_nothing_in_another_browser_and_is_not_used_up_there(local, proved):
    mine = browser(local)
    link, _ = sent(local, mine, proved)
    assert browser(local).get(link).status_code == 410
    assert mine.get(link).status_code == 303


@sqlite
def test_the_number_lets_in(local, proved):
    mine = browser(local)
    _, number = sent(local, mine, proved)
    answer = mine.post(f"/claim/{proved.code}/proof/number", data={"number": f" {number} "})
    assert answer.headers["location"] == f"/claim/{proved.code}"
    assert mine.get(f"/claim/{proved.code}").status_code == 200


@sqlite
def test_five_wrong_numbers_end_it(local, proved):
    mine = browser(local)
    _, number = sent(local, mine, proved)
    wrong = f"{(int(number) + 1) % 10**6:06d}"
    where = f"/claim/{proved.code}/proof/number"
    for _ in range(proving.TRIES):
        answer = mine.post(where, data={"number": wrong})
        assert answer.status_code == 422
        assert "newest mail" in answer.text
    assert mine.post(where, data={"number": number}).status_code == 410
    assert mine.get(f"/claim/{proved.code}").status_code == 303


@sqlite
def test_after_a_quarter_of_an_hour_neither_works(local, proved, clock):
    mine = browser(local)
    link, number = sent(local, mine, proved)
    clock.forward(minutes=15)
    assert mine.get(link).status_code == 410
    where = f"/claim/{proved.code}/proof/number"
    assert mine.post(where, data={"number": number}).status_code == 410


@sqlite
def test_the_browser_must_prove_it_again_after_half_a_day(local, proved, clock):
    mine = browser(local)
    link, _ = sent(local, mine, proved)
    mine.get(link)
    clock.forward(hours=13)
    assert mine.get(f"/claim/{proved.code}").status_code == 303


@sqlite
def test_a_mailbox_is_not_filled_from_here(local, proved):
    for _ in range(proving.MAILS_AN_HOUR):
        assert browser(local).post(f"/claim/{proved.code}/proof").status_code == 303
    answer = browser(local).post(f"/claim/{proved.code}/proof")
    assert answer.status_code == 429
    assert "in an hour" in answer.text


@sqlite
def test_another_site_cannot_have_mail_sent(local, proved):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert browser(local).post(f"/claim/{proved.code}/proof", headers=headers).status_code == 403


@sqlite
@pytest.mark.parametrize("token", ["x", "x.y", "A" * 22, "A" * 22 + "." + "A" * 22, "é"])
def test_a_link_cannot_be_guessed(local, proved, token):
    assert browser(local).get(f"/claim-proof/{token}").status_code == 410


@sqlite
def test_without_an_address_or_mail_nobody_comes_in(instance, local, claim):
    made = claim(Rules(prove_email=True), email=None)
    answer = browser(local).get(f"/claim/{made.code}/proof")
    assert "Ask the organisation that sent you the link" in answer.text
    assert browser(local).post(f"/claim/{made.code}/proof").status_code == 404
    app = create_app(instance)
    silent = TestClient(app, base_url=instance.settings.origin, headers=PAGE)
    assert "That is not possible now" in silent.get(f"/claim/{made.code}").text


@sqlite
def test_where_nothing_is_asked_the_link_is_enough(local, claim):
    made = claim(Rules())
    assert browser(local).get(f"/claim/{made.code}").status_code == 200
    answer = browser(local).get(f"/claim/{made.code}/proof")
    assert answer.headers["location"] == f"/claim/{made.code}"


def test_of_two_that_prove_at_once_one_is_first(instance, achievements):
    learner = Learner(given_name="Zoë", family_name="Berg", email="zoe@x.example")
    made = award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12))))
    with session.unit_of_work(instance.engine) as connection:
        link = service.create_claim(instance, connection, made.issuance.award_id)
    proving.ask(instance, link.claim, "browser")
    letter = proving.write_proof(instance, 1)
    token = re.search(r"claim-proof/(\S+)", letter.text)[1]
    proving.prove_by_link(instance, token, "browser")
    with pytest.raises(SpentLink):
        proving.prove_by_link(instance, token, "browser")
    assert proving.write_proof(instance, 1) is None


@sqlite
def test_the_number_for_the_wallet_comes_by_mail_and_opens_the_offer(local, claim):
    made = claim(Rules(wallet_code=True))
    mine = browser(local)
    shown = mine.get(f"/claim/{made.code}").text
    assert "Send the number to z…@s….example" in shown
    assert mine.post(f"/claim/{made.code}/wallet/number").status_code == 303
    assert "on its way" in mine.get(f"/claim/{made.code}").text
    number = re.search(r"^(\d{6})\r?$", newest_mail(local), re.MULTILINE)[1]
    offer = offer_behind(mine, shown)
    (grant,) = offer["grants"]
    code = offer["grants"][grant]["pre-authorized_code"]
    form = {"grant_type": grant, "pre-authorized_code": code}
    where = f"{offer['credential_issuer']}/token"
    assert mine.post(where, data=form).json()["error"] == "invalid_request"
    assert mine.post(where, data=form | {"tx_code": number}).status_code == 200


def offer_behind(mine, shown):
    link = re.search(r'href="openid-credential-offer://\?credential_offer_uri=([^"]+)"', shown)[1]
    return mine.get(link.replace("%3A", ":").replace("%2F", "/")).json()


@sqlite
def test_an_offer_gets_one_mail_however_often_it_is_asked_for(local, claim):
    made = claim(Rules(wallet_code=True))
    mine = browser(local)
    mine.get(f"/claim/{made.code}")
    for _ in range(3):
        mine.post(f"/claim/{made.code}/wallet/number")
    post(postman_of(local, WRITERS))
    texts = [file.read_bytes() for file in local.settings.mail_folder.glob("*.eml")]
    assert len([text for text in texts if b"number for your wallet" in text]) == 1


@sqlite
def test_without_an_address_the_wallet_code_is_sent_to_nobody(local, claim):
    made = claim(Rules(wallet_code=True), email=None)
    mine = browser(local)
    assert "No e-mail address is known" in mine.get(f"/claim/{made.code}").text
    assert mine.post(f"/claim/{made.code}/wallet/number").status_code == 303
    assert post(postman_of(local, WRITERS)) == 0
    with session.reading(local.engine) as connection:
        name = connection.exec_driver_sql("SELECT offer_name FROM claim").scalar_one()
    assert offer_state(local, name) is OfferState.OPEN
