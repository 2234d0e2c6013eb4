import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from badges.edc.losses import EDC_REASONS, OB3_REASONS, Fate, reason_for
from badges.edc.mapping import attached_badge, badge_losses, edc_to_ob3, ob3_to_edc
from badges.edc.missing import QUESTIONS, Need
from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.edc.shacl import check_shapes
from badges.edc.write import Page, write_edc
from badges.errors import MalformedCredential, WrongAnswer
from badges.ob3.build import build_credential

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SAMPLES = (
    "achievementAlignmentCase",
    "achievementAlignmentCe",
    "basicOpenBadgeCredential",
    "fullOpenBadge",
    "skillAssertionCase",
    "skillAssertionCtdl",
)
ANSWERS = {
    "body.country": "US",
    "issuer.country": "US",
    "issuer.legal_identifier": "NTRUS-1",
}


@pytest.fixture
def pages(png):
    return lambda _award: [Page("en", png())]


def badge_of(award):
    return build_credential(
        award,
        credential_id="urn:uuid:3f1c3c1e-0b8e-4a53-8a5e-2d8f9d3a7b10",
        issuer_did=award.awarding_body.did or "did:web:example.edu",
        valid_from=award.awarded,
    )


def kept(found, reasons):
    return [loss for loss in found if reason_for(loss.path, reasons).fate is Fate.KEPT]


@pytest.mark.parametrize("name", SAMPLES)
def test_official_badges_convert_once_the_questions_are_answered(name, shared, shapes, pages):
    badge = json.loads((shared / f"openbadges/samples/{name}.json").read_text())
    first = ob3_to_edc(badge, pages, NOW)
    needed = {one.key for one in first.missing if one.need in (Need.EUROPASS, Need.SEAL)}
    assert (first.document is None) == any(one.need is Need.EUROPASS for one in first.missing)
    answers = {key: value for key, value in ANSWERS.items() if key in needed}
    document = ob3_to_edc(badge, pages, NOW, answers=answers, is_draft=False).document
    assert check_shapes(document, shapes) == []
    assert errors(check_edc(document)) == []


def test_an_endorsement_is_no_achievement(shared, pages):
    badge = json.loads((shared / "openbadges/samples/endorsement.json").read_text())
    with pytest.raises(MalformedCredential, match="names no achievement"):
        ob3_to_edc(badge, pages, NOW)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_the_table_keeps_comes_back(name, shared, pages):
    badge = json.loads((shared / f"openbadges/samples/{name}.json").read_text())
    answers = {key: "US" for key in ("body.country", "issuer.country") if name != "fullOpenBadge"}
    there = ob3_to_edc(badge, pages, NOW, answers=answers)
    back = edc_to_ob3(there.document).document
    assert kept(badge_losses(badge, back), OB3_REASONS) == kept(there.losses, OB3_REASONS)
    lost = {loss.path for loss in kept(there.losses, OB3_REASONS)}
    assert lost <= {"credentialSubject.achievement.creator.parentOrg.name"}


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_our_badges_keep_everything_the_table_says(data, awards, pages):
    badge = badge_of(data.draw(awards))
    answers = {"quality_assurance.country": "NL"}
    open_questions = {one.key for one in ob3_to_edc(badge, pages, NOW).missing}
    answers = {key: value for key, value in answers.items() if key in open_questions}
    there = ob3_to_edc(badge, pages, NOW, answers=answers)
    back = edc_to_ob3(there.document).document
    assert kept(badge_losses(badge, back), OB3_REASONS) == []


@pytest.mark.parametrize(
    "name",
    [
        "elm-repo/Sample-MC-Annex1-signed.jsonld",
        "official/AA-Annex1-MC-unsigned.json",
        "official/Sample-CertOfPart-signed.jsonld",
        "official/Sample-MastersDegree-signed.jsonld",
        "mynextid/edc-mc-signed.jsonld",
        "mynextid/edc-dc-signed.jsonld",
    ],
)
def test_official_edc_become_badges_with_a_list_of_what_was_lost(name, sample):
    converted = edc_to_ob3(sample(name))
    assert converted.document["credentialSubject"]["achievement"]["name"]
    assert "displayParameter.individualDisplay.language.id" in {
        loss.path for loss in converted.losses
    }
    assert all(loss.because for loss in converted.losses)


def test_every_field_that_is_gone_is_named(award, issue):
    document = write_edc(award, issue())
    document["credentialSubject"]["gender"] = {"id": "urn:x", "type": "Concept"}
    paths = {loss.path for loss in edc_to_ob3(document).losses}
    assert "credentialSubject.gender.id" in paths


def test_questions_are_machine_readable_and_the_pressing_ones_come_first(award, pages):
    badge = badge_of(award)
    del badge["issuer"]["address"]
    converted = ob3_to_edc(badge, pages, NOW)
    asked = [one.to_json() for one in converted.missing]
    assert asked[0]["need"] == "europass"
    assert all(set(one) == {"key", "question", "need", "field", "choices"} for one in asked)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("eqf_level", 99),
        ("eqf_level", "high"),
        ("assessment", "guessing"),
        ("participation", ""),
        ("body.country", "Atlantis"),
        ("ects", "many"),
        ("ects", -1),
        ("isced_f", "123456"),
        ("skills", {"uri": "http://data.europa.eu/esco/skill/1"}),
        ("learner.given_name", " "),
        ("quality_assurance", {"agency": "A3ES"}),
        ("favourite_colour", "blue"),
    ],
)
def test_a_wrong_answer_names_its_question(award, pages, key, value):
    with pytest.raises(WrongAnswer, match=key):
        ob3_to_edc(badge_of(award), pages, NOW, answers={key: value})


def test_every_question_can_be_answered(award, pages):
    good = {
        **ANSWERS,
        "quality_assurance": {"agency": "A3ES", "country": "PT"},
        "quality_assurance.country": "PT",
        "learner.given_name": "Ana",
        "learner.family_name": "Andromeda",
        "ects": 3,
        "workload_hours": 75,
        "eqf_level": 6,
        "assessment": ["oral-examination", "quiz"],
        "participation": "online",
        "skills": [{"uri": "http://data.europa.eu/esco/skill/1", "label": "patience"}],
        "supervision": "supervised-with-id-verification",
        "setting": "formal",
        "isced_f": ["0619"],
    }
    assert set(good) == set(QUESTIONS)
    converted = ob3_to_edc(badge_of(award), pages, NOW, answers=good)
    assert converted.missing == ()
    assert converted.document


@pytest.mark.parametrize("wrong", [None, [], {}, {"type": "VerifiableCredential"}, "text"])
def test_what_is_no_credential_is_refused(wrong, pages):
    with pytest.raises(MalformedCredential):
        ob3_to_edc(wrong, pages, NOW)
    with pytest.raises(MalformedCredential):
        edc_to_ob3(wrong)


def test_the_attached_badge_is_found(award, issue):
    badge = json.dumps(badge_of(award)).encode()
    assert attached_badge(write_edc(award, issue(badge=badge))) == badge
    assert attached_badge(write_edc(award, issue())) is None
    assert attached_badge({"attachment": [{"content": "not base64!"}, 3]}) is None


def test_every_row_of_the_tables_has_a_reason_or_keeps():
    for table in (OB3_REASONS, EDC_REASONS):
        assert all(row.because or row.fate is Fate.KEPT for row in table.values())
