"""The page of an organisation: members are founded, mandates kept and ended."""

import re

import pytest

from issuer.db.session import reading
from issuer.organisations import store
from issuer.organisations.roles import Role

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MEMBER = {"slug_below": "north-tech", "legal_name": "North Tech", "country": "fi"}


@pytest.fixture
def office(sign_in_as):
    return sign_in_as(Role.ALLIANCE_ADMIN)


def page_of(slug):
    return f"/staff/o/{slug}/organisation"


@sqlite
def test_an_alliance_founds_a_member_with_a_key_of_its_own(office, alliance, instance):
    page = page_of(alliance[0].slug)
    answer = office.submit(page, f"{page}/below", **MEMBER)
    assert answer.status_code == 303
    assert "North Tech" in office.open(answer.headers["location"]).text
    with reading(instance.engine) as connection:
        made = store.by_slug(connection, "north-tech")
        assert store.keys_of(connection, made.id)
    assert (made.kind, made.parent_id) == ("member", alliance[0].id)
    assert office.get("/o/north-tech/did.json").status_code == 200


@sqlite
def test_a_member_founds_a_unit(sign_in_as, alliance, instance):
    page = page_of(alliance[1].slug)
    browser = sign_in_as(Role.MEMBER_ADMIN, alliance[1].slug)
    assert browser.submit(page, f"{page}/below", **MEMBER).status_code == 303
    with reading(instance.engine) as connection:
        assert store.by_slug(connection, "north-tech").kind == "unit"


@sqlite
@pytest.mark.parametrize(
    ("bent", "told"),
    [
        ({"slug_below": "North Tech!"}, "lower-case letters"),
        ({"slug_below": "halvik"}, "already"),
        ({"legal_name": " "}, "Write the legal name."),
        ({"country": "Norway"}, "country"),
    ],
)
def test_what_will_not_do_is_told_at_its_field_and_founds_nothing(
    office, alliance, instance, bent, told
):
    page = page_of(alliance[0].slug)
    answer = office.submit(page, f"{page}/below", **MEMBER | bent)
    assert answer.status_code == 422
    assert told in answer.text
    with reading(instance.engine) as connection:
        assert len(store.all_organisations(connection)) == len(alliance)


@sqlite
def test_a_mandate_is_kept_shown_given_out_and_ended(sign_in_as, alliance):
    page = page_of(alliance[1].slug)
    browser = sign_in_as(Role.MEMBER_ADMIN, alliance[1].slug)
    paper = {"paper": ("letter.pdf", b"%PDF-1.7 x", "application/pdf")}
    answer = browser.submit(page, f"{page}/mandate", files=paper, since="2026-09-01")
    assert answer.status_code == 303
    shown = browser.open(page).text
    assert "letter.pdf" in shown
    (number,) = re.findall(rf"{page}/mandate/(\d+)\.pdf", shown)
    given = browser.get(f"{page}/mandate/{number}.pdf")
    assert given.content == b"%PDF-1.7 x"
    assert given.headers["content-disposition"].startswith("attachment")
    assert browser.submit(page, f"{page}/mandate/end").status_code == 303
    assert "with its own key" in browser.open(page).text
    assert browser.submit(page, f"{page}/mandate/end").status_code == 404


@sqlite
@pytest.mark.parametrize(
    ("since", "content", "told"),
    [
        ("last week", b"%PDF-1.7", "Write the date"),
        ("2026-09-01", b"a word file", "as a PDF file"),
        ("2026-09-01", b"", "as a PDF file"),
    ],
)
def test_a_mandate_that_is_none_changes_nothing(sign_in_as, alliance, since, content, told):
    page = page_of(alliance[1].slug)
    browser = sign_in_as(Role.MEMBER_ADMIN, alliance[1].slug)
    paper = {"paper": ("letter.pdf", content, "application/pdf")}
    answer = browser.submit(page, f"{page}/mandate", files=paper, since=since)
    assert answer.status_code == 422
    assert told in answer.text
    assert "letter.pdf" not in browser.open(page).text
