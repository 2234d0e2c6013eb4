"""Before the claim page and beside the wallet: every state for everyone, without JavaScript too."""

import os
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import pytest

from issuer.app.post import WRITERS, post
from issuer.catalogue.service import find
from issuer.claiming import rules
from issuer.claiming.rules import Rules
from issuer.db import session
from issuer.mail.service import postman_of
from issuer.oid4vci.desk import configuration_id
from issuer.oid4vci.model import Format
from issuer.organisations import accounts_store, sessions
from issuer.organisations.accounts import first_link
from issuer.organisations.roles import Grant, Role
from issuer.organisations.store import by_id
from tests.browser.looking import assert_everyone_can_use
from tests.browser.wallet_service import ACHIEVEMENT, WalletService

pytestmark = pytest.mark.browser

NOBODY = "http://127.0.0.1:9"
"""A provider of single sign-on that never answers: the port of `discard`."""

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service that keeps its mail, and staff who are signed in."""
    made = WalletService(tmp_path_factory.mktemp("coming"))
    folder = tmp_path_factory.mktemp("mail")
    changed = {"mail_folder": folder, "oidc_issuer": NOBODY, "oidc_client_id": "learnseal"}
    changed |= {"oidc_label": "Northlight University"}
    settings = made.instance.settings.model_copy(update=changed)
    made.instance = replace(made.instance, settings=settings)
    with session.unit_of_work(made.instance.engine) as connection:
        number = find(connection, ACHIEVEMENT).organisation_id
        made.organisation = by_id(connection, number)
        now = made.instance.now()
        account = accounts_store.add_account(connection, "zoe@x.example", "Zoë", "none", now)
        accounts_store.grant(connection, account, Grant(number, Role.MEMBER_ADMIN))
        made.token = sessions.begin(connection, account, now)
    with made.running():
        yield made


def ruled(service, **asked):
    """Set what the organisation asks, and return a claim page."""
    with session.unit_of_work(service.instance.engine) as connection:
        rules.save(connection, service.organisation.id, Rules(**asked))
    return service.claim_page()


def mailed(service, pattern):
    post(postman_of(service.instance, WRITERS))
    files = sorted(service.instance.settings.mail_folder.glob("*.eml"), key=os.path.getmtime)
    texts = [message_from_bytes(file.read_bytes(), policy=default).get_content() for file in files]
    return next(found[1] for text in reversed(texts) if (found := re.search(pattern, text)))


def gate(page, service):
    page.goto(ruled(service, prove_email=True))


def sent(page, service):
    gate(page, service)
    page.click("text=Send me the mail")
    page.wait_for_selector("#number")


def wrong(page, service):
    sent(page, service)
    page.fill("#number", "x")
    page.click("text=Go on")
    page.wait_for_selector("[role=alert]")


def proved(page, service):
    sent(page, service)
    page.goto(service.url + mailed(service, r"(/claim-proof/\S+)"))
    page.wait_for_selector("text=Zoë van den Berg")


def spent(page, service):
    page.goto(f"{service.url}/claim-proof/nonsense")


def to_send(page, service):
    page.goto(ruled(service, wallet_code=True))


def number_sent(page, service):
    to_send(page, service)
    page.click("text=Send the number")
    page.wait_for_selector("text=on its way")


def asked(page, service, **rule):
    """A wallet comes without an offer."""
    service.page = ruled(service, **rule)
    name = configuration_id(ACHIEVEMENT, Format.LDP_VC)
    query = (
        f"response_type=code&client_id=A%20wallet&redirect_uri={quote('https://wallet.example/cb')}"
        f"&code_challenge={CHALLENGE}&code_challenge_method=S256&scope={name}"
    )
    page.goto(f"{service.url}/o/{service.organisation.slug}/authorize?{query}")
    page.wait_for_selector("#offer_code")


def asked_wrong(page, service):
    asked(page, service)
    page.fill("#offer_code", "nonsense")
    page.click("main button[type=submit]")
    page.wait_for_selector("[role=alert]")


def asked_number(page, service, **rule):
    asked(page, service, **(rule or {"wallet_code": True}))
    page.fill("#offer_code", service.page.rpartition("/")[2])
    page.click("main button[type=submit]")


def asked_proof(page, service):
    asked_number(page, service, prove_email=True)
    page.wait_for_selector("text=Go to the claim page")


def dead_end(page, service):
    page.goto(f"{service.url}/o/{service.organisation.slug}/authorize?client_id=x")


def at_desk(page, service, path):
    page.context.add_cookies([{"name": "learnseal", "value": service.token, "url": service.url}])
    page.goto(f"{service.url}/staff/o/{service.organisation.slug}{path}")


def invite(page, service, address="bo@far.example"):
    at_desk(page, service, "/people")
    page.fill("#email", address)
    page.click("text=Make a link")


def invited_by_mail(page, service):
    invite(page, service)
    page.wait_for_selector("text=on its way to bo@far.example")


def wrongly_invited(page, service):
    invite(page, service, "bo at far")
    page.wait_for_selector("#email[aria-invalid]")


def university(page, service):
    page.goto(f"{service.url}/staff/sign-in")
    page.wait_for_selector("text=Sign in with Northlight University")


def university_out_of_reach(page, service):
    university(page, service)
    page.click("text=Sign in with Northlight University")
    page.wait_for_selector("[role=alert] >> text=does not answer")


def university_refused(page, service):
    page.goto(f"{service.url}/staff/single-sign-on/return?state=of-another-browser&code=x")
    page.wait_for_selector("[role=alert]")


def university_to_link(page, service):
    at_desk(page, service, "")
    page.goto(f"{service.url}/staff/account")
    page.wait_for_selector("text=Link with Northlight University")


def university_to_join(page, service):
    page.goto(first_link(service.instance))
    page.wait_for_selector("text=Join with Northlight University")


def decide(page, service):
    at_desk(page, service, "/claiming")


def trace(page, service):
    made = service.offer(tx_code=True)
    link = made.uri.partition("credential_offer_uri=")[2]
    offer = page.request.get(link.replace("%3A", ":").replace("%2F", "/")).json()
    (grant,) = offer["grants"]
    form = {"grant_type": grant, "pre-authorized_code": "x"}
    form["pre-authorized_code"] = offer["grants"][grant]["pre-authorized_code"]
    page.request.post(f"{offer['credential_issuer']}/token", form=form)
    at_desk(page, service, "/awards")
    page.click("table a")
    page.click("text=What wallets did with it")
    page.wait_for_selector("text=tx_code is missing")


STATES = (
    gate,
    sent,
    wrong,
    proved,
    spent,
    to_send,
    number_sent,
    asked,
    asked_wrong,
    asked_number,
    asked_proof,
    dead_end,
    university,
    university_out_of_reach,
    university_refused,
    university_to_link,
    university_to_join,
    decide,
    invited_by_mail,
    wrongly_invited,
    trace,
)


@pytest.fixture
def page(browser):
    """A page of a browser that runs no script of ours: everything works without."""
    context = browser.new_context(java_script_enabled=True)
    context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
    context.route("**/*.js", lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_g1_g2_everyone_can_use_it_in_light_dark_and_on_a_small_phone(page, axe, service, state):
    state(page, service)
    assert_everyone_can_use(page, axe, state.__name__)
