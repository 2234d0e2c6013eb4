"""Writing an achievement through the forms of the desk, and the gate before it is published."""

import pytest

from issuer.catalogue import store
from issuer.catalogue.service import find
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotFound
from issuer.organisations.roles import Role
from tests.issuer.admin.achievements.conftest import KEY, PROGRAMMING


def published(instance):
    with reading(instance.engine) as connection:
        return find(connection, KEY)


def test_s3_a_complete_micro_credential_shows_eleven_of_eleven_and_is_published(office, instance):
    office.write()
    assert "11/11" in office.open("/check").text
    assert office.publish().headers["Location"].endswith(f"{KEY}?published=true")
    version = published(instance)
    entry = version.entry
    assert version.is_micro_credential
    assert (entry.ects, entry.hours, entry.isced_f) == (2.5, 68, ("0732",))
    assert entry.validity.days == 730
    assert entry.quality_assurance[0].assured_on.isoformat() == "2025-05-31"
    (skill,) = entry.learning_outcomes[0].skills
    assert (skill.uri, skill.level) == (PROGRAMMING, "intermediate")
    assert skill.label["en"] == "Python (computer programming)"


def test_s3_publishing_without_a_mandatory_element_is_refused_and_each_is_linked(office, instance):
    office.begin()
    refused = office.publish()
    assert refused.status_code == 422
    alert = refused.text.partition('role="alert"')[2].partition("</section>")[0]
    for field in (
        "learning#learning_outcomes.0.title.en",
        "learning#ects",
        "learning#eqf_level",
        "assessment#assessment.0.type",
        "assessment#participation",
        "quality#quality_assurance.0.type",
    ):
        assert f'href="{office.here}/edit/{field}"' in alert
    assert "5/11" in refused.text
    with pytest.raises(NotFound):
        published(instance)


def test_s3_each_link_of_the_summary_leads_to_a_field_that_is_there(office):
    import re

    office.begin()
    alert = office.publish().text.partition('role="alert"')[2].partition("</section>")[0]
    links = re.findall(r'href="([^"#]+)#([^"]+)"', alert)
    assert len(links) == 6
    for page, field in links:
        assert f'id="{field}"' in office.browser.open(page).text, field


@pytest.mark.parametrize("step", ["learning", "assessment", "quality"])
def test_s3_one_missing_step_is_enough_to_refuse(office, instance, step):
    office.write(without=[step])
    assert office.publish().status_code == 422
    with pytest.raises(NotFound):
        published(instance)


def test_s3_without_the_elements_it_can_be_a_badge_and_looks_like_one(office, instance):
    office.begin()
    assert office.publish("Badge").status_code == 303
    version = published(instance)
    assert (version.entry.type, version.is_micro_credential) == ("Badge", False)
    assert 'class="kind badge"' in office.open().text
    assert 'class="kind micro"' not in office.open().text


def test_a_complete_badge_is_still_a_badge(office, instance):
    office.write().publish("Badge")
    assert not published(instance).is_micro_credential


@pytest.mark.parametrize(
    ("step", "field", "value", "told"),
    [
        ("learning", "ects", "two", "ECTS credits: must be a number"),
        ("learning", "ects", "-1", "ECTS credits: must be more than 0"),
        ("learning", "ects", "nan", "ECTS credits: must be a number"),
        ("learning", "eqf_level", "9", "EQF level: must be 8 or less"),
        ("learning", "learning_outcomes.0.skills", "urn:no:skill", "choose it from the list"),
        ("assessment", "assessment.0.type", "guessing", "Assessment 1: must be one of"),
        ("quality", "quality_assurance.0.url", "javascript:alert(1)", "must be an address like"),
        ("quality", "quality_assurance.0.body.country", "NETHERLANDS", "country code"),
        ("quality", "quality_assurance.0.assured_on", "soon", "must be a"),
        ("quality", "validity", "a while", "must be a duration"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_nothing_is_saved(
    office, step, field, value, told
):
    office.begin()
    before = office.revision()
    refused = office.step(step, **{field: value})
    assert refused.status_code == 422
    alert = refused.text.partition('role="alert"')[2].partition("</section>")[0]
    assert told in alert
    assert office.revision() == before


def test_a_title_is_asked_for_first(office):
    refused = office.begin(**{"title.en": "  "})
    assert refused.status_code == 422
    assert 'href="#title.en"' in refused.text


def test_hours_outside_the_usual_range_are_remarked_and_allowed(office, instance):
    office.write()
    office.step("learning", hours="200")
    assert "80 hours a credit" in office.open("/check").text
    assert office.publish().status_code == 303


def test_two_who_write_at_once_are_told(office, sign_in_as):
    office.begin()
    old = office.revision()
    office.step("learning")
    stale = office.browser.submit(f"{office.here}/edit/learning", revision=old, ects="9")
    assert stale.status_code == 409
    assert "somebody else saved it" in stale.text


def test_a_language_is_added_and_taken_away_again(office, instance):
    office.begin()
    office.step("about", written_in=["en"], add_language="de", go="stay")
    assert 'id="title.de"' in office.open("/edit/about").text
    fields = {"written_in": ["en", "de"], "title.de": "Wasser in der Stadt"}
    office.step("about", **fields, go="stay")
    assert "Wasser in der Stadt" in office.open("/edit/about").text
    assert "not written yet in: de" in office.open("/check").text
    office.step("about", written_in=["en"], go="stay")
    assert "Wasser in der Stadt" not in office.open("/edit/about").text


def test_rows_are_added_and_removed_by_plain_buttons(office):
    office.begin()
    added = office.step("learning", go="add:learning_outcomes")
    assert added.headers["Location"].endswith("?more=learning_outcomes#learning_outcomes")
    assert (
        "learning_outcomes.1.title.en" in office.open("/edit/learning?more=learning_outcomes").text
    )
    office.step("learning", go="remove:learning_outcomes.0")
    assert "Model a drainage system" not in office.open("/edit/learning").text


def test_s2_skills_are_found_and_added_by_a_plain_form(office):
    office.begin()
    led = office.step("learning", go="skills:0", **{"learning_outcomes.0.skills": []})
    assert led.headers["Location"] == f"{office.here}/skills/0"
    found = office.open("/skills/0?q=pyth")
    assert PROGRAMMING in found.text
    office.browser.submit(f"{office.here}/skills/0", skill=PROGRAMMING)
    step = office.open("/edit/learning").text
    assert PROGRAMMING in step
    assert "Python (computer programming)" in step


def test_s2_the_saved_achievement_shows_address_and_label_in_each_language(office, instance):
    from issuer.catalogue import esco
    from issuer.catalogue.esco_index import EscoIndex

    table = instance.settings.data / "skills_de.csv"
    head = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel\n"
    row = f"KnowledgeSkillCompetence,{PROGRAMMING},knowledge,cross-sector,Python-Programmierung\n"
    table.write_text(head + row)
    esco.load_file(instance.settings.data, table)
    table.with_name("skills_en.csv").write_text(head + row.replace("Python-Pro", "Python pro"))
    esco.load_file(instance.settings.data, table.with_name("skills_en.csv"))
    assert EscoIndex.at(instance.settings.data / "esco/skills.sqlite").labels(PROGRAMMING)
    office.write().publish()
    page = office.open().text
    assert PROGRAMMING in page
    assert "Python-Programmierung" in page
    assert "Python programmierung" in page


def test_an_awarded_version_stays_and_the_next_is_written_from_it(office, instance, clock):
    office.write().publish()
    with unit_of_work(instance.engine) as connection:
        store.lock(connection, find(connection, KEY).id, clock())
    office.browser.submit(office.here, f"{office.here}/edit")
    office.step("learning", ects="3", hours="80")
    assert "becomes version 2" in office.open("/check").text
    office.publish()
    assert published(instance).number == 2
    page = office.open().text
    assert "superseded" in page
    assert "in force" in page


def test_a_draft_is_dropped_and_what_is_published_stays(office, instance):
    office.write().publish()
    office.browser.submit(office.here, f"{office.here}/edit")
    office.browser.submit(f"{office.here}/check", f"{office.here}/discard")
    assert office.open("/check").status_code == 404
    assert published(instance).number == 1


def test_a_draft_cannot_be_awarded(office, instance):
    office.write()
    assert KEY not in office.browser.open(f"/staff/o/{office.slug}/award").text
    with pytest.raises(NotFound):
        published(instance)


def test_another_member_sees_nothing_of_it(office, sign_in_as, alliance):
    office.write()
    other = sign_in_as(Role.COORDINATOR, alliance[2].slug)
    for path in ("", "/check", "/edit/about", "/skills/0"):
        assert other.open(office.here + path).status_code == 404
        mine = f"/staff/o/{alliance[2].slug}/achievements/{KEY}{path}"
        assert other.open(mine).status_code == 404
