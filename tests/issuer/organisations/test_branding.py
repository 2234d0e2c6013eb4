"""What may be decided of an organisation's look: colours, sender, logo, words of its mail."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from issuer.errors import InvalidLogo
from issuer.organisations.branding.colour import ENOUGH, contrast, nearest, read_colour
from issuer.organisations.branding.deciding import Wish, check, sender_domains
from issuer.organisations.branding.logo import read_logo
from issuer.organisations.branding.mail_text import fill, problems_of
from issuer.organisations.branding.model import DARK, LIGHT, Branding, look_of, stylesheet
from issuer.organisations.branding.store import MailText
from issuer.settings import Settings

SETTINGS = Settings(base_url="https://badges.example")
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
    b'<rect width="300" height="100" rx="20" fill="#0b6e4f"/></svg>'
)
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def picture(kind="PNG", size=(300, 100), colour="#0b6e4f"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def problems(**wish):
    return check(Wish(**wish), Branding(), Branding(), SETTINGS)[1]


@pytest.mark.parametrize(
    ("field", "typed", "ratio", "ground"),
    [
        ("colour", "#ff8800", "2.02", "#e8ecf3"),
        ("colour", "#777777", "3.77", "#e8ecf3"),
        ("dark_colour", "#23408f", "1.41", "#212e4a"),
        ("page_colour", "#00c0ff", "1.94", "#f7f6f2"),
    ],
)
def test_s10_a_colour_below_the_limit_is_refused_with_its_ratio(field, typed, ratio, ground):
    told = problems(**{field: typed})
    assert list(told) == [field]
    assert f"{typed} on {ground} has a contrast of {ratio}:1" in told[field]


@settings(max_examples=60, deadline=None)
@given(colours)
def test_the_near_colour_always_passes_in_the_light_and_in_the_dark(colour):
    for grounds in (LIGHT, DARK):
        near = nearest(colour, grounds)
        assert min(contrast(near, ground) for ground in grounds) >= ENOUGH
        if min(contrast(colour, ground) for ground in grounds) >= ENOUGH:
            assert near == colour


@settings(max_examples=60, deadline=None)
@given(colours)
def test_a_colour_that_is_kept_can_be_read_on_both_kinds_of_page(colour):
    decided, wrong = check(Wish(colour=colour), Branding(), Branding(), SETTINGS)
    if not wrong:
        look = look_of("x", "X", decided)
        assert min(contrast(look.colour, ground) for ground in LIGHT) >= ENOUGH
        assert min(contrast(look.dark_colour, ground) for ground in DARK) >= ENOUGH
        assert contrast(look.colour, "#ffffff") >= ENOUGH


def test_contrast_is_that_of_the_specification():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("#ABC", "#aabbcc"), (" 23408F ", "#23408f"), ("#23408f", "#23408f")],
)
def test_a_colour_may_be_typed_as_people_do(typed, read):
    assert read_colour(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "green", "#12345", "#fff;} body {", "#1234567", "rgb(0,0,0)"]
)
def test_what_is_no_colour_is_none(typed):
    assert read_colour(typed) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"colour": "green"}, "A colour is written like"),
        ({"sender_name": "x" * 121}, "at most 120 characters"),
        ({"sender_name": "A\u2028Bcc: b@x.example"}, "one line"),
        ({"sender_address": "nobody"}, "Give one address"),
        ({"sender_address": "a@badges.example, b@x.example"}, "Give one address"),
        ({"sender_address": "rector@elsewhere.example"}, "LEARNSEAL_SMTP_SENDER_DOMAINS"),
        ({"sender_address": "x@sub.badges.example"}, "LEARNSEAL_SMTP_SENDER_DOMAINS"),
        ({"languages": ("xx",)}, "does not speak"),
    ],
)
def test_s10_what_cannot_be_is_named_by_field(fields, told):
    found = problems(**fields)
    assert list(found) == list(fields)
    assert told in next(iter(found.values()))


def test_an_operator_allows_more_domains_to_send_from():
    allowed = SETTINGS.model_copy(update={"smtp_sender_domains": "alvor.example, halvik.example"})
    assert sender_domains(allowed) == {"badges.example", "alvor.example", "halvik.example"}
    wish = Wish(sender_address="awards@Alvor.example")
    assert check(wish, Branding(), Branding(), allowed)[1] == {}


def test_all_languages_of_the_organisation_above_are_no_decision():
    above = Branding(languages=("en",))
    assert check(Wish(languages=("en",)), Branding(), above, SETTINGS)[0].languages == ()
    assert check(Wish(languages=("en", "de")), Branding(), above, SETTINGS)[0].languages == (
        "en",
        "de",
    )


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "no picture we can read"),
        (b"not a picture", "no picture we can read"),
        (picture()[:60], "no picture we can read"),
        (picture("GIF"), "no picture we can read"),
        (picture(size=(20, 20)), "too few"),
        (picture(size=(900, 40)), "too long a strip"),
        (picture(size=(6000, 4000)), "too many"),
        (b"\x89PNG" + bytes(2**20), "more than 1 MB"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG, "document type"),
        (SVG[:-8], "cannot be drawn"),
    ],
)
def test_s10_what_is_no_logo_is_refused_with_the_reason(sent, told):
    pytest.importorskip("typst")
    with pytest.raises(InvalidLogo, match=told):
        read_logo(sent)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_s10_every_kind_of_picture_becomes_a_png_of_ours(kind):
    kept = read_logo(picture(kind, (2400, 800)) + b"<?php")
    assert b"<?php" not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (720, 240))


@pytest.mark.parametrize("href", ["http://127.0.0.1:9/x.png", "file:///etc/hostname"])
def test_an_svg_that_would_fetch_is_refused(href):
    pytest.importorskip("typst")
    linked = f'<image href="{href}" width="9" height="9"/></svg>'.encode()
    with pytest.raises(InvalidLogo, match="cannot be drawn"):
        read_logo(SVG.replace(b"</svg>", linked))


@pytest.mark.parametrize(
    ("subject", "body", "told"),
    [
        ("Hi", "no link", "{link}"),
        ("", "{link}", "subject of one line"),
        ("x" * 201, "{link}", "at most 200"),
        ("{link}", "{link}", "key to the award"),
        ("Hi", "{link} {learner.__class__}", "Only these places"),
        ("Hi", "{link} {", "Only these places"),
        ("Hi", "{link}\0", "Only these places"),
        ("Hi", "{link}" + "x" * 4000, "at most 4,000"),
    ],
)
def test_s10_words_that_would_not_do_are_refused(subject, body, told):
    (problem,) = problems_of(MailText(subject, body)).values()
    assert told in problem


def test_what_is_filled_in_is_never_filled_in_again():
    assert fill("{learner}: {link}", {"learner": "{link}", "link": "L"}) == "{link}: L"


@settings(max_examples=60, deadline=None)
@given(colours, colours)
def test_a_stylesheet_holds_four_colours_and_nothing_else_of_a_stranger(light, dark):
    text = stylesheet(light, dark)
    assert text.count("#") == 4
    assert text.count("{") == text.count("}") == 3
