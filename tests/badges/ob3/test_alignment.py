from dataclasses import replace

from badges.award import Supervision
from badges.ob3.alignment import Target, alignments


def only(found, target):
    return [a for a in found if a["targetType"] == target]


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
