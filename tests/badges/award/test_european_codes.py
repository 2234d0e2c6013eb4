import pytest

from badges.award import (
    AssessmentType,
    LearningSetting,
    Mode,
    OpportunityType,
    QualityAssuranceType,
    Supervision,
)
from badges.award.european_codes import KEYS, code_of, word_of
from contexts.codes import code_list

LISTS = [
    AssessmentType, LearningSetting, Mode, OpportunityType, QualityAssuranceType, Supervision,
]  # fmt: skip


def test_every_european_code_exists_in_its_list():
    for list_name, key in KEYS.values():
        assert key in code_list(list_name).codes


def test_words_without_a_european_code_are_known():
    assert {word for words in LISTS for word in words} - set(KEYS) == {Supervision.SUPERVISED}
    assert code_of(Supervision.SUPERVISED) is None


@pytest.mark.parametrize("words", LISTS)
def test_a_code_leads_back_to_its_word(words):
    coded = [word for word in words if code_of(word)]
    assert [word_of(code_of(word).iri, words) for word in coded] == coded


def test_a_code_of_another_list_is_no_word_of_this_one():
    assert word_of(code_of(Mode.LAB).iri, Supervision) is None
    assert word_of("http://data.europa.eu/snb/unheard-of", Mode) is None
