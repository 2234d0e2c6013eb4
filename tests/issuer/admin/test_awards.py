import html
import re
from datetime import date

import pytest

from badges.award import Learner
from issuer.audit.service import verify
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, status_of
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

KEY = "energy-positive-neighbourhoods"


@pytest.fixture
def slug(alliance, achievements):
    owner = achievements[KEY].organisation_id
    return next(found.slug for found in alliance if found.id == owner)


@pytest.fixture
def credential(instance, achievements):
    learner = Learner(given_name="Zoë", family_name="Novak", email="zoe@x.example")
    return award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12))))


@pytest.fixture
def page(slug, credential):
    return f"/staff/o/{slug}/awards/{credential.issuance.award_id}"


@pytest.fixture
def coordinator(sign_in_as, slug):
    return sign_in_as(Role.COORDINATOR, slug)


@pytest.mark.parametrize(
    ("words", "found"), [("zoë", True), ("Novak", True), ("x.example nov", True), ("100%", False)]
)
def test_an_award_is_found_by_name_or_address(coordinator, slug, page, words, found):
    answer = coordinator.get(f"/staff/o/{slug}/awards", params={"q": words})
    assert answer.status_code == 200
    assert (f'href="{page}"' in answer.text) == found


def test_the_page_of_an_award_names_the_achievement_by_its_title(coordinator, page, achievements):
    shown = coordinator.open(page).text
    title = next(iter(achievements[KEY].entry.title.values()))
    assert f"<bdi>{title}</bdi>" in shown
    assert f"· {title}" in shown
    assert KEY not in shown


def test_s8_a_revocation_has_a_public_and_an_internal_reason(
    instance, coordinator, page, credential
):
    fields = {"reason": "issued-in-error", "note": "wrong list"}
    assert coordinator.submit(page, f"{page}/revoke", **fields).status_code == 303
    _, entries = status_of(instance, credential.issuance.credential_id)
    (entry,) = (e for e in entries if e.set_at)
    assert (entry.public_reason, entry.internal_reason) == ("issued-in-error", "wrong list")
    shown = coordinator.open(page).text
    assert "Issued in error" in shown
    assert "wrong list" in shown
    assert coordinator.submit("/staff", f"{page}/revoke", **fields).status_code == 409


def test_s9_a_new_link_is_shown_once_and_opens(coordinator, visitor, page):
    shown = coordinator.submit(page, f"{page}/link").text
    link = html.unescape(re.search(r'id="link" value="([^"]+)"', shown)[1])
    assert link not in coordinator.open(page).text
    where = link.removeprefix("https://badges.example")
    assert visitor().open(where).status_code == 200
    assert "opened" in coordinator.open(page).text


def test_s8_a_link_that_was_taken_back_opens_no_more(instance, coordinator, visitor, page):
    shown = coordinator.submit(page, f"{page}/link").text
    where = re.search(r'value="https://badges\.example(/claim/[^"]+)"', shown)[1]
    assert coordinator.submit(page, f"{page}/withdraw").status_code == 303
    assert visitor().open(where).status_code == 410
    assert "taken back" in coordinator.open(page).text
    assert verify(instance.engine).lines > 0


def test_a_viewer_sees_and_changes_nothing(sign_in_as, slug, page):
    viewer = sign_in_as(Role.VIEWER, slug)
    assert "Revoke" not in viewer.open(page).text
    for act in ("link", "withdraw", "revoke"):
        fields = {"reason": "superseded"}
        assert viewer.submit("/staff", f"{page}/{act}", **fields).status_code == 403


def test_another_universitys_award_is_not_there(sign_in_as, slug, alliance, page):
    other = next(o.slug for o in alliance[1:] if o.slug != slug)
    stranger = sign_in_as(Role.MEMBER_ADMIN, other)
    moved = page.replace(slug, other)
    assert stranger.open(moved).status_code == 404
    for act in ("link", "withdraw", "revoke"):
        answer = stranger.submit("/staff", f"{moved}/{act}", reason="superseded")
        assert answer.status_code == 404
