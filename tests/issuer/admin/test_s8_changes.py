"""S8: revoke, suspend, reinstate and correct: one by one, by selection, by file."""

import re
from datetime import date

import pytest

from badges.award import Learner
from issuer.awarding.issuing import resume
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one, status_of
from issuer.awarding.standing import standings
from issuer.claiming.notices import queue_notices
from issuer.db.after_tables import notice
from issuer.db.session import reading, unit_of_work
from issuer.organisations import accounts, aftercare
from issuer.organisations.aftercare import Aftercare
from issuer.organisations.roles import Role
from tests.issuer.admin.conftest import PASSWORD

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

KEY = "energy-positive-neighbourhoods"


@pytest.fixture
def owner(alliance, achievements):
    number = achievements[KEY].organisation_id
    return next(found for found in alliance if found.id == number)


@pytest.fixture
def here(owner):
    return f"/staff/o/{owner.slug}/awards"


@pytest.fixture
def suspendable(instance, owner):
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, owner.id, Aftercare(suspendable=True))


@pytest.fixture
def give(instance, achievements):
    def make(name):
        learner = Learner(given_name=name, email=f"{name.lower()}@x.example")
        return award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12)))).issuance

    return make


@pytest.fixture
def coordinator(sign_in_as, owner):
    return sign_in_as(Role.COORDINATOR, owner.slug)


@pytest.fixture
def zoes_page(here, give):
    return f"{here}/{give('Zoe').award_id}/correct"


def stand(instance, issuance):
    with reading(instance.engine) as connection:
        return standings(connection, [issuance.award_id])[issuance.award_id]


def told(instance):
    queue_notices(instance)
    with reading(instance.engine) as connection:
        return [(row.award_id, row.kind) for row in connection.execute(notice.select())]


def test_s8_one_award_is_suspended_and_reinstated(instance, suspendable, coordinator, here, give):
    issuance = give("Zoe")
    page = f"{here}/{issuance.award_id}"
    answer = coordinator.submit(page, f"{page}/suspend", reason="under-review", note="a doubt")
    assert answer.headers["location"] == f"{page}?done=suspend"
    shown = coordinator.open(f"{page}?done=suspend").text
    assert "This award is suspended" in shown
    assert "Everybody is told: Under review" in shown
    assert "a doubt" in shown
    assert "within the last five minutes" in shown
    assert coordinator.submit(page, f"{page}/reinstate").status_code == 303
    assert stand(instance, issuance).suspended_at is None
    number = issuance.award_id
    assert told(instance) == [(number, "suspended"), (number, "reinstated")]


def test_s8_without_the_organisations_wish_suspending_is_not_offered_and_refused(
    instance, coordinator, here, give
):
    issuance = give("Zoe")
    page = f"{here}/{issuance.award_id}"
    assert "Suspend for now" not in coordinator.open(page).text
    assert coordinator.submit(page, f"{page}/suspend").status_code == 409
    assert stand(instance, issuance).suspended_at is None


def test_s8_a_selection_is_counted_before_it_is_revoked(instance, coordinator, here, give):
    first, second, third = give("Ada"), give("Bo"), give("Cy")
    ticked = f"{here}/change?act=revoke&award={first.award_id}&award={second.award_id}"
    page = coordinator.open(ticked)
    assert "Revoke: 2 awards" in page.text
    assert stand(instance, first).revoked_at is None
    numbers = re.findall(r'name="award" value="(\d+)"', page.text)
    fields = {"act": "revoke", "award": numbers, "reason": "issued-in-error", "note": "list"}
    answer = coordinator.submit(ticked, f"{here}/change", **fields)
    assert answer.headers["location"] == f"{here}?done=revoke&count=2"
    assert "2 awards revoked" in coordinator.open(answer.headers["location"]).text
    assert stand(instance, second).public_reason == "issued-in-error"
    assert stand(instance, third).revoked_at is None
    assert told(instance) == [(first.award_id, "revoked"), (second.award_id, "revoked")]


def test_s8_what_stands_so_already_is_named_and_left_alone(coordinator, here, give):
    first, second = give("Ada"), give("Bo")
    page = f"{here}/{first.award_id}"
    coordinator.submit(page, f"{page}/revoke", reason="superseded")
    ticked = f"{here}/change?act=revoke&award={first.award_id}&award={second.award_id}"
    shown = coordinator.open(ticked).text
    assert "Revoke: 1 award" in shown
    assert "1 award is left as it is" in shown


def test_s8_nothing_ticked_is_said(coordinator, here):
    answer = coordinator.open(f"{here}/change?act=revoke")
    assert answer.headers["location"] == f"{here}?nothing=1"
    assert "Nothing was ticked" in coordinator.open(f"{here}?nothing=1").text


def test_s8_anothers_award_cannot_be_ticked(instance, sign_in_as, alliance, owner, give):
    issuance = give("Zoe")
    other = next(found.slug for found in alliance[1:] if found.slug != owner.slug)
    stranger = sign_in_as(Role.COORDINATOR, other)
    ticked = f"/staff/o/{other}/awards/change?act=revoke&award={issuance.award_id}"
    assert stranger.open(ticked).headers["location"].endswith("nothing=1")
    fields = {"act": "revoke", "award": issuance.award_id, "reason": "superseded"}
    answer = stranger.submit("/staff", ticked.partition("?")[0], **fields)
    assert answer.headers["location"].endswith("count=0")
    assert stand(instance, issuance).revoked_at is None


def sheet(*rows, header="Credential;E-mail;Achievement"):
    return {"file": ("l.csv", "\r\n".join((header, *rows)).encode(), "text/csv")}


def test_s8_a_file_is_looked_over_and_then_done(instance, coordinator, here, give):
    first, second, third = give("Ada"), give("Bo"), give("Cy")
    rows = (
        f"{first.credential_id};;",
        f";BO@x.example;{KEY}",
        "urn:uuid:unknown;;",
        f";bo@x.example;{KEY}",
        f";nobody@x.example;{KEY}",
        ";;x",
    )
    page = coordinator.submit(f"{here}/list", files=sheet(*rows), act="revoke")
    assert "Revoke: 2 awards" in page.text
    assert "4 rows are left out" in page.text
    for reason in ("no award of this organisation", "is listed twice", "names nobody"):
        assert reason in page.text
    assert stand(instance, first).revoked_at is None
    upload = re.search(r'name="upload" value="([^"]+)"', page.text)[1]
    fields = {"act": "revoke", "upload": upload, "reason": "issued-in-error"}
    answer = coordinator.submit(f"{here}/list", f"{here}/list/go", **fields)
    assert answer.headers["location"] == f"{here}?done=revoke&count=2"
    assert [bool(stand(instance, i).revoked_at) for i in (first, second, third)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (None, "Choose a file."),
        (sheet("x", header="Name"), "needs a column"),
        ({"file": ("l.csv", b"\0\0", "text/csv")}, "not a text file"),
    ],
)
def test_s8_a_file_that_cannot_be_used_is_told_with_the_remedy(coordinator, here, files, said):
    page = coordinator.submit(f"{here}/list", files=files, act="revoke")
    assert page.status_code == 422
    assert said in page.text


def test_s8_many_at_once_ask_who_it_is_again(instance, clock, coordinator, here, give):
    issuance = give("Zoe")
    ticked = f"{here}/change?act=revoke&award={issuance.award_id}"
    clock.forward(minutes=16)
    answer = coordinator.open(ticked)
    assert answer.status_code == 303
    asked = answer.headers["location"]
    assert asked.startswith("/staff/confirm?next=%2Fstaff%2Fo%2F")
    fields = {"act": "revoke", "award": issuance.award_id}
    assert (
        "/staff/confirm"
        in coordinator.submit("/staff", f"{here}/change", **fields).headers["location"]
    )
    assert stand(instance, issuance).revoked_at is None


def test_s8_the_password_opens_the_way_and_nothing_else_does(instance, visitor, clock, here, owner):
    browser = visitor()
    link = accounts.first_link(instance).removeprefix("https://badges.example")
    person = {"name": "Ada", "email": "ada@x.example", "password": PASSWORD}
    assert browser.submit(link, **person).status_code == 303
    clock.forward(minutes=16)
    asked = browser.open(f"{here}/list").headers["location"]
    wrong = browser.submit(asked, "/staff/confirm", password="not it", next=f"{here}/list")
    assert (wrong.status_code, "This is not your password." in wrong.text) == (401, True)
    assert browser.open(f"{here}/list").status_code == 303
    away = browser.submit(asked, "/staff/confirm", password=PASSWORD, next="https://evil.example/")
    assert away.headers["location"] == "/staff"
    assert browser.open(f"{here}/list").status_code == 200


def test_s8_correcting_revokes_and_awards_anew_in_one_act_linked_both_ways(
    instance, coordinator, here, give
):
    issuance = give("Zoe")
    page = f"{here}/{issuance.award_id}"
    assert 'value="Zoe"' in coordinator.open(f"{page}/correct").text
    fields = {"given_name": "Zoë", "family_name": "Novak", "email": "zoe@x.example"}
    answer = coordinator.submit(f"{page}/correct", awarded_on="2026-06-12", **fields)
    corrected = answer.headers["location"].partition("?")[0]
    assert answer.status_code == 303
    assert f'href="{page}"' in coordinator.open(corrected).text
    before = coordinator.open(page).text
    assert f'href="{corrected}"' in before
    assert "Revoked on" in before
    assert told(instance) == [(issuance.award_id, "replaced")]
    assert resume(instance) == 0
    assert coordinator.submit("/staff", f"{page}/correct", **fields).status_code == 409


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "Nothing differs"),
        ({"email": "zoe(at)x"}, "write it like name@university.example"),
        ({"awarded_on": "2026-02-30"}, "check day and month"),
        ({"given_name": ""}, "the person"),
        ({"given_name": "=cmd()"}, "looks like a formula"),
    ],
)
def test_s8_a_correction_that_cannot_be_made_changes_nothing(
    instance, coordinator, zoes_page, changed, said
):
    fields = {"given_name": "Zoe", "email": "zoe@x.example", "awarded_on": "2026-06-12"}
    answer = coordinator.submit(zoes_page, **(fields | changed))
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert 'role="alert"' in answer.text
    assert told(instance) == []


def test_s8_a_correction_that_was_interrupted_is_whole_after_the_next_start(
    instance, coordinator, here, give
):
    """After the commit nothing but signing and publishing is left, and the next process does it."""
    issuance = give("Zoe")
    page = f"{here}/{issuance.award_id}/correct"
    with unit_of_work(instance.engine) as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_proof BEFORE INSERT ON issuance_proof"
            " BEGIN SELECT RAISE(ABORT, 'the power went'); END"
        )
    fields = {"given_name": "Zoë", "email": "zoe@x.example", "awarded_on": "2026-06-12"}
    assert coordinator.submit(page, **fields).status_code == 500
    with unit_of_work(instance.engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER no_proof")
    assert stand(instance, issuance).revoked_at is not None
    assert resume(instance) == 1
    shown = coordinator.open(f"{here}/{issuance.award_id}").text
    corrected = re.search(rf'href="({here}/\d+)">The corrected award', shown)[1]
    assert "published" in coordinator.open(corrected).text


def test_the_list_shows_how_awards_stand_and_only_those_asked_for(coordinator, here, give):
    first, second = give("Ada"), give("Bo")
    page = f"{here}/{first.award_id}"
    coordinator.submit(page, f"{page}/revoke", reason="superseded")
    revoked = coordinator.open(f"{here}?state=revoked").text
    assert (">Ada<" in revoked, ">Bo<" in revoked) == (True, False)
    in_force = coordinator.open(f"{here}?state=in-force").text
    assert (f"/{second.award_id}" in in_force, "Ada" in in_force) == (True, False)
    assert "No award fits" in coordinator.open(f"{here}?state=suspended").text
    assert coordinator.open(f"{here}?every=1").text.count(" checked>") == 2


def test_an_administrator_decides_what_happens_afterwards(instance, sign_in_as, owner):
    administrator = sign_in_as(Role.MEMBER_ADMIN, owner.slug)
    page = f"/staff/o/{owner.slug}/aftercare"
    fields = {"suspendable": "true", "reminders": "30, 7", "retention": "10"}
    assert administrator.submit(page, **fields).status_code == 303
    with reading(instance.engine) as connection:
        assert aftercare.read(connection, owner.id) == Aftercare(True, (7, 30), 10)
    wrong = administrator.submit(page, reminders="soon", retention="0")
    assert wrong.status_code == 422
    assert "Write a whole number of years" in wrong.text
    with reading(instance.engine) as connection:
        assert aftercare.read(connection, owner.id).retention_years == 10


def test_status_of_every_form_changes_with_the_award(
    instance, suspendable, coordinator, give, here
):
    issuance = give("Zoe")
    ticked = f"{here}/change?act=suspend&award={issuance.award_id}"
    fields = {"act": "suspend", "award": issuance.award_id, "reason": "under-review"}
    coordinator.submit(ticked, f"{here}/change", **fields)
    _, entries = status_of(instance, issuance.credential_id)
    assert {entry.purpose for entry in entries if entry.set_at} == {"suspension"}
