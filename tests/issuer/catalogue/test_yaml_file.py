import pytest

from issuer.catalogue.yaml_file import read_achievement
from issuer.errors import InvalidAchievement

GOOD = "id: water\nawarding_body: halvik\ntitle: Water\ndescription: {en: About water.}\n"


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "water.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_bare_text_is_english(file):
    assert read_achievement(file(GOOD)).title == {"en": "Water"}


def test_one_assessment_needs_no_list(file):
    entry = read_achievement(
        file(GOOD + "assessment: {type: portfolio, criteria: Three reports}\n")
    )
    assert entry.assessment[0].criteria == {"en": "Three reports"}
    assert entry.requirements == {"en": "Three reports"}


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("ects: none", "water.yaml: field ects: input should be a valid number"),
        ("ects: 0", "field ects: input should be greater than 0"),
        ("ects: .inf", "field ects: input should be a finite number"),
        ("eqf_level: 9", "field eqf_level: input should be less than or equal to 8"),
        ("etcs: 3", "field etcs: there is no such field"),
        ("participation: telepathy", "field participation: input should be 'blended'"),
        ("assessment: {type: exam}", "field assessment.0.type: input should be"),
        ("quality_assurance: {type: x}", "field quality_assurance.0.body: field required"),
        ("learning_outcomes: [{skills: []}]", "field learning_outcomes.0.title: field required"),
        ("id: Wasser & Eis", "field id: string should match"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(file, line, remedy):
    with pytest.raises(InvalidAchievement, match=remedy):
        read_achievement(file(GOOD + line + "\n"))


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a: [", b"", b"x" * (2**20 + 1), b"[" * 5_000])
def test_what_is_no_achievement_file_is_refused(tmp_path, body):
    path = tmp_path / "water.yaml"
    path.write_bytes(body)
    with pytest.raises(InvalidAchievement):
        read_achievement(path)


def test_yaml_cannot_make_objects(file):
    with pytest.raises(InvalidAchievement, match="not YAML"):
        read_achievement(file("!!python/object/apply:os.system ['true']"))
