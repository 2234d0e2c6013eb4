"""Achievements are called by their titles, in the language of the page."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from badges.award import Learner
from issuer.admin import awards_store
from issuer.admin.titles import title_of, titles_of, titles_told_apart
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue import standing
from issuer.catalogue import store as catalogue
from issuer.db.session import reading, unit_of_work
from issuer.organisations.roles import Role
from issuer.web import i18n

KEY, OTHER = "energy-positive-neighbourhoods", "data-analysis-with-python"
TITLE, GERMAN = "Energy-positive neighbourhoods", "Plusenergie-Quartiere"
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def version(instance, achievements):
    """An achievement with a German title, too."""
    found = achievements[KEY]
    entry = found.entry.model_copy(update={"title": {"en": TITLE, "de": GERMAN}})
    with unit_of_work(instance.engine) as connection:
        return catalogue.replace_draft(connection, replace(found, entry=entry))


@pytest.fixture
def slug(alliance, version):
    return next(found.slug for found in alliance if found.id == version.organisation_id)


@pytest.fixture
def awarded(instance, version):
    learner = Learner(given_name="Zoë", family_name="Novak", email="zoe@x.example")
    return award_one(instance, Wish(KEY, Decision(learner, date(2026, 6, 12)))).issuance.award_id


@pytest.fixture
def coordinator(sign_in_as, slug):
    return sign_in_as(Role.COORDINATOR, slug)


@pytest.fixture
def german():
    i18n.speak("de")
    yield
    i18n.speak("en")


@sqlite
@pytest.mark.parametrize("path", ["awards", "unclaimed", "awards/{}/correct", "awards/{}"])
def test_a_page_says_the_title(coordinator, slug, awarded, path):
    page = coordinator.open(f"/staff/o/{slug}/{path.format(awarded)}").text
    assert f"<bdi>{TITLE}</bdi>" in page
    assert f"<bdi>{KEY}</bdi>" not in page


@sqlite
def test_the_page_of_a_learners_data_says_the_titles(sign_in_as, slug, awarded):
    administrator = sign_in_as(Role.MEMBER_ADMIN, slug)
    page = administrator.open(f"/staff/o/{slug}/awards/{awarded}/learner").text
    assert f"<bdi>{TITLE}</bdi>" in page


@sqlite
@pytest.mark.parametrize("path", ["awards/change?act=revoke", "unclaimed/cancel?x="])
def test_a_selection_is_told_with_titles(coordinator, slug, awarded, path):
    page = coordinator.open(f"/staff/o/{slug}/{path}&award={awarded}").text
    assert f"<bdi>{TITLE}</bdi>" in page
    assert KEY not in page


@sqlite
def test_the_audit_log_says_the_title_beside_the_key_and_holds_only_the_key(sign_in_as, version):
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    page = office.open("/staff/audit?action=achievement.").text
    assert f"<bdi>{TITLE}</bdi>" in page
    assert TITLE.encode() not in office.get("/staff/audit/lines.jsonl").content


def test_the_title_is_told_in_the_language_of_the_page(instance, version, awarded, german):
    assert title_of(version) == GERMAN
    with reading(instance.engine) as connection:
        assert awards_store.one(connection, version.organisation_id, awarded).title == GERMAN


@sqlite
def test_without_a_title_in_that_language_another_is_better_than_a_key(achievements, german):
    entry = achievements[KEY].entry
    norwegian = entry.model_copy(update={"title": {"no": "Plussenergi-nabolag"}})
    assert title_of(replace(achievements[KEY], entry=norwegian)) == "Plussenergi-nabolag"


@sqlite
def test_two_achievements_of_one_title_are_told_apart_and_versions_are_one(achievements):
    first, other = achievements[KEY], achievements[OTHER]
    same = replace(other, entry=other.entry.model_copy(update={"title": first.entry.title}))
    assert titles_told_apart([first, same]) == {
        KEY: f"{TITLE} ({KEY})",
        OTHER: f"{TITLE} ({OTHER})",
    }
    newer = other.entry.model_copy(update={"title": {"en": "Analysing data"}})
    versions = [replace(other, number=2, entry=newer), other, first]
    assert titles_told_apart(versions) == {KEY: TITLE, OTHER: "Analysing data"}


@sqlite
def test_the_shelf_and_what_others_offer_say_titles_in_the_language_of_the_page(
    instance, alliance, version, slug, sign_in_as
):
    with unit_of_work(instance.engine) as connection:
        standing.allow_copying(instance, connection, KEY, allowed=True, actor="cli")
    other = next(o.slug for o in alliance[1:] if o.slug != slug)
    for where, at in ((slug, ""), (other, "/shared")):
        page = sign_in_as(Role.COORDINATOR, where)
        for language, told in (("en", TITLE), ("de", GERMAN)):
            shown = page.open(f"/staff/o/{where}/achievements{at}?lang={language}").text
            assert f"<bdi>{told}</bdi>" in shown


def test_the_titles_of_a_page_are_asked_for_at_once(instance, achievements, version):
    asked = []
    numbers = [version.id, achievements[OTHER].id, version.id]
    with reading(instance.engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
        found = titles_of(connection, numbers)
    assert found == {version.id: TITLE, achievements[OTHER].id: title_of(achievements[OTHER])}
    assert len(asked) == 1


def test_a_version_that_is_not_there_has_no_title(instance, version):
    with reading(instance.engine) as connection:
        assert titles_of(connection, [version.id, 999_999]) == {version.id: TITLE}
        assert titles_of(connection, []) == {}
