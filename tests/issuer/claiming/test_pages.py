import html
import json
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from badges.award import Learner
from issuer.app import create_app
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, revoke
from issuer.claiming import service
from issuer.claiming.wallets import Progress, WalletOffer
from issuer.db import session
from issuer.status.service import Act
from issuer.verify import question
from issuer.verify.sources import Verifier

PAGE = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script>"


pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class Inline:
    """A pool without processes: answers in this one."""

    async def ask(self, request):
        return question.answer(request)


def serve(instance, **options):
    """The whole service, its verifier in this process."""
    app = create_app(instance)
    app.state.verifier = Verifier(Inline(), app.state.verifier.sources)
    return TestClient(app, raise_server_exceptions=False, **options)


@pytest.fixture
def client(instance):
    return serve(instance, base_url="https://badges.example")


@pytest.fixture
def awarded(instance, achievements):
    def award(name="Zoë"):
        learner = Learner(given_name=name, family_name="van den Berg", email="zoe@student.example")
        return award_one(
            instance, Wish("energy-positive-neighbourhoods", Decision(learner, date(2026, 6, 12)))
        )

    return award


@pytest.fixture
def link(instance):
    def make(credential, **options):
        with session.unit_of_work(instance.engine) as connection:
            return service.create_claim(
                instance, connection, credential.issuance.award_id, **options
            )

    return make


def test_the_page_shows_the_award_and_every_way_to_take_it(client, awarded, link):
    made = link(awarded())
    page = client.get(f"/claim/{made.code}", headers=PAGE)
    assert page.status_code == 200
    for told in ("Zoë van den Berg", "Energy", "<svg", "No wallet?", "linkedin.com", "ECTS"):
        assert told in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]


def test_the_file_is_the_signed_credential_as_it_was_stored(client, awarded, link):
    credential = awarded()
    made = link(credential)
    file = client.get(f"/claim/{made.code}/credential.json")
    assert file.content == credential.document
    assert file.headers["content-type"].startswith("application/")
    assert file.headers["content-disposition"].endswith('.json"')


def test_what_was_taken_is_found_valid_by_the_verify_page(client, awarded, link):
    made = link(awarded())
    file = client.get(f"/claim/{made.code}/credential.json").content
    report = client.post("/api/verify", content=file).json()
    assert report["verdict"] == "valid", report["findings"]
    changed = json.loads(file)
    changed["name"] = "Doctor of Everything"
    assert client.post("/api/verify", json=changed).json()["verdict"] == "not_valid"


def test_a_revoked_credential_says_so_here_and_there(client, instance, awarded, link):
    credential = awarded()
    made = link(credential)
    revoke(instance, [credential.issuance.credential_id], Act("test", instance.now()))
    assert "was revoked" in client.get(f"/claim/{made.code}", headers=PAGE).text
    file = client.get(f"/claim/{made.code}/credential.json").content
    assert client.post("/api/verify", content=file).json()["verdict"] == "not_valid"


def test_a_wrong_code_an_ended_and_a_withdrawn_link_say_what_to_do(
    client, instance, awarded, link, clock
):
    credential = awarded()
    assert client.get("/claim/nonsense", headers=PAGE).status_code == 404
    ended = link(credential, lifetime=timedelta(days=1))
    withdrawn = link(credential)
    with session.unit_of_work(instance.engine) as connection:
        service.withdraw_claims(instance, connection, credential.issuance.award_id)
    assert client.get(f"/claim/{withdrawn.code}", headers=PAGE).status_code == 410
    clock.forward(days=2)
    fresh = link(credential, lifetime=timedelta(days=1))
    clock.forward(days=2)
    page = client.get(f"/claim/{fresh.code}", headers=PAGE)
    assert page.status_code == 410
    assert "ask the organisation that sent it for a new link" in page.text
    assert client.get(f"/claim/{ended.code}/credential.json").status_code == 410


def test_a_name_is_never_markup(client, awarded, link):
    page = client.get(f"/claim/{link(awarded(HOSTILE)).code}", headers=PAGE)
    assert HOSTILE not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_typed_code_leads_to_its_page(client):
    answer = client.get("/claim", params={"code": " a/b "}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/claim/a%2Fb"
    assert "Claim code" in client.get("/claim", headers=PAGE).text


def test_the_keys_and_lists_are_served_for_everyone(client, awarded):
    document = json.loads(awarded().document)
    slug = document["issuer"]["id"].rsplit(":", 1)[1]
    served = client.get(f"/o/{slug}/did.json")
    assert served.json()["id"] == document["issuer"]["id"]
    assert served.headers["access-control-allow-origin"] == "*"
    listed = client.get(document["credentialStatus"]["statusListCredential"])
    assert "proof" in listed.json()
    assert client.get("/o/nobody/did.json").status_code == 404


def offered(page):
    return html.unescape(re.search(r'href="(openid-credential-offer:[^"]+)"', page.text)[1])


def test_the_code_leads_a_wallet_to_the_offer_by_reference(client, awarded, link):
    made = link(awarded())
    page = client.get(f"/claim/{made.code}", headers=PAGE)
    reference = parse_qs(urlsplit(offered(page)).query)["credential_offer_uri"][0]
    offer = client.get(reference.removeprefix("https://badges.example")).json()
    assert offer["credential_configuration_ids"]
    assert len(offered(page)) < 300


def test_the_same_offer_stays_until_a_new_one_is_asked_for(client, awarded, link):
    made = link(awarded())
    first = offered(client.get(f"/claim/{made.code}", headers=PAGE))
    assert offered(client.get(f"/claim/{made.code}", headers=PAGE)) == first
    answer = client.post(f"/claim/{made.code}/wallet", headers=PAGE, follow_redirects=False)
    assert answer.status_code == 303
    assert offered(client.get(f"/claim/{made.code}", headers=PAGE)) != first


def test_another_site_cannot_ask_for_an_offer(client, awarded, link):
    made = link(awarded())
    foreign = PAGE | {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"/claim/{made.code}/wallet", headers=foreign).status_code == 403


def test_a_revoked_award_is_not_offered_to_wallets(client, instance, awarded, link):
    credential = awarded()
    made = link(credential)
    revoke(instance, [credential.issuance.credential_id], Act("test", instance.now()))
    assert "openid-credential-offer" not in client.get(f"/claim/{made.code}", headers=PAGE).text


class Scripted:
    """Wallets that have come as far as the test says."""

    def __init__(self, progress):
        self.offer = WalletOffer("one", "openid-credential-offer://?x=1", progress)

    def create(self, award_id):
        return self.offer

    def find(self, name):
        return self.offer


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress.WAITING, "Waiting for your wallet."),
        (Progress.OPENED, "Say yes there."),
        (Progress.KEPT, "It is in your wallet."),
        (Progress.ENDED, "Make a new code"),
    ],
)
def test_the_page_tells_how_far_the_wallet_is(client, awarded, link, progress, told):
    client.app.state.wallets = Scripted(progress)
    made = link(awarded())
    assert told in client.get(f"/claim/{made.code}", headers=PAGE).text
    part = client.get(f"/claim/{made.code}/wallet", headers=PAGE).text
    assert told in part
    assert ("hx-trigger" in part) == (progress in {Progress.WAITING, Progress.OPENED})
