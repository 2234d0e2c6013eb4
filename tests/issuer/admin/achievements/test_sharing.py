"""Files in and out, copies with permission, the archive, and who publishes."""

import pytest

from issuer.catalogue.service import find
from issuer.catalogue.yaml_file import parse_achievement
from issuer.db.session import reading
from issuer.errors import AchievementArchived
from issuer.organisations.roles import Role
from tests.issuer.admin.achievements.conftest import KEY, Office


@pytest.fixture
def published(office):
    office.write().publish()
    return office


@pytest.fixture
def other(sign_in_as, alliance):
    """A coordinator of another member."""
    slug = alliance[2].slug
    return Office(sign_in_as(Role.COORDINATOR, slug), slug)


def act(office, name, **fields):
    return office.browser.submit(office.here, f"{office.here}/{name}", **fields)


def offered(office):
    return office.browser.open(f"{office.shelf}/shared").text


def send(office, content, name="a.yaml"):
    return office.browser.submit(f"{office.shelf}/import", files={"file": (name, content)})


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_what_is_taken_out_is_exactly_what_was_published(published, instance, kind):
    file = published.open(f"/file.{kind}")
    assert f'filename="{KEY}.{kind}"' in file.headers["Content-Disposition"]
    with reading(instance.engine) as connection:
        assert parse_achievement(file.content, "a") == find(connection, KEY).entry


def test_a_file_becomes_a_draft_of_this_organisation(published, other):
    file = published.open("/file.yaml").text.replace(KEY, "rain-in-the-city")
    led = send(other, file)
    assert led.headers["Location"] == f"{other.shelf}/rain-in-the-city/check"
    page = other.browser.open(led.headers["Location"]).text
    assert "11/11" in page
    assert "It can be awarded as soon as it is published" in page


def test_a_file_of_ones_own_achievement_becomes_its_next_draft(published):
    file = published.open("/file.yaml").text.replace("68", "70")
    assert send(published, file).status_code == 303
    assert 'value="70' in published.open("/edit/learning").text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"title: [", "is not YAML"),
        (b"title: Water\nects: many\n", "field ects"),
        (b"titel: Wasser\n", "field titel: there is no such field"),
        (b"x" * (2**20 + 1), "longer than 1 MiB"),
        (b"", "the file"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_field_and_why(office, content, told):
    refused = send(office, content)
    assert refused.status_code == 422
    assert told in refused.text


def test_a_file_with_another_organisations_name_is_refused(published, other):
    refused = send(other, published.open("/file.yaml").text)
    assert refused.status_code == 422
    assert "another organisation" in refused.text


def test_others_copy_only_what_its_owner_offers(published, other):
    assert "Water in the city" not in offered(other)
    refused = other.browser.submit(f"{other.shelf}/shared", key=KEY)
    assert refused.status_code == 404
    act(published, "offer", allowed="true")
    assert "Water in the city" in offered(other)
    led = other.browser.submit(f"{other.shelf}/shared", key=KEY)
    copy = led.headers["Location"].removesuffix("/edit/about")
    assert f"copy of {published.slug}/{KEY}" in other.browser.open(copy).text
    assert "10/11" in other.browser.open(f"{copy}/check").text
    act(published, "offer", allowed="false")
    assert other.browser.submit(f"{other.shelf}/shared", key=KEY).status_code == 404


def test_a_copy_within_the_house_is_another_achievement(published, instance):
    led = act(published, "copy")
    assert led.headers["Location"] == f"{published.here}-2/edit/about"
    with reading(instance.engine) as connection:
        assert find(connection, KEY).number == 1


def test_what_is_archived_is_neither_awarded_nor_offered(published, other, instance):
    act(published, "offer", allowed="true")
    act(published, "archive")
    assert "Water in the city" not in offered(other)
    assert KEY not in published.browser.open(f"/staff/o/{published.slug}/award").text
    with reading(instance.engine) as connection, pytest.raises(AchievementArchived):
        find(connection, KEY)
    act(published, "restore")
    assert KEY in published.browser.open(f"/staff/o/{published.slug}/award").text


def test_where_a_quality_officer_publishes_nobody_else_does(office, sign_in_as):
    office.write()
    admin = sign_in_as(Role.MEMBER_ADMIN, office.slug)
    admin.submit(f"{office.shelf}/rules", publisher="quality-officer")
    assert "quality officer publishes" in office.open("/check").text
    fields = {"kind": "MicroCredential", "revision": "4"}
    refused = office.browser.submit(f"{office.here}/check", f"{office.here}/publish", **fields)
    assert refused.status_code == 403
    officer = Office(sign_in_as(Role.QUALITY_OFFICER, office.slug), office.slug)
    assert officer.publish().status_code == 303


def test_a_rule_nobody_knows_is_refused(sign_in_as, office):
    admin = sign_in_as(Role.MEMBER_ADMIN, office.slug)
    assert admin.submit(f"{office.shelf}/rules", publisher="anyone").status_code == 422
