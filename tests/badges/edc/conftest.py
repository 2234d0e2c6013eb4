"""Official samples and shapes, and every kind of award an office may make."""

import base64
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from PIL import Image as Picture

from badges import award as model
from badges.edc.rules import CONTEXTS
from badges.edc.shacl import read_shapes
from badges.edc.write import Issue, Page
from contexts.codes import code_list


def _png(width=4, height=3):
    out = io.BytesIO()
    Picture.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()


PNG = _png()
LOGO = "data:image/png;base64," + base64.b64encode(PNG).decode()

DQR_6 = model.Framework("DQR", "6", "http://data.europa.eu/snb/qdr/c_6919ed25")

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
    nqf=few(st.sampled_from([DQR_6, model.Framework("Elsewhere", "9")])),
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


@pytest.fixture(scope="session", name="awards")
def every_award():
    return awards


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


@pytest.fixture(scope="session")
def png():
    return _png


@pytest.fixture(scope="session")
def issue():
    def facts(languages=("en",), **changes):
        known = {
            "credential_id": "urn:credential:3f1c3c1e-0b8e-4a53-8a5e-2d8f9d3a7b10",
            "issued": datetime(2026, 11, 23, 10, tzinfo=UTC),
            "pages": [Page(language, PNG) for language in languages],
            **changes,
        }
        return Issue(**known)

    return facts


def credential_in(path):
    """The credential in a sample: sealed, wrapped for upload, or plain."""
    document = json.loads(path.read_text())
    if "payload" in document:
        return json.loads(document["payload"])
    if "credential" in document:
        return {"@context": list(CONTEXTS), **document["credential"]}
    return document


@pytest.fixture(scope="session")
def sample(shared):
    def read(name):
        return credential_in(shared / "edc/samples" / name)

    return read


@pytest.fixture(scope="session")
def shapes(shared):
    pytest.importorskip("pyshacl")
    folder = shared / "edc"
    names = ("EDC-generic-full.ttl", "EDC-generic-no-cv.ttl")
    contexts = ("credentials-v1.jsonld", "edc-ap-context.jsonld")
    return read_shapes(
        [(folder / "shapes" / name).read_text() for name in names],
        [json.loads((folder / "context" / name).read_text()) for name in contexts],
    )
