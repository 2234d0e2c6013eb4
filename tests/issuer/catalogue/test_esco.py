"""Skills: found by the beginnings of words, in any language, whatever people type."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.catalogue import esco
from issuer.catalogue.esco import Known
from issuer.catalogue.esco_file import Skill, language_of, read_skills
from issuer.catalogue.esco_index import EscoIndex, fold
from issuer.errors import InvalidUpload, NotFound

HEAD = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,description\n"
URI = "http://data.europa.eu/esco/skill/7111b95d-0ce3-441a-9d92-4c75d05c438{}"
ROW = "KnowledgeSkillCompetence,{uri},knowledge,cross-sector,{label},{alt},{status},{text}\n"


def official(*rows):
    """Return an official table with these (label, other names, status) rows."""
    lines = [
        ROW.format(uri=URI.format(n), label=label, alt=alt, status=status, text="A text.")
        for n, (label, alt, status) in enumerate(rows)
    ]
    return HEAD + "".join(lines)


@pytest.fixture
def index():
    return EscoIndex.in_memory()


@pytest.fixture
def write(tmp_path):
    def write(text, name="skills_pl.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def skills(*labels):
    return [Skill(URI.format(n), label) for n, label in enumerate(labels)]


def labels(found):
    return [skill.label for skill in found]


def test_the_beginnings_of_words_suffice(index):
    index.load(skills("project management", "manage time", "cook fish"), "en", complete=True)
    assert labels(index.search("proj man", "en", 5)) == ["project management"]


def test_the_label_itself_comes_first_then_labels_that_begin_so(index):
    table = skills("big data", "database", "data mining methods", "data mining", "data")
    index.load(table, "en", complete=True)
    best = ["data", "data mining", "data mining methods", "database", "big data"]
    assert labels(index.search("Data", "en", 5)) == best


def test_other_names_come_after_labels(index):
    table = [
        Skill(URI.format(0), "a", alternatives=("juggle", "x")),
        *skills("z", "juggle balls")[1:],
    ]
    index.load(table, "en", complete=True)
    assert labels(index.search("juggle", "en", 5)) == ["juggle balls", "a"]


@pytest.mark.parametrize("typed", ["zarządzanie jakością", "zarzadzanie jakoscia", "ZARZĄDZANIE"])
def test_accents_do_not_matter(index, typed):
    index.load(skills("zarządzanie jakością", "łowiectwo"), "pl", complete=True)
    assert labels(index.search(typed, "pl", 5)) == ["zarządzanie jakością"]


@pytest.mark.parametrize(("typed", "label"), [("lowie", "łowiectwo"), ("strasse", "Straße bauen")])
def test_letters_of_other_keyboards_do_not_matter(index, typed, label):
    index.load(skills("łowiectwo", "Straße bauen"), "pl", complete=True)
    assert labels(index.search(typed, "pl", 5)) == [label]


def test_signs_that_make_a_name_count(index):
    index.load(skills("C++", "C#", "cooking"), "en", complete=True)
    assert labels(index.search("c#", "en", 5)) == ["C#"]


@given(st.text(max_size=80))
def test_nothing_a_person_types_is_query_syntax(text):
    index = EscoIndex.in_memory()
    index.load(skills("manage data"), "en", complete=True)
    assert labels(index.search(text, "en", 5)) in ([], ["manage data"])
    index.close()


@pytest.mark.parametrize(
    "text", ['" OR *', "label: x NEAR(y)", "a AND", "-", "'; DROP TABLE skill"]
)
def test_query_syntax_is_only_words(index, text):
    index.load(skills("manage data"), "en", complete=True)
    assert index.search(text, "en", 5) == ()


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_reads_the_official_table(write):
    table = official(("zarządzanie", '"kierowanie\nprowadzenie"', "released"))
    with write(table).open(encoding="utf-8", newline="") as file:
        (skill,) = read_skills(file)
    assert skill.alternatives == ("kierowanie", "prowadzenie")
    assert (skill.kind, skill.reuse_level) == ("knowledge", "cross-sector")
    assert skill.is_current


def test_a_byte_order_mark_is_no_part_of_the_first_column(write):
    with write("\ufeff" + official(("x", "", ""))).open(encoding="utf-8", newline="") as file:
        assert len(list(read_skills(file))) == 1


def test_rows_of_other_concepts_are_passed_over(write):
    table = official(("x", "", "")) + ROW.format(
        uri="http://data.europa.eu/esco/isco/C0", label="army", alt="", status="", text=""
    )
    with write(table).open(encoding="utf-8", newline="") as file:
        assert labels(read_skills(file)) == ["x"]


@pytest.mark.parametrize(
    ("name", "language"),
    [("skills_pt.csv", "pt"), ("skills-en.tsv", "en"), ("skills.csv", ""), ("esco.zip", "")],
)
def test_the_name_of_the_file_tells_the_language(name, language):
    assert language_of(name) == language


def test_a_loaded_language_stands_beside_the_others(tmp_path, write):
    assert esco.load_file(tmp_path / "d", write(official(("praca", "", "")))) == 1
    esco.load_file(tmp_path / "d", write(official(("work", "", "")), "skills_en.csv"))
    index = esco.index_in(tmp_path / "d")
    assert index.languages() == {"en": True, "pl": True}
    assert labels(esco.search(index, "pra", lang="pl")) == ["praca"]


def test_loading_again_replaces(tmp_path, write):
    for label in ("praca", "robota"):
        esco.load_file(tmp_path / "d", write(official((label, "", ""))))
    index = esco.index_in(tmp_path / "d")
    assert labels(esco.search(index, "praca", lang="pl")) == []
    assert labels(esco.search(index, "robota", lang="pl")) == ["robota"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "columns missing: conceptUri, preferredLabel"),
        ("name,uri\nx,y\n", "columns missing"),
        (HEAD, "no ESCO skill"),
        (official(("x", "", "")) * 1 + official(("x", "", "")).removeprefix(HEAD), "stands twice"),
        (official(("x" * 200_000, "", "")), "cannot be read"),
    ],
)
def test_a_table_that_is_none_changes_nothing(tmp_path, write, text, message):
    esco.load_file(tmp_path / "d", write(official(("praca", "", ""))))
    with pytest.raises(InvalidUpload, match=message):
        esco.load_file(tmp_path / "d", write(text, "skills_pl.csv"))
    assert labels(esco.search(esco.index_in(tmp_path / "d"), "praca", lang="pl")) == ["praca"]


def test_a_first_load_that_fails_leaves_the_selection(tmp_path, write):
    with pytest.raises(InvalidUpload):
        esco.load_file(tmp_path / "d", write(HEAD))
    assert esco.search(esco.index_in(tmp_path / "d"), "python")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "skills_en.csv").write_bytes(HEAD.encode() + b"\xff\xfe\n")
    with pytest.raises(InvalidUpload):
        esco.load_file(tmp_path / "d", tmp_path / "skills_en.csv")


@pytest.mark.parametrize("lang", ["", "english", "EN", "e;"])
def test_refuses_a_language_that_is_none(tmp_path, write, lang):
    with pytest.raises(InvalidUpload):
        esco.load_file(tmp_path / "d", write(official(("x", "", "")), "skills.csv"), lang)


def test_a_language_nobody_loaded_is_named(tmp_path):
    with pytest.raises(NotFound, match="loaded: en"):
        esco.search(esco.index_in(tmp_path), "work", lang="pl")


def test_tells_known_deprecated_and_unknown_skills(tmp_path, write):
    table = official(("now", "", "released"), ("then", "", "obsolete"))
    esco.load_file(tmp_path / "d", write(table, "skills_en.csv"))
    index = esco.index_in(tmp_path / "d")
    said = [esco.known_skill(index, URI.format(n)) for n in range(3)]
    assert said == [Known.CURRENT, Known.DEPRECATED, Known.UNKNOWN]
    assert labels(esco.search(index, "then")) == []


@pytest.mark.parametrize("uri", ["", "http://data.europa.eu/esco/skill/1", "https://uni.example/x"])
def test_what_is_no_esco_uri_is_unknown(tmp_path, uri):
    assert esco.known_skill(esco.index_in(tmp_path), uri) is Known.UNKNOWN


def test_the_selection_never_calls_a_skill_unknown(tmp_path):
    assert esco.known_skill(esco.index_in(tmp_path), URI.format(9)) is Known.NOT_CHECKED


def test_the_selection_has_every_skill_of_our_examples(tmp_path):
    import re

    examples = Path(__file__).parents[3] / "examples/achievements"
    text = "".join(path.read_text() for path in examples.glob("*.yaml"))
    uris = set(re.findall(r"http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}", text))
    index = esco.index_in(tmp_path)
    assert uris
    assert {uri for uri in uris if esco.known_skill(index, uri) is not Known.CURRENT} == set()


def test_finds_any_skill_of_the_whole_classification(shared, index):
    table = shared / "esco/esco-skills-en.tsv.gz"
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        assert index.load(read_skills(file), "en", complete=True) == 13_939
    assert labels(index.search("project man", "en", 1)) == ["project management"]
    assert labels(index.search("geographic inf", "en", 1)) == ["geographic information systems"]
    assert len(index.search("manage", "en", 20)) == 20
