"""The web wallet in every state, looked at in a real Chromium, and what only a browser can tell."""

import io
import json

import pytest

from issuer.oid4vci.model import Format
from issuer.oid4vci.offers import offer_state
from tests.browser.looking import assert_everyone_can_use
from tests.browser.wallet_service import WalletService

pytestmark = pytest.mark.browser

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with WalletService(tmp_path_factory.mktemp("wallet")).running() as made:
        yield made


class Visit:
    """A browser with a wallet in it, and everything it asked for or complained about."""

    def __init__(self, context, service):
        self.context, self.service = context, service
        self.requests, self.complaints = [], []
        self.page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.complain)

    def complain(self, message):
        if message.type in {"error", "warning"} and "status of" not in message.text:
            self.complaints.append(message.text)

    def open(self, path=""):
        self.page.goto(f"{self.service.url}/wallet/{path}")
        self.page.wait_for_selector("html[data-ready]")

    def offered(self, **choice):
        made = self.service.offer(**choice)
        self.open("?" + made.uri.partition("?")[2])
        self.page.wait_for_selector("text=Take it into my wallet")
        return made

    def receive(self, **choice):
        made = self.offered(**choice)
        if made.tx_code:
            self.page.fill("#code", made.tx_code)
        self.page.click("text=Take it into my wallet")
        self.page.wait_for_selector("#standing .notice")
        return made


@pytest.fixture
def visit(browser, service):
    context = browser.new_context()
    context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
    yield Visit(context, service)
    context.close()


def empty(visit):
    visit.open()


def add(visit):
    visit.open("#/add")


def no_offer(visit):
    visit.open("#/add")
    visit.page.fill("#link", "hello")
    visit.page.click("text=Continue")
    visit.page.wait_for_selector("[role=alert]")


def offered(visit):
    visit.offered(tx_code=True)


def wrong_code(visit):
    made = visit.offered(tx_code=True)
    visit.page.fill("#code", "0" * len(made.tx_code))
    visit.page.click("text=Take it into my wallet")
    visit.page.wait_for_selector("[role=alert]")


def received(visit):
    visit.receive()
    visit.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def revoked(visit):
    visit.receive()
    visit.service.staff_revokes_the_newest()
    visit.page.click("text=Check again")
    visit.page.wait_for_selector("#standing .not_valid")


def deleting(visit):
    visit.receive()
    visit.page.click("text=Delete")
    visit.page.wait_for_selector("text=Yes, delete it")


def cards(visit):
    visit.receive(format=Format.SD_JWT_VC)
    revoked(visit)
    visit.page.click("text=All credentials")
    visit.page.wait_for_selector(".cards")


def backup(visit):
    visit.open("#/backup")


def offline(visit):
    visit.receive()
    visit.context.set_offline(True)
    visit.page.wait_for_selector("#offline:not([hidden])")
    visit.page.click("text=Check again")
    visit.page.wait_for_selector("text=You are offline, or the verifier is")


STATES = [
    empty, add, no_offer, offered, wrong_code, received, revoked, deleting, cards, backup, offline,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_g1_g2_everyone_can_use_it_in_light_dark_and_on_a_small_phone(visit, axe, state):
    state(visit)
    page = visit.page
    assert_everyone_can_use(page, axe, state.__name__)
    if state is not offline:
        assert visit.complaints == []
    assert {url for url in visit.requests if not url.startswith(visit.service.url)} == set()


@pytest.mark.parametrize("form", list(Format))
def test_receives_every_format_and_tells_the_issuer(visit, form):
    made = visit.receive(format=form, tx_code=True)
    page = visit.page
    assert page.inner_text("h1") == "Energy-positive neighbourhoods"
    assert "Zoë van den Berg" in page.inner_text(".diploma .lead")
    assert page.inner_text("#standing h2") == "Valid"
    assert f"Checked by {visit.service.url[7:]}" in page.inner_text("#standing")
    assert offer_state(visit.service.instance, made.name) == "accepted"


def test_the_private_key_cannot_leave_the_browser(visit):
    visit.receive()
    told = visit.page.evaluate(
        """async () => {
          const { all } = await import("/wallet/store.js");
          const [{ key }] = await all();
          const shown = await crypto.subtle.exportKey("pkcs8", key.privateKey).catch(e => e.name);
          return [key.privateKey.extractable, shown, Object.keys(key.jwk)];
        }"""
    )
    assert told == [False, "InvalidAccessError", ["crv", "kty", "x", "y"]]


def test_the_code_of_an_offer_does_not_stay_in_the_address(visit):
    visit.offered()
    assert "credential_offer" not in visit.page.url
    assert "/offers/" not in visit.page.evaluate("document.documentElement.outerHTML")


def test_nothing_is_taken_before_the_learner_says_so(visit):
    made = visit.offered()
    assert offer_state(visit.service.instance, made.name) == "open"
    visit.page.click("text=Not now")
    visit.page.wait_for_selector("text=Your wallet is empty")


def test_an_offer_is_good_once(visit):
    made = visit.receive()
    visit.open("?" + made.uri.partition("?")[2])
    visit.page.wait_for_selector("[role=alert]")
    assert "used or has expired" in visit.page.inner_text("[role=alert]")


def answer_with(visit, change):
    """Stand between wallet and issuer and change what is handed out."""

    def handle(route):
        honest = route.fetch()
        route.fulfill(response=honest, body=json.dumps(change(honest.json())))

    visit.page.route("**/credential", handle)


def spoilt(answer):
    answer["credentials"][0]["credential"]["name"] = "Doctor of Everything"
    return answer


def stolen(answer):
    answer["credentials"][0]["credential"]["credentialSubject"]["id"] = "did:key:z6MkSomebodyElse"
    return answer


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (spoilt, "does not hold what it says"),
        (stolen, "key of somebody else"),
        (lambda _: {"credentials": []}, "sent no credential"),
        (lambda _: {"credentials": [{"credential": "x.y.z"}]}, "not the credential"),
    ],
)
def test_what_does_not_hold_is_not_kept(visit, change, words):
    visit.offered()
    answer_with(visit, change)
    visit.page.click("text=Take it into my wallet")
    visit.page.wait_for_selector("[role=alert]")
    assert words in visit.page.inner_text("[role=alert]")
    visit.open()
    assert visit.page.inner_text("h1") == "Your wallet is empty"


def test_an_address_without_protection_is_not_asked(visit):
    visit.open("?credential_offer_uri=http%3A%2F%2Fissuer.example%2Foffer")
    visit.page.wait_for_selector("[role=alert]")
    assert "https" in visit.page.inner_text("[role=alert]")
    assert not any("issuer.example" in url.partition("?")[0] for url in visit.requests)


def test_it_opens_without_a_network(visit):
    visit.receive()
    visit.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visit.context.set_offline(True)
    visit.open()
    visit.page.wait_for_selector(".cards")
    assert "You are offline" in visit.page.inner_text("#offline")
    visit.page.click(".credential a")
    visit.page.wait_for_selector("#standing .valid")


def test_a_picture_of_the_code_is_read(visit):
    page = visit.page
    page.goto(visit.service.claim_page())
    picture = page.screenshot(full_page=True)
    visit.open("#/add")
    file = {"name": "code.png", "mimeType": "image/png", "buffer": picture}
    page.set_input_files("#picture", file)
    page.wait_for_selector("text=Take it into my wallet")
    assert visit.complaints == []


def test_a_picture_without_a_code_is_refused(visit):
    from PIL import Image

    blank = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(blank, "PNG")
    visit.open("#/add")
    file = {"name": "blank.png", "mimeType": "image/png", "buffer": blank.getvalue()}
    visit.page.set_input_files("#picture", file)
    visit.page.wait_for_selector("[role=alert]")


def test_a_backup_brings_credentials_to_another_browser(visit, browser, tmp_path):
    visit.receive()
    visit.open("#/backup")
    visit.page.fill("#new-passphrase", PASSPHRASE)
    with visit.page.expect_download() as download:
        visit.page.click("text=Save the backup")
    file = tmp_path / "wallet.backup"
    download.value.save_as(file)
    assert "Zoë" not in file.read_text()
    assert "Energy" not in file.read_text()
    other = Visit(browser.new_context(), visit.service)
    other.open("#/backup")
    other.page.set_input_files("#backup", file)
    other.page.fill("#old-passphrase", "wrong horse battery")
    other.page.click("button:text-is('Restore')")
    other.page.wait_for_selector("[role=alert]")
    assert "Nothing was restored" in other.page.inner_text("[role=alert]")
    other.page.fill("#old-passphrase", PASSPHRASE)
    other.page.click("button:text-is('Restore')")
    other.page.wait_for_selector("text=1 restored")
    other.page.click("text=Credentials")
    other.page.click(".credential a")
    other.page.click("text=Check again")
    other.page.wait_for_selector("#standing .valid")
    other.context.close()


def test_a_credential_can_be_deleted(visit):
    deleting(visit)
    visit.page.click("text=Keep it")
    visit.page.click("text=Delete")
    visit.page.click("text=Yes, delete it")
    visit.page.wait_for_selector("text=Your wallet is empty")


def test_it_can_be_used_by_keyboard_alone(visit):
    made = visit.service.offer()
    visit.open()
    page = visit.page
    page.keyboard.press("Tab")

    def reach(selector):
        for _ in range(20):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached")

    reach("a.button[href='#/add']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link")
    reach("#link")
    page.keyboard.insert_text(made.uri)
    page.keyboard.press("Enter")
    page.wait_for_selector(".offer")
    reach(".offer button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#standing .valid")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_the_claim_page_leads_into_the_wallet(visit):
    visit.page.goto(visit.service.claim_page())
    visit.page.click("text=Keep it in this browser")
    visit.page.click("text=Take it into my wallet")
    visit.page.wait_for_selector("#standing .valid")
