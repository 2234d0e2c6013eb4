"""Every EDC made from an award passes the official shapes and every rule."""

import base64
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from badges import award as model
from badges.edc.rules import check_edc
from badges.edc.shacl import check_shapes
from badges.edc.write import Issue, NotExportable, Page, frozen, write_edc, write_upload
from badges.proofs.x509 import SealIdentity
from contexts.codes import code_list

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


def _png(width=4, height=3):
    out = io.BytesIO()
    Picture.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


PNG = _png()
LOGO = "data:image/png;base64," + base64.b64encode(PNG).decode()

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
).filter(str.strip)
said = st.dictionaries(st.sampled_from(["en", "fr", "pt-BR", "EN"]), words, min_size=1, max_size=3)
maybe_said = st.one_of(st.just({}), said)
urls = st.sampled_from(["https://example.edu/a", "https://example.edu/b?c=1#d"])
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
moments = st.integers(0, 10**9).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
amounts = st.floats(0.1, 900).map(lambda value: round(value, 2))
organisations = st.builds(
    model.Organisation,
    legal_name=words,
    country=st.sampled_from(["NL", "PT", "GR", "XK"]),
    did=st.one_of(st.none(), st.just("did:web:example.edu:o:hello")),
    names=maybe_said,
    identifiers=st.lists(
        st.builds(
            model.Identifier, st.sampled_from(["vat", "VAT", "ror", "eidas", "schac"]), words
        ),
        max_size=3,
    ).map(tuple),
    homepage=st.one_of(st.none(), urls),
    logo=st.sampled_from([None, LOGO, "https://example.edu/logo.png", "data:text/html,x"]),
    email=st.sampled_from([None, "a@example.edu", "o'neil+tag@example.edu"]),
    address=st.dictionaries(st.just("streetAddress"), words, max_size=1),
).map(
    lambda org: replace(org, identifiers=(*org.identifiers, model.Identifier("eidas", "VATNL-1")))
)
nested = st.builds(lambda org, parent: replace(org, parent=parent), organisations, organisations)
skills = st.builds(
    model.Skill,
    uri=st.sampled_from(
        [
            "http://data.europa.eu/esco/skill/326809fc-238d-40c2-881e-40042f7f2f0d",
            "http://data.europa.eu/esco/skill/80f308e6-0e09-404a-80cd-ec5f50f6f304",
            "https://example.org/skills/1",
        ]
    ),
    label=st.just({"en": "a skill"}),
    level=st.one_of(st.none(), words),
)


def few(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


achievements = st.builds(
    model.Achievement,
    id=st.just("https://example.edu/achievements/1"),
    version=words,
    title=said,
    description=said,
    creator=organisations,
    awarding_bodies=few(nested),
    learning_outcomes=few(
        st.builds(
            model.LearningOutcome,
            title=said,
            skills=few(skills).map(lambda found: tuple({s.uri: s for s in found}.values())),
            description=maybe_said,
        )
    ),
    ects=st.one_of(st.none(), amounts),
    workload_hours=st.one_of(st.none(), amounts),
    eqf_level=st.one_of(st.none(), st.integers(1, 8)),
    nqf=few(st.sampled_from([model.Framework("DQR", "6"), model.Framework("Elsewhere", "9")])),
    cycle=st.sampled_from([None, "first"]),
    isced_f=few(st.sampled_from(sorted(code_list("isced-f").codes))),
    assessments=few(
        st.builds(
            model.Assessment,
            type=st.sampled_from(model.AssessmentType),
            criteria=maybe_said,
            title=maybe_said,
            mode=st.one_of(st.none(), st.sampled_from(model.Mode)),
            supervision=st.one_of(st.none(), st.sampled_from(model.Supervision)),
        )
    ),
    criteria=maybe_said,
    criteria_url=st.one_of(st.none(), urls),
    participation=st.one_of(st.none(), st.sampled_from(model.Mode)),
    setting=st.one_of(st.none(), st.sampled_from(model.LearningSetting)),
    opportunity=st.one_of(st.none(), st.sampled_from(model.OpportunityType)),
    quality_assurance=few(
        st.builds(
            model.QualityAssurance,
            type=st.sampled_from(model.QualityAssuranceType),
            body=organisations,
            url=st.one_of(st.none(), urls),
            title=maybe_said,
        )
    ),
    prerequisites=maybe_said,
    supervision=st.one_of(st.none(), st.sampled_from(model.Supervision)),
    stackability=st.one_of(st.none(), st.sampled_from(model.Stackability)),
    stacks_into=few(urls),
    grading=st.one_of(
        st.none(),
        st.builds(
            model.GradingScheme,
            name=said,
            levels=few(st.builds(model.ResultLevel, value=words)),
            minimum=st.one_of(st.none(), amounts),
        ),
    ),
    further_information=maybe_said,
    homepage=st.one_of(st.none(), urls),
    languages=few(st.sampled_from(["en", "pt-BR", "mul", "ga"])),
    validity=st.one_of(st.none(), st.just(timedelta(days=730))),
    tags=few(words),
)
awards = st.builds(
    model.Award,
    id=st.just("urn:uuid:3f1c3c1e-0b8e-4a53-8a5e-2d8f9d3a7b10"),
    achievement=achievements,
    learner=st.builds(
        model.Learner,
        given_name=words,
        family_name=words,
        email=st.sampled_from([None, "ana@example.edu"]),
        birth_date=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2015, 1, 1))),
        did=st.sampled_from([None, "did:key:z6Mkabc"]),
        identifiers=st.dictionaries(st.just("studentId"), words, max_size=1),
    ),
    awarded=moments,
    issuer=st.one_of(st.none(), organisations),
    grade=st.one_of(st.none(), words),
    credits_earned=st.one_of(st.none(), amounts),
    activity_start=st.one_of(st.none(), moments),
    activity_end=st.one_of(st.none(), moments),
    evidence=few(
        st.builds(model.Evidence, name=words, url=st.one_of(st.none(), urls), narrative=st.just(""))
    ),
    narrative=st.one_of(st.just(""), words),
    language=st.sampled_from(["en", "fr", "pt-BR"]),
)


def issue(**changes):
    facts = {
        "credential_id": "urn:credential:3f1c3c1e-0b8e-4a53-8a5e-2d8f9d3a7b10",
        "issued": datetime(2026, 11, 23, 10, tzinfo=UTC),
        "pages": [Page("en", PNG)],
        **changes,
    }
    return Issue(**facts)


@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(award=awards, languages=st.sampled_from([["en"], ["en", "fr"], ["pt", "en"]]))
def test_every_award_becomes_an_edc_that_both_official_shapes_and_all_rules_take(
    award, languages, shapes
):
    document = write_edc(award, issue(pages=[Page(language, PNG) for language in languages]))
    assert check_shapes(document, shapes) == []
    assert not [found for found in check_edc(document) if found.severity == "error"]


@pytest.fixture
def award():
    body = model.Organisation(
        "Universidade de Alvor",
        "PT",
        identifiers=(model.Identifier("eidas", "VATPT-500000000"),),
        homepage="https://alvor.example/",
        logo=LOGO,
        parent=model.Organisation("Northlight University Alliance", "BE"),
    )
    achievement = model.Achievement(
        id="https://alvor.example/achievements/ai",
        version="1",
        title={"en": "Principles of AI", "pt": "Princípios de IA"},
        description={"en": "How machines learn."},
        creator=body,
        ects=3,
        workload_hours=75,
        eqf_level=6,
        isced_f=("0619",),
        assessments=(model.Assessment(model.AssessmentType.PROJECT),),
        participation=model.Mode.ONLINE,
        validity=timedelta(days=365),
    )
    return model.Award(
        id="urn:uuid:3f1c3c1e-0b8e-4a53-8a5e-2d8f9d3a7b10",
        achievement=achievement,
        learner=model.Learner("Ana", "Andromeda", email="ana@example.edu"),
        awarded=datetime(2026, 6, 1, 12, tzinfo=UTC),
    )


def test_the_same_award_always_gives_the_same_bytes(award):
    assert frozen(write_edc(award, issue())) == frozen(write_edc(award, issue()))


def test_an_award_without_a_grade_says_passed_in_the_languages_of_its_title(award):
    claim = write_edc(award, issue())["credentialSubject"]["hasClaim"][0]
    grade = claim["provenBy"][0]["grade"]["noteLiteral"]
    assert grade == {"en": "Passed", "pt": "Aprovado"}


def test_repeated_organisations_share_one_id_and_the_issuer_has_its_own(award):
    document = write_edc(award, issue())
    claim = document["credentialSubject"]["hasClaim"][0]
    bodies = [
        claim["awardedBy"]["awardingBody"][0]["id"],
        claim["provenBy"][0]["awardedBy"]["awardingBody"][0]["id"],
    ]
    assert len(set(bodies)) == 1
    assert document["issuer"]["id"] not in bodies


def test_the_signed_badge_travels_inside_with_its_id(award):
    badge = b'{"id": "urn:uuid:1"}'
    document = write_edc(award, issue(badge=badge, badge_id="urn:uuid:1"))
    assert base64.b64decode(document["attachment"][0]["content"]) == badge
    assert document["identifier"][0]["notation"] == "urn:uuid:1"


def test_a_mandate_stands_as_evidence(award):
    document = write_edc(award, issue(mandate="The alliance seals for its members."))
    assert document["evidence"][0]["evidenceStatement"] == "The alliance seals for its members."


def test_a_draft_needs_no_legal_identifier_and_a_sealed_one_does(award):
    body = replace(award.achievement.creator, identifiers=())
    without = replace(award, achievement=replace(award.achievement, creator=body))
    draft = write_edc(without, issue(is_draft=True))
    assert "eIDASIdentifier" not in draft["issuer"]
    wrapped = write_upload(draft, "ana@example.edu")
    assert wrapped["deliveryDetails"] == {"deliveryAddress": ["ana@example.edu"]}
    with pytest.raises(NotExportable, match="eIDASIdentifier"):
        write_edc(without, issue())


def test_the_seal_certificate_must_name_the_issuer(award):
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
def test_what_europass_would_refuse_names_the_field(award, change, says):
    wrong = replace(award, achievement=replace(award.achievement, **change))
    with pytest.raises(NotExportable, match=says):
        write_edc(wrong, issue())


def test_a_body_without_a_country_is_sent_back(award):
    body = replace(award.achievement.creator, country="")
    wrong = replace(award, achievement=replace(award.achievement, creator=body))
    with pytest.raises(NotExportable, match="organisation → country"):
        write_edc(wrong, issue())


def test_a_credential_without_pages_or_with_a_broken_one_is_sent_back(award):
    with pytest.raises(NotExportable, match="page"):
        write_edc(award, issue(pages=[]))
    with pytest.raises(NotExportable, match="cannot be read as a picture"):
        write_edc(award, issue(pages=[Page("en", PNG[:20])]))


def test_a_huge_picture_is_sent_back(award):
    with pytest.raises(NotExportable, match="pixels; make it smaller"):
        write_edc(award, issue(pages=[Page("en", _png(9000, 6000))]))
    with pytest.raises(NotExportable, match="smaller than 5 MB"):
        write_edc(award, issue(pages=[Page("en", PNG + bytes(6 * 2**20))]))


def test_the_document_is_plain_json(award):
    document = write_edc(award, issue())
    assert json.loads(frozen(document)) == document
