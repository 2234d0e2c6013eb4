"""Every EDC made from an award passes the official shapes and every rule."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from badges.edc.rules import check_edc
from badges.edc.shacl import check_shapes
from badges.edc.write import Page, frozen, write_edc, write_upload
from badges.errors import NotExportable
from badges.proofs.x509 import SealIdentity
from tests.examples import examples

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


@pytest.mark.many
@settings(
    max_examples=examples(6, 100),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), languages=st.sampled_from([["en"], ["en", "fr"], ["pt", "en"]]))
def test_every_award_becomes_an_edc_that_both_official_shapes_and_all_rules_take(
    data, languages, awards, issue, shapes
):
    award = data.draw(awards)
    document = write_edc(award, issue(languages))
    assert check_shapes(document, shapes) == []
    assert not [found for found in check_edc(document) if found.severity == "error"]


def test_the_same_award_always_gives_the_same_bytes(award, issue):
    assert frozen(write_edc(award, issue())) == frozen(write_edc(award, issue()))


def test_an_award_without_a_grade_says_passed_in_the_languages_of_its_title(award, issue):
    claim = write_edc(award, issue())["credentialSubject"]["hasClaim"][0]
    grade = claim["provenBy"][0]["grade"]["noteLiteral"]
    assert grade == {"en": "Passed", "pt": "Aprovado"}


def test_repeated_organisations_share_one_id_and_the_issuer_has_its_own(award, issue):
    document = write_edc(award, issue())
    claim = document["credentialSubject"]["hasClaim"][0]
    bodies = [
        claim["awardedBy"]["awardingBody"][0]["id"],
        claim["provenBy"][0]["awardedBy"]["awardingBody"][0]["id"],
    ]
    assert len(set(bodies)) == 1
    assert document["issuer"]["id"] not in bodies


def test_the_signed_badge_travels_inside_with_its_id(award, issue):
    badge = b'{"id": "urn:uuid:1"}'
    document = write_edc(award, issue(badge=badge, badge_id="urn:uuid:1"))
    assert base64.b64decode(document["attachment"][0]["content"]) == badge
    assert document["identifier"][0]["notation"] == "urn:uuid:1"


def test_a_mandate_stands_as_evidence(award, issue):
    document = write_edc(award, issue(mandate="The alliance seals for its members."))
    assert document["evidence"][0]["evidenceStatement"] == "The alliance seals for its members."


def test_a_draft_needs_no_legal_identifier_and_a_sealed_one_does(award, issue):
    body = replace(award.achievement.creator, identifiers=())
    without = replace(award, achievement=replace(award.achievement, creator=body))
    draft = write_edc(without, issue(is_draft=True))
    assert "eIDASIdentifier" not in draft["issuer"]
    wrapped = write_upload(draft, "ana@example.edu")
    assert wrapped["deliveryDetails"] == {"deliveryAddress": ["ana@example.edu"]}
    with pytest.raises(NotExportable, match="eIDASIdentifier"):
        write_edc(without, issue())


def test_the_seal_certificate_must_name_the_issuer(award, issue):
    seal = SealIdentity("Someone Else", "VATPT-1", "PT")
    with pytest.raises(NotExportable, match="seal certificate says 'Someone Else'") as refused:
        write_edc(award, issue(seal=seal))
    assert {problem.path for problem in refused.value.problems} == {
        "issuer.legalName",
        "issuer.eIDASIdentifier.notation",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"isced_f": ("123456",)}, "ISCED-F.*not in the list"),
        ({"workload_hours": 1e30}, "not a duration|workload"),
        ({"criteria_url": "not a url"}, "full address"),
    ],
)
def test_what_europass_would_refuse_names_the_field(award, issue, change, says):
    wrong = replace(award, achievement=replace(award.achievement, **change))
    with pytest.raises(NotExportable, match=says):
        write_edc(wrong, issue())


def test_a_body_without_a_country_is_sent_back(award, issue):
    body = replace(award.achievement.creator, country="")
    wrong = replace(award, achievement=replace(award.achievement, creator=body))
    with pytest.raises(NotExportable, match="organisation → country"):
        write_edc(wrong, issue())


def test_a_credential_without_pages_or_with_a_broken_one_is_sent_back(award, issue, png):
    with pytest.raises(NotExportable, match="page"):
        write_edc(award, issue(pages=[]))
    with pytest.raises(NotExportable, match="cannot be read as a picture"):
        write_edc(award, issue(pages=[Page("en", png()[:20])]))


def test_a_huge_picture_is_sent_back(award, issue, png):
    with pytest.raises(NotExportable, match="pixels; make it smaller"):
        write_edc(award, issue(pages=[Page("en", png(9000, 6000))]))
    with pytest.raises(NotExportable, match="smaller than 5 MB"):
        write_edc(award, issue(pages=[Page("en", png() + bytes(6 * 2**20))]))


def test_the_document_is_plain_json(award, issue):
    document = write_edc(award, issue())
    assert json.loads(frozen(document)) == document
