"""A university, an achievement and an award that the tests of badges share."""

import struct
import zlib
from datetime import UTC, datetime

import pytest

from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Award,
    Framework,
    GradingScheme,
    Identifier,
    Image,
    Learner,
    LearningOutcome,
    LearningSetting,
    Mode,
    Organisation,
    QualityAssurance,
    QualityAssuranceType,
    ResultLevel,
    Skill,
    Stackability,
    Supervision,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SKILL = "http://data.europa.eu/esco/skill/2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f"


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def university():
    return Organisation(
        legal_name="Universitat Morgenau",
        country="AT",
        homepage="https://morgenau.example",
        email="badges@morgenau.example",
        logo="https://morgenau.example/logo.png",
        identifiers=(Identifier("schac", "morgenau.example"),),
        parent=Organisation("Nordlicht Alliance", "BE", homepage="https://alliance.example"),
    )


@pytest.fixture(scope="session")
def achievement(university):
    return Achievement(
        id="https://morgenau.example/achievements/data",
        version="2",
        title={"en": "Data analysis", "de": "Datenanalyse"},
        description={"en": "Clean and plot data.", "de": "Daten putzen."},
        creator=university,
        learning_outcomes=(
            LearningOutcome(
                {"en": "Describe a data set"},
                (Skill(SKILL, {"en": "perform data analysis"}, level="intermediate"),),
            ),
        ),
        ects=2.5,
        workload_hours=65,
        eqf_level=5,
        nqf=(Framework("NQR", "5"),),
        isced_f=("0613",),
        assessments=(
            Assessment(AssessmentType.WRITTEN, {"en": "Ninety-minute exam, 50 points pass."}),
        ),
        participation=Mode.ONLINE,
        setting=LearningSetting.NON_FORMAL,
        quality_assurance=(
            QualityAssurance(
                QualityAssuranceType.INSTITUTION,
                Organisation("Quality Agency", "AT"),
                "https://agency.example/morgenau",
            ),
        ),
        prerequisites={"en": "None."},
        supervision=Supervision.SUPERVISED_ID_VERIFIED,
        stackability=Stackability.STACKABLE,
        grading=GradingScheme(
            {"en": "Grade"}, (ResultLevel("fail"), ResultLevel("pass")), required="pass"
        ),
        further_information={"en": "https://morgenau.example/data"},
        languages=("en", "de"),
        image=Image("https://morgenau.example/badge.png", {"en": "A badge"}),
        tags=("data",),
    )


@pytest.fixture(scope="session")
def award(achievement):
    return Award(
        id="urn:uuid:00000000-0000-4000-8000-00000000aaaa",
        achievement=achievement,
        learner=Learner("Zoë", "Ångström", email="zoe@example.org"),
        awarded=NOW,
        grade="pass",
        skill_levels={SKILL: "advanced"},
    )


@pytest.fixture(scope="session")
def blank():
    """Return the smallest pictures of each kind."""

    def chunk(kind, data=b""):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    return {
        "png": b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND"),
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
    }
