"""The page of an organisation: members are founded, mandates kept and ended."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import find, import_achievements
from issuer.catalogue.store import latest, newest_of
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import audit_line
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


SANDBOX = {"slug_below": "sandbox", "legal_name": "Sandbox of the alliance", "country": "BE"}


@sqlite
def test_a_new_sandbox_has_an_example_that_somebody_can_award_at_once(office, alliance, instance):
    page = page_of(alliance[0].slug)
    assert office.submit(page, f"{page}/below", **SANDBOX).status_code == 303
    assert "Example: Data analysis" in office.open("/staff/o/sandbox/award").text
    with reading(instance.engine) as connection:
        made = find(connection, "sandbox-example")
        told = connection.scalars(select(audit_line.c.line)).all()
    assert made.is_micro_credential
    assert made.entry.awarding_body == "sandbox"
    assert any(b"achievement.published" in line and b"sandbox-example" in line for line in told)
    wish = Wish("sandbox-example", Decision(Learner("Ana"), date(2026, 6, 12)))
    document = award_one(instance, wish).document
    assert b"Sandbox of the alliance" in document


@sqlite
def test_a_sandbox_that_is_refused_leaves_no_example(office, alliance, instance):
    page = page_of(alliance[0].slug)
    wrong = SANDBOX | {"legal_name": "University of Somewhere"}
    assert office.submit(page, f"{page}/below", **wrong).status_code == 422
    with reading(instance.engine) as connection:
        assert latest(connection, "sandbox-example") is None


@sqlite
def test_the_example_takes_no_name_that_somebody_has(office, alliance, achievements, instance):
    entry = achievements["energy-positive-neighbourhoods"].entry
    with unit_of_work(instance.engine) as connection:
        import_achievements(
            instance, connection, [entry.model_copy(update={"id": "sandbox-example"})]
        )
    page = page_of(alliance[0].slug)
    assert office.submit(page, f"{page}/below", **SANDBOX).status_code == 303
    with reading(instance.engine) as connection:
        assert find(connection, "sandbox-example-2").entry.awarding_body == "sandbox"
        assert find(connection, "sandbox-example").entry.awarding_body == entry.awarding_body


@sqlite
def test_another_member_begins_with_nothing(office, alliance, instance):
    page = page_of(alliance[0].slug)
    office.submit(page, f"{page}/below", **MEMBER)
    with reading(instance.engine) as connection:
        made = store.by_slug(connection, "north-tech")
        assert newest_of(connection, made.id) == []
