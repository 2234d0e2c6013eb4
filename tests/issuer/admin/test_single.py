"""One person is awarded in three screens; sent twice it is one award."""

import html
import re

import pytest
from sqlalchemy import func, select

from issuer.awarding.credential import find_credential
from issuer.awarding.decision_json import from_json
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award, issuance
from issuer.organisations import four_eyes
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ENERGY = "energy-positive-neighbourhoods"
WHO = {
    "given_name": "Zoë",
    "family_name": "Novak",
    "email": "zoe@x.example",
    "awarded_on": "2026-06-12",
    "language": "en",
}


@pytest.fixture
def slug(alliance, achievements):
    wanted = achievements[ENERGY].organisation_id
    return next(found.slug for found in alliance if found.id == wanted)


@pytest.fixture
def coordinator(sign_in_as, slug):
    return sign_in_as(Role.COORDINATOR, slug)


def hidden(page):
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found if name not in {"csrf", "edit"}}


def fill(browser, slug, **fields):
    """Open the form and send it: the confirmation, or what is to be mended."""
    form = f"/staff/o/{slug}/award/one"
    page = browser.open(f"{form}?achievement={ENERGY}")
    given = {name: value for name, value in hidden(page).items() if name in {"form", "achievement"}}
    return browser.submit(f"{form}?achievement={ENERGY}", form, **given | WHO | fields)


def send(browser, slug, page):
    form = f"/staff/o/{slug}/award/one"
    return browser.submit(f"{form}?achievement={ENERGY}", f"{form}/award", **hidden(page))


def awards(instance):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(award))


def test_s5_the_third_screen_awards_and_shows_link_qr_and_mail(instance, coordinator, slug):
    page = fill(coordinator, slug, grade="Passed", levels=["expert"])
    assert "Is this right?" in page.text
    assert awards(instance) == 0
    done = send(coordinator, slug, page)
    assert done.status_code == 200
    link = re.search(r'value="https://badges\.example(/claim/[^"]+)"', done.text)[1]
    assert coordinator.open(link).status_code == 200
    assert 'class="qr"' in done.text
    assert "sends no mail" in done.text
    assert "no-store" in done.headers["cache-control"]
    assert awards(instance) == 1


def test_s5_grade_and_level_of_each_skill_are_signed(instance, coordinator, slug):
    page = fill(coordinator, slug, grade="Passed", levels=["expert"])
    send(coordinator, slug, page)
    with reading(instance.engine) as connection:
        content, credential_id = connection.execute(
            select(award.c.content, issuance.c.credential_id).join(
                issuance, issuance.c.award_id == award.c.id
            )
        ).one()
    decision = from_json(content)
    assert (decision.grade, list(decision.skill_levels.values())) == ("Passed", ["expert"])
    signed = find_credential(instance, credential_id).document
    assert b"expert" in signed


def test_s5_sent_twice_it_is_one_award(instance, coordinator, slug):
    page = fill(coordinator, slug)
    assert [send(coordinator, slug, page).status_code for _ in range(2)] == [200, 200]
    assert awards(instance) == 1


def test_s5_the_same_person_in_another_form_is_told_at_the_field(instance, coordinator, slug):
    send(coordinator, slug, fill(coordinator, slug))
    again = send(coordinator, slug, fill(coordinator, slug))
    assert again.status_code == 422
    assert 'href="#email"' in again.text
    assert awards(instance) == 1


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"email": "zoe(at)x.example"}, "email"),
        ({"given_name": "", "family_name": ""}, "given_name"),
        ({"given_name": "=1+1"}, "given_name"),
        ({"awarded_on": "2999-01-01"}, "awarded_on"),
        ({"awarded_on": "soon"}, "awarded_on"),
        ({"grade": "excellent-ish"}, "grade"),
        ({"levels": ["x" * 61]}, "level-0"),
        ({"narrative": "left\u202eright"}, "narrative"),
        ({"language": "English!"}, "language"),
    ],
)
def test_s5_what_is_wrong_is_told_at_its_field_and_nobody_is_awarded(
    instance, coordinator, slug, fields, where
):
    page = fill(coordinator, slug, **fields)
    assert page.status_code == 422
    assert f'href="#{where}"' in page.text
    assert f'id="{where}"' in page.text
    assert send(coordinator, slug, page).status_code == 422
    assert awards(instance) == 0


def test_s5_one_can_go_back_and_change_something(coordinator, slug):
    page = fill(coordinator, slug, narrative="She built a bridge.")
    form = f"/staff/o/{slug}/award/one"
    back = coordinator.submit(f"{form}?achievement={ENERGY}", form, edit="1", **hidden(page))
    assert back.status_code == 200
    assert "She built a bridge." in back.text
    assert 'role="alert"' not in back.text


def test_s7_a_single_award_waits_where_two_have_to_look(
    instance, coordinator, sign_in_as, slug, achievements
):
    with unit_of_work(instance.engine) as connection:
        four_eyes.save(connection, achievements[ENERGY].organisation_id, 0, instance.now())
    page = fill(coordinator, slug, levels=["expert"])
    assert "Ask for approval" in page.text
    where = [send(coordinator, slug, page).headers["location"] for _ in range(2)]
    assert where[0] == where[1]
    assert awards(instance) == 0
    other = sign_in_as(Role.COORDINATOR, slug)
    assert "Approve: award 1 person" in other.open(where[0]).text


def test_another_universitys_achievement_is_not_there(coordinator, slug, achievements):
    foreign = next(
        key
        for key, found in achievements.items()
        if found.organisation_id != achievements[ENERGY].organisation_id
    )
    assert coordinator.open(f"/staff/o/{slug}/award/one?achievement={foreign}").status_code == 404
    form = f"/staff/o/{slug}/award/one"
    for path in (form, f"{form}/award"):
        answer = coordinator.submit("/staff", path, **WHO | {"achievement": foreign})
        assert answer.status_code == 404
