import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from badges import award as model
from issuer.edc.page_image import HEIGHT, WIDTH, draw_page
from issuer.edc.page_text import describe, spoken
from issuer.edc.page_words import WORDS, languages, word


def _logo(size=(300, 200)):
    out = io.BytesIO()
    Image.new("RGB", size, "#0b6e4f").save(out, "PNG")
    return out.getvalue()


def award(**changes):
    body = model.Organisation("Universidade de Alvor", "PT", names={"en": "University of Alvor"})
    facts = {
        "id": "https://alvor.example/achievements/ai",
        "version": "1",
        "title": {"en": "Principles of AI", "pt": "Princípios de IA"},
        "description": {"en": "How machines learn."},
        "creator": body,
        "ects": 3,
        "eqf_level": 6,
        "learning_outcomes": (
            model.LearningOutcome(
                {"en": "Explain learning"},
                (model.Skill("https://example.org/s/1", {"en": "machine learning"}),),
            ),
        ),
        "assessments": (model.Assessment(model.AssessmentType.ORAL),),
        **changes,
    }
    return model.Award(
        id="urn:uuid:3f1c3c1e-0b8e-4a53-8a5e-2d8f9d3a7b10",
        achievement=model.Achievement(**facts),
        learner=model.Learner("Ana", "Andrómeda"),
        awarded=datetime(2026, 6, 1, tzinfo=UTC),
        grade="17",
    )


def page(**changes):
    alliance = model.Organisation("Northlight Alliance", "BE")
    facts = {"issuer": alliance, "url": "https://example.edu/claim/7Hq2", **changes}
    return describe(award(), facts.pop("language", "en"), **facts)


def test_the_page_is_a_small_upright_picture():
    drawn = draw_page(page(), logo=_logo())
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
    assert len(drawn) < 150_000


def test_the_same_words_give_the_same_picture():
    assert draw_page(page()) == draw_page(page())


def test_everything_drawn_is_also_said():
    said = spoken(page(notice="Test seal: no legal effect"))
    for words in (
        "Test seal: no legal effect",
        "Micro-credential: Principles of AI",
        "awarded to Ana Andrómeda",
        "Credits: 3 ECTS",
        "Level: EQF 6",
        "Result: 17",
        "Awarded on: June 1, 2026",
        "machine learning",
        "Explain learning",
        "Sealed by: Northlight Alliance",
        "https://example.edu/claim/7Hq2",
    ):
        assert words in said


def test_the_page_speaks_the_language_of_the_credential():
    said = spoken(page(language="pt"))
    assert "Microcredencial: Princípios de IA" in said
    assert "1 de junho de 2026" in said


def test_a_language_without_words_of_its_own_is_drawn_in_english():
    assert word("Skills", "xx") == "Skills"
    assert "xx" not in languages()


@pytest.mark.parametrize("language", languages())
def test_each_language_has_every_word(language):
    words = languages()[language]
    assert set(words) == set(WORDS)
    assert all(part.strip() for part in words.values())


def test_a_notice_can_be_seen():
    assert draw_page(page(notice="Test seal")) != draw_page(page())


@pytest.mark.parametrize("logo", [b"", b"not a picture", _logo()[:40], _logo((6000, 4000))])
def test_a_logo_we_cannot_use_is_left_out(logo):
    assert draw_page(page(), logo=logo) == draw_page(page())


def test_a_phone_reads_the_code():
    reader = pytest.importorskip("zxingcpp")
    with Image.open(io.BytesIO(draw_page(page()))) as picture:
        found = reader.read_barcodes(picture.convert("L"))
    assert [code.text for code in found] == ["https://example.edu/claim/7Hq2"]


@settings(max_examples=8, deadline=None)
@given(
    title=st.text(min_size=1, max_size=300).filter(str.strip),
    outcomes=st.integers(0, 30),
    skills=st.integers(0, 60),
)
def test_whatever_the_length_the_foot_is_not_drawn_over(title, outcomes, skills):
    many = tuple(
        model.LearningOutcome(
            {"en": "word " * 60},
            tuple(
                model.Skill(f"https://example.org/{place}-{each}", {"en": "skill " * 3})
                for each in range(skills // 30)
            ),
        )
        for place in range(outcomes)
    )
    drawn = award(title={"en": title}, learning_outcomes=many, description={"en": "word " * 200})
    with Image.open(io.BytesIO(draw_page(describe(drawn, "en")))) as picture:
        line = picture.convert("RGB").crop((104, HEIGHT - 326, WIDTH - 104, HEIGHT - 305))
        colours = {colour for _, colour in line.getcolors(maxcolors=10_000)}
    assert len(colours) == 1
