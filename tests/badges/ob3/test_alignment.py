from dataclasses import replace

from badges.award import AssessmentType, LearningSetting, Mode, Supervision
from badges.ob3.alignment import _KEYS, Target, alignments
from contexts.codes import code_list


def only(found, target):
    return [a for a in found if a["targetType"] == target]


def test_every_european_code_exists_in_its_list():
    for list_name, key in _KEYS.values():
        assert key in code_list(list_name).codes


def test_words_without_a_european_code_are_known():
    words = {*AssessmentType, *LearningSetting, *Mode, *Supervision}
    assert words - set(_KEYS) == {Supervision.SUPERVISED, Supervision.ID_VERIFIED}


def test_a_word_without_a_code_still_says_what_it_means(achievement):
    watched = replace(achievement, supervision=Supervision.SUPERVISED)
    (alignment,) = only(alignments(watched, "en"), Target.SUPERVISION)
    assert alignment["targetName"] == "supervised without id verification"


def test_a_skill_names_its_place_in_esco(achievement):
    (skill,) = only(alignments(achievement, "en"), Target.SKILL)
    assert skill["targetFramework"] == "ESCO"
    assert skill["targetUrl"].endswith(skill["targetCode"])
    assert skill["targetDescription"] == "Level: intermediate"


def test_half_a_credit_is_written_as_people_write_it(achievement):
    (credit,) = only(alignments(achievement, "en"), Target.CREDITS)
    assert credit["targetName"] == "2.5 ECTS"
