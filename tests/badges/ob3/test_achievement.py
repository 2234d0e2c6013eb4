from dataclasses import replace

from badges.ob3.achievement import build_achievement, build_results, number


def test_whole_numbers_have_no_point():
    assert repr(number(3.0)) == "3"
    assert repr(number(2.5)) == "2.5"


def test_criteria_say_what_to_do_and_what_one_can_do_then(award, university):
    narrative = build_achievement(award, "did:web:a", "did:web:b")["criteria"]["narrative"]
    assert "Ninety-minute exam" in narrative
    assert "Describe a data set" in narrative


def test_no_grade_no_result(award):
    assert build_results(replace(award, grade=None, skill_levels={})) == []


def test_a_level_in_a_skill_the_achievement_does_not_teach_is_left_out(award):
    assert build_results(replace(award, grade=None, skill_levels={"urn:other": "high"})) == []


def test_an_organisation_is_described_once(award, university):
    same = build_achievement(award, "did:web:a", "did:web:a")["creator"]
    other = build_achievement(award, "did:web:a", "did:web:b")["creator"]
    assert same == {"id": "did:web:a", "type": ["Profile"]}
    assert "parentOrg" not in other
    assert other["name"] == university.legal_name


def test_every_badge_gets_an_achievement_of_its_own(award):
    award = replace(award, skill_levels={})
    first = build_achievement(award, "did:web:a", "did:web:b")
    first["name"] = "changed"
    assert build_achievement(award, "did:web:a", "did:web:b")["name"] == "Data analysis"


def test_an_achievement_that_was_written_before_is_written_in_the_language_asked_for(award):
    award = replace(award, skill_levels={})
    names = [
        build_achievement(replace(award, language=language), "did:web:a", "did:web:b")["name"]
        for language in ("en", "de", "en")
    ]
    assert names == ["Data analysis", "Datenanalyse", "Data analysis"]
