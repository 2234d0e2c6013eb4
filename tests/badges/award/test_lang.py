from badges.award import pick


def test_picks_the_language_asked_for_then_the_others_then_english():
    text = {"de": "Wasser", "en": "Water", "nl": "Water (nl)"}
    assert pick(text, "de") == "Wasser"
    assert pick(text, "fi", "nl") == "Water (nl)"
    assert pick(text, "fi") == "Water"


def test_any_text_is_better_than_none():
    assert pick({"fi": "Vesi"}, "en") == "Vesi"
    assert pick({}, "en") == ""
