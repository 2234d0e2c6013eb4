import json

import pytest

from contexts import codes
from contexts.profiles import edc_profile


@pytest.fixture(scope="module")
def vocabularies(shared):
    return json.loads((shared / "edc/vocab/elm-xsd-vocabularies.json").read_text())


@pytest.mark.parametrize("name", codes.lists())
def test_every_code_list_reads_and_every_code_has_its_scheme(name):
    found = codes.code_list(name)
    assert found.codes
    assert codes.list_of_scheme(found.scheme) is found
    for code in found.codes.values():
        assert found.get(code.iri) is code


@pytest.mark.parametrize("name", [name for name in codes.lists() if name != "language"])
def test_no_official_code_is_missing(name, vocabularies):
    found = codes.code_list(name)
    official = vocabularies.get(found.scheme, {}).get("concepts", {})
    missing = [iri for iri in official if found.get(iri) is None]
    assert missing == []


def test_labels_are_the_official_ones(vocabularies):
    renamed = {"http://data.europa.eu/snb/credential/6cf8e68c43"}
    for name in codes.lists():
        found = codes.code_list(name)
        for iri, labels in vocabularies.get(found.scheme, {}).get("concepts", {}).items():
            code = found.get(iri)
            if code and labels.get("en") and iri not in renamed:
                assert code.labels["en"] == labels["en"].strip()


@pytest.mark.parametrize(
    ("name", "spelling", "key"),
    [
        ("country", "IE", "IRL"),
        ("country", "ireland", "IRL"),
        ("language", "en", "ENG"),
        ("language", "el", "ELL"),
        ("eqf", "Level 6", "6"),
        ("eqf", "6", "6"),
        ("isced-f", "0612", "0612"),
        ("file-type", "image/png", "PNG"),
        ("assessment", "http://data.europa.eu/snb/assessment/d30284d7df", "d30284d7df"),
    ],
)
def test_people_may_spell_a_code_in_their_way(name, spelling, key):
    assert codes.find(name, spelling).key == key


@pytest.mark.parametrize(
    ("name", "spelling"), [("eqf", "99"), ("eqf", ""), ("country", "XX"), ("isced-f", "123456")]
)
def test_an_unknown_code_is_refused_and_others_are_named(name, spelling):
    with pytest.raises(codes.UnknownCode, match="use one of: "):
        codes.find(name, spelling)


def test_an_unknown_list_is_refused():
    with pytest.raises(codes.UnknownCode, match="no code list"):
        codes.code_list("../../secrets")


def test_a_code_of_another_list_is_not_found():
    assert codes.code_list("eqf").get("http://data.europa.eu/snb/isced-f/06") is None


def test_a_label_falls_back_to_english_and_then_to_the_key():
    assert codes.find("credential-profile", "e34929035b").label("fr") == "Générique"
    assert codes.find("eqf", "6").label("fr") == "Level 6"
    assert codes.find("supervision", "df2880c5cb").label() == "df2880c5cb"


def test_the_profile_knows_what_an_issuer_needs():
    profile = edc_profile()
    assert profile["issuer"]["eIDASIdentifier"].minimum == 1
    assert profile["Organisation"]["location"].kinds == ("Location",)
    assert profile["Qualification"]["eqfLevel"].code_list == "eqf"
    assert not profile["Note"]["noteLiteral"].is_node
