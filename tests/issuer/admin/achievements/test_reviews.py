"""Reviews by outsiders: read, comment, sign off exactly one text; revocable, without an account."""

import re

import pytest

from issuer.organisations.roles import Role
from tests.issuer.admin.achievements.conftest import KEY


@pytest.fixture
def link(office):
    office.write()
    return invite(office)


def invite(office, whom="City of Halvik"):
    where = f"{office.here}/reviews"
    page = office.browser.submit(where, f"{where}/invite", invitee=whom)
    return re.search(r'value="https://badges\.example(/review/[\w-]+)"', page.text)[1]


@pytest.fixture
def reviewer(visitor):
    return visitor()


def digest_on(page):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)[1]


def sign_off(reviewer, link, **changes):
    page = reviewer.open(link)
    fields = {"name": "Kim Ek", "organisation": "City of Halvik", "digest": digest_on(page)}
    return reviewer.submit(link, f"{link}/sign-off", **fields | changes)


def test_a_reviewer_reads_comments_and_signs_off_without_an_account(office, link, reviewer):
    page = reviewer.open(link)
    assert "Water in the city" in page.text
    assert "Model a drainage system" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    reviewer.submit(link, f"{link}/comment", text="Say which rain: once in 30 years?")
    assert "once in 30 years" in reviewer.open(link).text
    assert sign_off(reviewer, link).headers["Location"] == f"{link}/thanks"
    assert reviewer.open(f"{link}/thanks").status_code == 200
    seen = office.open("/reviews").text
    for told in ("once in 30 years", "Kim Ek", "City of Halvik", "signed off this text"):
        assert told in seen


def test_the_sign_off_is_shown_to_employers_until_the_text_changes(office, link, reviewer):
    digest = digest_on(reviewer.open(link))
    sign_off(reviewer, link)
    assert "Co-constructed with" in office.open("/preview/employer").text
    office.publish()
    assert "Kim Ek, City of Halvik" in office.open("/preview/employer").text
    assert digest in office.open("/reviews").text
    office.browser.submit(office.here, f"{office.here}/edit")
    office.step("learning", ects="3", hours="80")
    assert "Co-constructed with" not in office.open("/preview/employer").text
    assert "signed off an earlier text" in office.open("/reviews").text


def test_a_sign_off_is_taken_back(office, link, reviewer):
    sign_off(reviewer, link)
    seen = office.open("/reviews").text
    withdraw = re.search(r'action="([^"]+/withdraw)"', seen)[1]
    office.browser.submit(f"{office.here}/reviews", withdraw)
    assert "Co-constructed with" not in office.open("/preview/employer").text
    assert "taken back" in office.open("/reviews").text


def test_a_link_signs_off_once(link, reviewer):
    page = reviewer.open(link)
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)[1]
    fields = {"csrf": token, "name": "Kim", "organisation": "City", "digest": digest_on(page)}
    assert reviewer.post(f"{link}/sign-off", data=fields).status_code == 303
    assert reviewer.post(f"{link}/sign-off", data=fields).status_code == 410
    assert reviewer.open(link).status_code == 410


def test_a_link_ends_after_thirty_days(link, reviewer, clock):
    clock.forward(days=29)
    assert reviewer.open(link).status_code == 200
    clock.forward(days=1)
    assert reviewer.open(link).status_code == 410


def test_a_closed_link_opens_nothing(office, link, reviewer):
    withdraw = re.search(r'action="([^"]+/withdraw)"', office.open("/reviews").text)[1]
    office.browser.submit(f"{office.here}/reviews", withdraw)
    assert reviewer.open(link).status_code == 410


def test_nobody_signs_off_a_text_that_changed_while_they_read(office, link, reviewer):
    page = reviewer.open(link)
    office.step("learning", ects="3", hours="80")
    refused = sign_off(reviewer, link, digest=digest_on(page))
    assert refused.status_code == 422
    assert "read it again" in refused.text
    assert "signed off" not in office.open("/reviews").text


@pytest.mark.parametrize("fields", [{"name": " "}, {"organisation": ""}, {"digest": "0" * 64}])
def test_a_sign_off_says_who_and_what(office, link, reviewer, fields):
    assert sign_off(reviewer, link, **fields).status_code == 422
    assert "Kim Ek" not in office.open("/reviews").text


def test_an_unfinished_draft_is_read_and_not_signed_off(office, reviewer):
    office.begin()
    link = invite(office)
    page = reviewer.open(link)
    assert 'name="digest"' not in page.text
    assert "once its authors have finished it" in page.text


def test_an_empty_comment_and_an_unnamed_guest_are_refused(office, link, reviewer):
    assert reviewer.submit(link, f"{link}/comment", text="  ").status_code == 422
    where = f"{office.here}/reviews"
    assert office.browser.submit(where, f"{where}/invite", invitee=" ").status_code == 422


def test_a_wrong_link_opens_nothing(reviewer, link):
    assert reviewer.open(f"{link}x").status_code == 404


def test_a_form_from_elsewhere_is_refused(reviewer, link):
    reviewer.open(link)
    assert reviewer.post(f"{link}/comment", data={"text": "hello"}).status_code == 403


def test_what_reviewers_write_is_never_markup(office, link, reviewer):
    reviewer.submit(link, f"{link}/comment", text="<script>alert(1)</script>")
    sign_off(reviewer, link, name="<b>Kim</b>")
    assert "<script>alert(1)" not in office.open("/reviews").text
    assert "<b>Kim" not in office.open("/preview/employer").text


def test_another_member_takes_no_review_back(office, link, sign_in_as, alliance):
    number = re.search(r"/reviews/(\d+)/withdraw", office.open("/reviews").text)[1]
    other = sign_in_as(Role.COORDINATOR, alliance[2].slug)
    page = f"/staff/o/{alliance[2].slug}/achievements"
    for where in (office.here, f"{page}/{KEY}"):
        refused = other.submit(page + "/new", f"{where}/reviews/{number}/withdraw")
        assert refused.status_code == 404


def test_the_audit_log_names_links_and_not_people(office, link, reviewer, instance):
    from sqlalchemy import select

    from issuer.db.session import reading
    from issuer.db.tables import audit_line

    sign_off(reviewer, link)
    with reading(instance.engine) as connection:
        lines = b"".join(bytes(line) for line in connection.scalars(select(audit_line.c.line)))
    assert b"achievement.signed-off" in lines
    assert b"Kim" not in lines
    assert b"City of Halvik" not in lines
