"""Bad input gets a message that names the field and the fix."""

import base64
import copy
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from badges.edc.mapping import attached_badge, edc_to_ob3
from badges.edc.nodes import walk
from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.edc.write import write_edc
from badges.errors import BadgeError
from badges.proofs.x509 import SealIdentity


@pytest.fixture
def good(award, issue):
    return write_edc(award, issue())


def _spec(document):
    return document["credentialSubject"]["hasClaim"][0]["specifiedBy"]


def _level_99(document):
    _spec(document)["eqfLevel"]["id"] = "http://data.europa.eu/snb/eqf/99"


def _level_elsewhere(document):
    document["credentialSubject"]["hasClaim"][0]["eqfLevel"] = _spec(document)["eqfLevel"]


def _date_without_zone(document):
    document["validFrom"] = "2026-11-23T10:00:00"


def _date_without_time(document):
    document["validFrom"] = "2026-11-23"


def _no_such_day(document):
    document["issued"] = "2026-02-30T10:00:00Z"


def _wrong_country(document):
    country = document["issuer"]["location"][0]["address"][0]["countryCode"]
    country["id"] = country["id"].replace("PRT", "ATL")


def _wrong_scheme(document):
    _spec(document)["eqfLevel"]["inScheme"]["id"] = "http://data.europa.eu/snb/isced-f/25831c2"


def _no_scheme_type(document):
    del _spec(document)["eqfLevel"]["inScheme"]["type"]


def _number_of_points(document):
    _spec(document)["creditPoint"][0]["point"] = 3


def _points_in_words(document):
    _spec(document)["creditPoint"][0]["point"] = "three"


def _modified(document):
    document["issuer"]["dateModified"] = "2026-11-23T10:00:00Z"


def _status(document):
    document["credentialStatus"] = {"id": "https://example.edu/status/1"}


def _terms(document):
    document["termsOfUse"] = "https://example.edu/terms"


def _same_id_other_text(document):
    document["issuer"]["homepage"][0]["contentURL"] = "https://elsewhere.example/"


def _ends_before_it_starts(document):
    document["validUntil"] = "2020-01-01T00:00:00Z"


def _language_without_page(document):
    document["displayParameter"]["individualDisplay"] = []


def _language_without_title(document):
    document["displayParameter"]["title"] = {"fr": "Principes"}


def _image_not_base64(document):
    _image(document)["content"] = "%%%"


def _image_no_picture(document):
    _image(document)["content"] = "aGVsbG8="


def _image(document):
    return document["displayParameter"]["individualDisplay"][0]["displayDetail"][0]["image"]


def _plain_title(document):
    _spec(document)["title"] = "Principles of AI"


def _two_titles(document):
    _spec(document)["title"] = {"en": ["One", "Another"]}


def _empty_name(document):
    document["issuer"]["legalName"] = {"en": " "}


def _no_learner(document):
    del document["credentialSubject"]


def _two_names(document):
    document["credentialSubject"]["givenName"] = {"en": "Ana", "pt": "Ana"}


def _other_context(document):
    document["@context"] = ["https://www.w3.org/ns/credentials/v2"]


def _no_id(document):
    del document["id"]


def _wrong_duration(document):
    _spec(document)["volumeOfLearning"] = "75 hours"


def _esco_of_elsewhere(document):
    skill = {
        "id": "https://example.org/skill",
        "type": "Concept",
        "inScheme": {
            "id": "http://data.europa.eu/esco/concept-scheme/skills",
            "type": "ConceptScheme",
        },
    }
    outcome = {"id": "urn:x:1", "type": "LearningOutcome", "title": {"en": "Do"}}
    _spec(document)["learningOutcome"] = [{**outcome, "relatedESCOSkill": [skill]}]


MISTAKES = {
    _level_99: ("unknown-code", "eqfLevel", "Level 8"),
    _level_elsewhere: ("level-misplaced", "eqfLevel", "Qualification"),
    _date_without_zone: ("wrong-value", "validFrom", "2026-11-23T10:00:00Z"),
    _date_without_time: ("wrong-value", "validFrom", "2026-11-23T10:00:00Z"),
    _no_such_day: ("wrong-value", "issued", "2026-02-30"),
    _wrong_country: ("unknown-code", "countryCode", "Use one of"),
    _wrong_scheme: ("wrong-scheme", "eqfLevel", "http://data.europa.eu/snb/eqf/25831c2"),
    _no_scheme_type: ("wrong-type", "inScheme", "ConceptScheme"),
    _number_of_points: ("wrong-points", "point", "in quotes"),
    _points_in_words: ("wrong-points", "point", "in quotes"),
    _modified: ("refused-term", "dateModified", "leave it out"),
    _status: ("refused-term", "credentialStatus", "attached Open Badge"),
    _terms: ("refused-term", "termsOfUse", "leave it out"),
    _same_id_other_text: ("same-id", "homepage", "its own id"),
    _ends_before_it_starts: ("wrong-period", "validUntil", "before the start"),
    _language_without_page: ("missing-page", "individualDisplay", "make one"),
    _language_without_title: ("missing-title", "title", "add one"),
    _image_not_base64: ("wrong-media", "image", "embed the file again"),
    _image_no_picture: ("wrong-media", "image", "PNG or JPEG"),
    _plain_title: ("wrong-text", "title", "language"),
    _two_titles: ("wrong-text", "title", "keep one"),
    _empty_name: ("wrong-text", "legalName", "empty"),
    _no_learner: ("missing", "credentialSubject", "award → learner"),
    _two_names: ("too-many", "givenName", "one language"),
    _other_context: ("wrong-context", "@context", "exactly two"),
    _no_id: ("missing", "id", "urn:credential:"),
    _wrong_duration: ("wrong-value", "volumeOfLearning", "PT75H"),
    _esco_of_elsewhere: ("unknown-skill", "relatedESCOSkill", "search"),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_named_with_its_field_and_its_fix(mistake, good):
    code, field, fix = MISTAKES[mistake]
    mistake(good)
    found = [problem for problem in errors(check_edc(good)) if problem.code == code]
    assert any(field in problem.path and fix in problem.message for problem in found)


def test_a_good_credential_has_nothing_to_mend(good):
    assert errors(check_edc(good)) == []


def test_a_skill_that_esco_does_not_know_is_named(good):
    _esco_of_elsewhere(good)
    _spec(good)["learningOutcome"][0]["relatedESCOSkill"][0]["id"] = (
        "http://data.europa.eu/esco/skill/0"
    )
    found = errors(check_edc(good, is_skill=lambda iri: False))
    assert "unknown-skill" in {problem.code for problem in found}


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"legal_name": "Other"}, "issuer.legalName"),
        ({"identifier": "VATPT-1"}, "issuer.eIDASIdentifier.notation"),
        ({"country": "ES"}, "issuer.eIDASIdentifier.spatial"),
    ],
)
def test_the_issuer_is_whom_the_certificate_names(good, changed, path):
    named = {
        "legal_name": "Universidade de Alvor",
        "identifier": "VATPT-500000000",
        "country": "PT",
    }
    assert errors(check_edc(good, seal=SealIdentity(**named))) == []
    found = errors(check_edc(good, seal=SealIdentity(**{**named, **changed})))
    assert [problem.path for problem in found] == [path]


def test_a_learner_without_a_name_is_a_remark(good):
    for term in ("givenName", "familyName", "fullName"):
        del good["credentialSubject"][term]
    remarks = [problem for problem in check_edc(good) if problem.severity == "remark"]
    assert "no-name" in {problem.code for problem in remarks}


@pytest.mark.parametrize("wrong", [None, [], "text", 3])
def test_what_is_no_object_is_refused(wrong):
    assert [problem.code for problem in check_edc(wrong)] == ["not-a-credential"]


def test_a_document_of_many_objects_is_read_once_and_its_problems_are_few(good):
    level = _spec(good)["eqfLevel"]
    _spec(good)["mode"] = [{**level, "id": f"urn:test:{place}"} for place in range(20_000)]
    found = check_edc(good)
    assert len(found) == 301
    assert found[-1].code == "and-more"


def test_many_small_files_that_unfold_into_huge_pictures_are_not_unfolded(good, png):
    first = _image(good)
    bombs = [png(6000, 6000 + extra) for extra in range(4)]
    good["attachment"] = [
        {**first, "id": f"urn:test:{place}", "content": base64.b64encode(bomb).decode()}
        for place, bomb in enumerate(bombs)
    ]
    found = [problem for problem in errors(check_edc(good)) if problem.code == "wrong-media"]
    assert [problem.path for problem in found] == ["attachment[2]", "attachment[3]"]


ODD = st.sampled_from(
    [None, True, 5, 1e300, "", "x", [], [[]], {}, [None], {"id": 5}, {"type": [3, {}]}, ["en"]]
).map(copy.deepcopy)
"""Odd values, each drawn as a copy: one object put into itself is a circle, which no JSON has."""


@settings(max_examples=30, deadline=None)
@given(ODD, st.data())
def test_an_odd_value_is_never_the_same_object_twice(first, data):
    again = data.draw(ODD)
    if isinstance(first, dict | list):
        assert again is not first


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_nothing_a_stranger_sends_breaks_the_rules_or_the_reader(good, data):
    document = copy.deepcopy(good)
    for _ in range(data.draw(st.integers(1, 4))):
        nodes = list(walk(document))
        node = data.draw(st.sampled_from(nodes))
        terms = sorted(node.value)
        if terms:
            node.value[data.draw(st.sampled_from(terms))] = data.draw(ODD)
    check_edc(document)
    attached_badge(document)
    with suppress(BadgeError):
        edc_to_ob3(document)
