import pytest

from issuer.db.session import reading
from issuer.errors import InvalidOrganisation
from issuer.organisations import store
from issuer.organisations.setup import establish_alliance

GOOD = "alliance: {slug: north, legal_name: North, country: BE}\n"


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "alliance.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_particulars_reach_the_award_model(alliance):
    particulars = alliance[0].particulars
    assert particulars.legal_name == "Northlight University Alliance ivzw"
    assert particulars.identifier("vat") == "VATBE-0000000097"
    assert particulars.address == {"addressLocality": "Brussels"}


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("alliance: {slug: n, legal_name: N}", "field alliance.country: field required"),
        (GOOD + "membres: []", "field membres: there is no such field"),
        (GOOD + "members: [{slug: a, legal_name: A, country: Norway}]", "a: country 'Norway'"),
        (
            GOOD + "members: [{slug: A!, legal_name: A, country: NO}]",
            "slug 'A!'",
        ),  # and NO is a country
        (GOOD + "members: [{slug: north, legal_name: A, country: NO}]", "already"),
        ("- a\n- b", "the file"),
        ("alliance: [", r"not YAML in UTF-8: .*\(line 1\)"),
        ("", "the file"),
    ],
)
def test_a_wrong_file_says_what_to_mend_and_founds_nothing(instance, file, text, remedy):
    with pytest.raises(InvalidOrganisation, match=remedy):
        establish_alliance(instance, file(text))
    with reading(instance.engine) as connection:
        assert store.all_organisations(connection) == ()


def test_a_missing_file_is_named(instance, tmp_path):
    with pytest.raises(InvalidOrganisation, match=r"absent\.yaml: cannot be read"):
        establish_alliance(instance, tmp_path / "absent.yaml")
