"""Every file a learner may take is there, is what it says it is, and holds the credential."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from badges.award import Learner
from badges.baking import png, svg
from issuer.app import create_app
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, revoke
from issuer.claiming import paper, service
from issuer.db import session
from issuer.status.service import Act
from issuer.verify import question
from issuer.verify.sources import Verifier

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

needs_typst = pytest.mark.skipif(not paper.available(), reason="the extra learnseal[pdf] is absent")


class Inline:
    """A pool without processes: answers in this one."""

    async def ask(self, request):
        return question.answer(request)


@pytest.fixture
def client(instance):
    app = create_app(instance)
    app.state.verifier = Verifier(Inline(), app.state.verifier.sources)
    return TestClient(app, raise_server_exceptions=False, base_url="https://badges.example")


@pytest.fixture
def credential(instance, achievements):
    learner = Learner(given_name="Zoë", family_name="van den Berg", email="zoe@student.example")
    return award_one(
        instance, Wish("energy-positive-neighbourhoods", Decision(learner, date(2026, 6, 12)))
    )


@pytest.fixture
def take(client, instance, credential):
    with session.unit_of_work(instance.engine) as connection:
        made = service.create_claim(instance, connection, credential.issuance.award_id)

    def get(extension, **headers):
        return client.get(f"/claim/{made.code}/credential.{extension}", headers=headers)

    return get


KINDS = {
    "json": "application/vc",
    "png": "image/png",
    "svg": "image/svg+xml",
    "jwt": "application/jwt",
}


@pytest.mark.parametrize("extension", KINDS)
def test_each_file_has_its_type_and_name(take, extension):
    file = take(extension)
    assert file.status_code == 200
    assert file.headers["content-type"].partition(";")[0] == KINDS[extension]
    name = re.fullmatch(r'attachment; filename="([^"]+)"', file.headers["content-disposition"])
    assert name[1].startswith("energy-positive-neighbourhoods")
    assert name[1].endswith(f".{extension}")
    assert file.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("extension", KINDS)
def test_each_file_is_found_valid_on_its_own(client, take, extension):
    report = client.post("/api/verify", content=take(extension).content).json()
    assert report["verdict"] == "valid", report["findings"]


def test_the_pictures_hold_the_badge_as_it_was_signed(take, credential):
    assert png.unbake(take("png").content).encode() == credential.document
    assert svg.unbake(take("svg").content).encode() == credential.document
    assert Image.open(BytesIO(take("png").content)).size == (800, 800)
    root = ET.fromstring(take("svg").content)  # noqa: S314 - our own drawing
    assert "Energy" in root.find("{http://www.w3.org/2000/svg}title").text


def test_the_token_is_an_issuance_of_its_own_and_the_same_every_time(take, credential):
    token = take("jwt").text
    assert token.count(".") == 2
    assert take("jwt").text == token
    assert token.encode() != credential.document


def test_a_revoked_award_is_revoked_in_each_form(client, instance, take, credential):
    token = take("jwt").content
    revoke(instance, [credential.issuance.credential_id], Act("test", instance.now()))
    for extension in KINDS:
        report = client.post("/api/verify", content=take(extension).content).json()
        assert report["verdict"] == "not_valid", extension
    assert take("jwt").content == token


def test_nothing_new_is_signed_of_a_revoked_award(instance, take, credential):
    revoke(instance, [credential.issuance.credential_id], Act("test", instance.now()))
    assert take("jwt").status_code == 409
    assert take("json").status_code == 200


@pytest.mark.parametrize("extension", ["exe", "JSON", "json.exe", "..", "%00"])
def test_there_is_no_other_file(take, extension):
    assert take(extension).status_code == 404


def test_the_page_offers_each_file(client, instance, credential):
    with session.unit_of_work(instance.engine) as connection:
        made = service.create_claim(instance, connection, credential.issuance.award_id)
    page = client.get(f"/claim/{made.code}", headers={"Accept": "text/html"}).text
    for extension in KINDS:
        assert f"credential.{extension}" in page


@needs_typst
def test_the_page_to_print_is_tagged_and_carries_the_badge(take, credential):
    file = take("pdf")
    assert file.status_code == 200
    assert file.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(file.content)
    assert document.is_tagged()
    assert "Energy" in document.get_metadata_value("Title")
    (attached,) = [document.get_attachment(n) for n in range(document.count_attachments())]
    assert bytes(attached.get_data()) == credential.document
    assert attached.get_name() == "credential.json"
    words = document[0].get_textpage().get_text_range()
    assert "Zoë van den Berg" in words
    assert "ECTS" in words
    assert b"pdfuaid" in file.content


@needs_typst
def test_the_page_to_print_is_found_valid_on_its_own(client, take):
    report = client.post("/api/verify", content=take("pdf").content).json()
    assert report.get("verdict") == "valid", report


@needs_typst
def test_markup_in_a_credential_stays_text_on_the_page(take, instance, credential):
    keepsake = paper_keepsake(instance, credential)
    hostile = '#import "/etc/passwd": * *bold* ]) #panic("x") $x$ <b>'
    meaning = dict(keepsake.meaning) | {"name": hostile}
    changed = type(keepsake)(keepsake.credential, meaning, revoked=True, suspended=False)
    document = pypdfium2.PdfDocument(paper.print_page(changed, "https://badges.example/verify"))
    words = document[0].get_textpage().get_text_range()
    assert "#panic" in words
    assert "revoked" in words


def paper_keepsake(instance, credential):
    from issuer.claiming.keepsake import take as keep

    return keep(instance, credential.issuance.award_id)
