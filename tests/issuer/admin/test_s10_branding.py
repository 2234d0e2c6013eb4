"""S10: logo, colour, sender and mail texts of each member university, and where they are seen."""

import base64
import io
import json
import re
from datetime import date
from types import SimpleNamespace

import pytest
from PIL import Image

from badges.award import Learner
from issuer.audit.store import rows as audit_rows
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.claiming.keepsake import take
from issuer.claiming.mailing import write_link
from issuer.claiming.service import create_claim
from issuer.claiming.takeaways import named
from issuer.db import session
from issuer.edc import exporting
from issuer.mail.letter import write_message
from issuer.organisations.branding import store
from issuer.organisations.branding.model import Branding
from issuer.organisations.roles import Role
from issuer.verify.pages import own_logo
from issuer.verify.view import Issuer

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ENERGY = "energy-positive-neighbourhoods"
GREEN, PALE_GREEN = "#0b6e4f", "#7fd6b8"


def picture(kind="PNG", size=(300, 100), colour="#0b6e4f"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
    b'<rect width="300" height="100" rx="20" fill="#0b6e4f"/></svg>'
)


@pytest.fixture
def member(achievements, alliance):
    """The university whose achievement is awarded."""
    wanted = achievements[ENERGY].organisation_id
    return next(found for found in alliance if found.id == wanted)


@pytest.fixture
def admin(sign_in_as, member):
    return sign_in_as(Role.MEMBER_ADMIN, member.slug)


@pytest.fixture
def page(member):
    return f"/staff/o/{member.slug}/branding"


@pytest.fixture
def award(instance, achievements):
    def make(language="en"):
        learner = Learner("Ana", "Andromeda", email="ana@student.example")
        decision = Decision(learner, date(2026, 6, 12), language=language)
        return award_one(instance, Wish(ENERGY, decision)).issuance

    return make


def decided(instance, of):
    with session.reading(instance.engine) as connection:
        return store.read(connection, of.id)


def decide(instance, of, **changes):
    with session.unit_of_work(instance.engine) as connection:
        store.save(connection, of.id, Branding(**changes))


def look(instance, of):
    with session.reading(instance.engine) as connection:
        return store.look(connection, of)


def claim_page(instance, visitor, issuance):
    with session.unit_of_work(instance.engine) as connection:
        made = create_claim(instance, connection, issuance.award_id)
    return visitor().open(made.url.removeprefix("https://badges.example"))


@sqlite
def test_s10_branding_of_a_member_university_is_seen_wherever_learners_look(  # noqa: PLR0913, PLR0917
    instance, admin, page, member, award, visitor
):
    answer = admin.submit(
        page,
        files={"logo": ("crest.png", picture(), "image/png")},
        colour=GREEN,
        dark_colour=PALE_GREEN,
        sender_name="Awards of the university",
        sender_address="awards@badges.example",
        languages="en",
    )
    assert answer.headers["location"] == f"{page}?saved=1"
    issuance = award(language="de")
    shown = claim_page(instance, visitor, issuance)
    found = look(instance, member)
    assert f'<img src="{found.logo_url}"' in shown.text
    assert f'href="{found.style_url}"' in shown.text
    assert 'hreflang="de"' not in shown.text
    style = visitor().get(found.style_url)
    assert GREEN in style.text
    assert PALE_GREEN in style.text
    letter = write_link(instance, issuance.award_id)
    assert (letter.sender_name, letter.sender_address, letter.language) == (
        "Awards of the university",
        "awards@badges.example",
        "en",
    )
    made = json.loads(exporting.sealed(instance, issuance.id, exporting.demo_sealer(instance)))
    image = json.loads(made["payload"])["displayParameter"]["individualDisplay"][0]
    assert top_of(image["displayDetail"][0]["image"]["content"]) == (11, 110, 79)


def top_of(content):
    with Image.open(io.BytesIO(base64.b64decode(content))) as drawn:
        return drawn.convert("RGB").getpixel((20, 5))


@sqlite
def test_s10_a_colour_that_cannot_be_read_is_refused_with_its_ratio_and_one_that_passes(
    instance, admin, page, member
):
    answer = admin.submit(page, colour="#ff8800", sender_address="nobody")
    assert answer.status_code == 422
    assert "#ff8800 on #e8ecf3 has a contrast of 2.02:1" in answer.text
    assert 'href="#colour"' in answer.text
    assert 'href="#sender_address"' in answer.text
    assert decided(instance, member) == Branding()
    near = re.search(r"(#[0-9a-f]{6}) is near it and passes", answer.text)[1]
    assert admin.submit(page, colour=near).status_code == 303
    assert decided(instance, member).colour == near


@sqlite
def test_s10_what_is_no_logo_is_refused_with_the_reason(instance, admin, page, member):
    answer = admin.submit(page, files={"logo": ("logo", b"not a picture", "image/png")})
    assert answer.status_code == 422
    assert "no picture we can read" in answer.text
    assert decided(instance, member).logo is None


@sqlite
def test_s10_words_that_would_not_do_are_refused(admin, page):
    answer = admin.submit(f"{page}/mail/en", subject="Hi", body="no link")
    assert answer.status_code == 422
    assert "must have {link} in it" in answer.text
    assert "own words" not in admin.open(page).text


@sqlite
def test_s10_an_svg_is_drawn_and_nothing_of_it_is_served(instance, admin, page, member, visitor):
    pytest.importorskip("typst")
    admin.submit(page, files={"logo": ("logo.svg", SVG, "image/svg+xml")})
    answer = visitor().get(look(instance, member).logo_url)
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.convert("RGB").getpixel((drawn.width // 2, drawn.height // 2)) == (11, 110, 79)


@sqlite
def test_s10_what_is_unset_is_as_the_alliance_has_it(instance, alliance, member):
    logo = picture()
    decide(instance, alliance[0], logo=logo, colour="#7a1f5c", sender_name="Alliance")
    found = look(instance, member)
    assert (found.logo, found.colour, found.sender_name) == (logo, "#7a1f5c", "Alliance")
    decide(instance, member, colour=GREEN)
    mine = look(instance, member)
    assert (mine.logo, mine.colour, mine.page_colour) == (logo, GREEN, GREEN)
    assert look(instance, alliance[0]).colour == "#7a1f5c"


@sqlite
def test_s10_a_logo_can_be_taken_away_and_its_address_is_gone(
    instance, admin, page, member, visitor
):
    admin.submit(page, files={"logo": ("l.png", picture(), "image/png")})
    address = look(instance, member).logo_url
    admin.submit(page, colour=GREEN)
    assert look(instance, member).logo_url == address
    admin.submit(page, remove_logo="true")
    assert visitor().get(address).status_code == 404
    assert visitor().get(f"/o/{member.slug}/brand/23408f-aec4ff.css").status_code == 404


@sqlite
def test_s10_the_words_of_the_mail_are_previewed_kept_and_sent(instance, admin, page, award):
    mail = f"{page}/mail/en"
    words = {"subject": "Well done, {learner}", "body": "Dear {learner},\n\n{title}: {link}\n\nZoë"}
    preview = admin.submit(mail, act="preview", **words)
    assert preview.status_code == 200
    assert "Dear Ana Andromeda" in preview.text
    assert "Zoë" not in admin.open(mail).text
    assert admin.submit(mail, **words).status_code == 303
    letter = write_link(instance, award().award_id)
    assert letter.subject == "Well done, Ana Andromeda"
    assert re.search(r": https://badges\.example/claim/\S+\n\nZoë", letter.text)
    assert (
        "Guten Tag" in admin.open(f"{page}/mail/de").text
        or "Hallo" in admin.open(f"{page}/mail/de").text
    )
    admin.submit(mail, act="reset")
    assert "Zoë" not in write_link(instance, award_again(instance)).text


def award_again(instance):
    learner = Learner("Bo", "Berg", email="bo@student.example")
    return award_one(instance, Wish(ENERGY, Decision(learner, date(2026, 6, 12)))).issuance.award_id


@sqlite
def test_s10_a_learners_name_is_never_taken_for_a_place(instance, admin, page):
    admin.submit(f"{page}/mail/en", subject="Hi", body="{learner} {link}")
    learner = Learner("{link}", "{title}", email="x@student.example")
    made = award_one(instance, Wish(ENERGY, Decision(learner, date(2026, 6, 12))))
    assert write_link(instance, made.issuance.award_id).text.startswith("{link} {title} https://")


@sqlite
def test_s10_mail_comes_from_the_organisation_and_returns_to_the_service(instance, award, member):
    decide(instance, member, sender_name="Alvor", sender_address="awards@badges.example")
    letter = write_link(instance, award().award_id)
    message = write_message(letter, "no-reply@badges.example", "<1.a@b>", instance.now())
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Alvor", "awards@badges.example")
    assert message["Sender"] == "no-reply@badges.example"


@sqlite
def test_s10_the_audit_log_tells_which_parts_and_no_address(instance, admin, page):
    admin.submit(page, colour=GREEN, sender_address="awards@badges.example")
    admin.submit(f"{page}/mail/en", subject="Hi", body="{link}")
    with session.reading(instance.engine) as connection:
        lines = [row.line.decode() for row in audit_rows(connection)]
    told = [json.loads(line) for line in lines if '"branding.' in line]
    assert [line["detail"] for line in told] == [
        {"changed": "colour sender_address"},
        {"language": "en", "own": 1},
    ]
    assert "awards@badges" not in "".join(lines)


@sqlite
def test_s10_the_verify_page_shows_the_logo_of_an_issuer_it_knows_and_of_nobody_else(
    instance, alliance
):
    decide(instance, alliance[1], logo=picture())
    did = alliance[1].did

    def logo(name="Halvik", content=None, issuer=did):
        seen = SimpleNamespace(issuer=Issuer(issuer, "halvik", name, ""), content=content)
        return own_logo(instance, seen)

    assert "/brand/logo-" in logo(content={"name": "x"})
    assert logo(name="", content={"name": "x"}) is None
    assert logo(content=None) is None
    assert logo(content={"name": "x"}, issuer="did:web:elsewhere.example") is None
    assert logo(content={"name": "x"}, issuer="") is None


@sqlite
def test_s10_the_pdf_has_the_colour_and_the_logo(instance, award, member):
    pytest.importorskip("typst")
    issuance = award()
    plain = named("pdf").make(instance, take(instance, issuance.award_id))
    decide(instance, member, logo=picture(), colour=GREEN)
    branded = named("pdf").make(instance, take(instance, issuance.award_id))
    assert b"/Subtype /Image" in branded or b"/Subtype/Image" in branded
    assert branded != plain
