"""Previews: every view is marked, and no key is used for any of them."""

import base64
import io
import json

import pypdfium2
import pytest
from PIL import Image, ImageColor
from sqlalchemy import func, select

from badges.verify import Case, Policy, check, read
from issuer.claiming import paper
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import audit_line, award, issuance
from issuer.organisations.branding import store as branding
from issuer.organisations.branding.model import Branding

GREEN = "#0b6e4f"
VIEWS = ("learner", "employer", "open-badge", "european", "paper")
MARK = "Preview, not sealed"


class Counting:
    """A signer that counts what it is asked to do."""

    def __init__(self, signer, count):
        self.verification_method, self.algorithm = signer.verification_method, signer.algorithm
        self.count = count

    def sign(self, message):
        self.count.append(message)
        raise AssertionError("a preview asked for a signature")


@pytest.fixture
def signatures(instance):
    """What the keys of the service were asked to sign."""
    count = []
    for uri, signer in instance.kept.items():
        instance.kept[uri] = Counting(signer, count)
    assert instance.kept
    return count


def rows(instance):
    with reading(instance.engine) as connection:
        tables = (audit_line, award, issuance)
        return [connection.scalar(select(func.count()).select_from(t)) for t in tables]


def test_s4_every_view_is_marked_and_no_key_is_used(office, instance, signatures):
    office.write()
    before = rows(instance)
    for view in VIEWS:
        page = office.open(f"/preview/{view}")
        assert (view, page.status_code) == (view, 200)
        assert f'data-mark="{MARK}"' in page.text
        assert f'<p class="stamp">{MARK}</p>' in page.text
    assert "Alex Example" in office.open("/preview/learner").text
    assert "11 of the 11 things" in office.open("/preview/employer").text
    assert signatures == []
    assert rows(instance) == before


@pytest.mark.parametrize("view", ["open-badge", "european"])
def test_s4_the_files_are_wrapped_marked_and_unsigned(office, signatures, view):
    office.write()
    file = office.open(f"/preview/{view}/file")
    assert "preview-not-sealed" in file.headers["Content-Disposition"]
    document = json.loads(file.content)
    assert document["notice"] == MARK
    assert "proof" not in document["credential"]
    assert "Water in the city" in file.text
    assert signatures == []


@pytest.mark.parametrize("view", ["open-badge", "european"])
def test_s4_no_verifier_takes_a_preview_for_a_credential(office, clock, view):
    office.write()
    file = office.open(f"/preview/{view}/file")
    report = check(Case(read(file.content), {}, Policy(), clock()))
    assert report.to_json("")["verdict"] == "not_valid"


@pytest.mark.slow
@pytest.mark.skipif(not paper.available(), reason="the extra pdf is not installed")
def test_s4_the_page_is_marked_on_paper_too(office, signatures):
    office.write()
    document = pypdfium2.PdfDocument(io.BytesIO(office.open("/preview/paper/file").content))
    assert MARK in document[0].get_textpage().get_text_bounded()
    assert signatures == []


@pytest.fixture
def look(instance, alliance):
    """How the member decided to look: green, with a green logo."""
    logo = io.BytesIO()
    Image.new("RGB", (300, 100), GREEN).save(logo, "PNG")
    decided = Branding(logo=logo.getvalue(), colour=GREEN)
    with unit_of_work(instance.engine) as connection:
        branding.save(connection, alliance[1].id, decided)
        return branding.look(connection, alliance[1])


def test_a_preview_looks_as_the_organisation_does(office, look):
    office.write()
    learner, employer = (office.open(f"/preview/{view}").text for view in ("learner", "employer"))
    assert f'<img src="{look.logo_url}" alt="{look.name}">' in learner
    assert f'<link rel="stylesheet" href="{look.style_url}">' in learner
    assert f'<img src="{look.logo_url}" alt="">' in employer
    assert look.style_url not in employer  # as where credentials are checked: never our colours


def test_the_european_preview_is_drawn_in_the_colours_of_the_organisation(office, look):
    office.write()
    document = office.open("/preview/european/file").json()["credential"]
    page = document["displayParameter"]["individualDisplay"][0]["displayDetail"][0]
    drawn = Image.open(io.BytesIO(base64.b64decode(page["image"]["content"])))
    assert drawn.convert("RGB").getpixel((20, 5)) == ImageColor.getrgb(GREEN)


@pytest.mark.slow
@pytest.mark.skipif(not paper.available(), reason="the extra pdf is not installed")
def test_the_page_on_paper_has_the_logo_and_the_colour(office, look):
    office.write()
    document = pypdfium2.PdfDocument(io.BytesIO(office.open("/preview/paper/file").content))
    colours = document[0].render().to_pil().convert("RGB").getcolors(maxcolors=2**24)
    assert max(count for count, colour in colours if colour == ImageColor.getrgb(GREEN)) > 1_000


def test_who_decided_nothing_looks_like_the_service(office, instance, look, alliance):
    office.write()
    with unit_of_work(instance.engine) as connection:
        branding.save(connection, alliance[1].id, Branding())
    assert "/brand/" not in office.open("/preview/learner").text
    assert "/brand/" not in office.open("/preview/employer").text


def test_a_draft_with_a_title_only_can_be_looked_at(office):
    office.begin()
    assert "Water in the city" in office.open("/preview/learner").text
    assert office.open("/preview/open-badge").status_code == 200


def test_a_preview_follows_the_language_of_the_text(office):
    office.begin()
    fields = {"written_in": ["en"], "add_language": "de", "go": "stay"}
    office.step("about", **fields)
    office.step("about", written_in=["en", "de"], **{"title.de": "Wasser in der Stadt"})
    assert "Wasser in der Stadt" in office.open("/preview/learner?lang=de").text


def test_a_badge_looks_like_a_badge_to_learners_and_employers(office):
    office.begin(type="Badge")
    assert "Your badge" in office.open("/preview/learner").text
    assert 'class="kind badge"' in office.open("/preview/employer").text
    office.step("about", type="MicroCredential")
    assert "Your micro-credential" in office.open("/preview/learner").text
    assert 'class="kind micro"' in office.open("/preview/employer").text


@pytest.mark.parametrize("view", ["nonsense", "learner/file", "employer/file"])
def test_what_is_no_view_or_no_file_is_not_there(office, view):
    office.begin()
    assert office.open(f"/preview/{view}").status_code in {404, 422}
