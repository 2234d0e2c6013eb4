"""The credentials that `learnseal bench` measures with: one achievement, many recipients.

Shape: an Open Badge 3.0 of about 5 kB with three ESCO skills, two pieces of evidence, two
identities and a place in a status list. Only what is the recipient's own differs.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Award,
    Evidence,
    GradingScheme,
    Identifier,
    Image,
    Learner,
    LearningOutcome,
    Mode,
    Organisation,
    QualityAssurance,
    QualityAssuranceType,
    Skill,
)
from badges.ob3.build import Facts, build_credential, write_credential
from badges.proofs.data_integrity import add_proof
from badges.status import bits
from badges.status.bitstring import build_list
from badges.status.entry import make_entry
from badges.strict_json import dumps
from badges.verify import Listing, Policy, Register
from did.document import DidDocument, KeyEntry, build
from did.public_key import Curve
from did.signer import Signer
from did.signers.memory import generate

__all__ = ["NOW", "Page", "University", "drafts", "make_award", "written_drafts"]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = "https://morgenau.example"
DID = "did:web:morgenau.example"
LIST = f"{HOME}/status/1"
ESCO = "http://data.europa.eu/esco/skill/"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the university's web server."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    fetched_at: datetime = NOW


@dataclass(frozen=True, slots=True)
class University:
    """The issuer: its key, its DID document, its status list, and the policy of a verifier."""

    signer: Signer = field(default_factory=lambda: generate(Curve.ED25519, f"{DID}#key-1"))
    document: DidDocument = field(init=False)
    policy: Policy = field(init=False)

    def __post_init__(self) -> None:
        entry = KeyEntry("key-1", self.signer.public_key)
        register = Register("Alliance", {DID: Listing(DID, "Morgenau", "AT")})
        object.__setattr__(self, "document", DidDocument(build(DID, [entry])))
        object.__setattr__(self, "policy", Policy(register=register))

    def evidence(self) -> dict[str, Page]:
        """Return what a verifier fetches: the DID document and the signed list."""
        begins, ends = NOW - timedelta(hours=1), NOW + timedelta(days=2)
        unsigned = build_list(
            LIST, DID, "revocation", bits.new(), valid_from=begins, valid_until=ends
        )
        signed = add_proof(unsigned, self.signer, "eddsa-rdfc-2022", created=NOW)
        return {
            f"{HOME}/.well-known/did.json": Page(dumps(self.document.raw)),
            LIST: Page(dumps(signed)),
        }


_UNIVERSITY = Organisation(
    legal_name="Technical University of Morgenau",
    country="AT",
    homepage=HOME,
    email="badges@morgenau.example",
    logo=f"{HOME}/logo.png",
    identifiers=(Identifier("schac", "morgenau.example"),),
    parent=Organisation("Nordlicht Alliance", "BE", homepage="https://alliance.example"),
)
_ACHIEVEMENT = Achievement(
    id=f"{HOME}/achievements/data-analysis-with-python",
    version="3",
    title={"en": "Data analysis with Python"},
    description={
        "en": "Clean, describe and plot a real data set with Python, test a claim with the right "
        "statistics, and hand over a notebook that another person can run."
    },
    creator=_UNIVERSITY,
    learning_outcomes=(
        LearningOutcome(
            {"en": "Clean and describe a data set and say what it cannot show"},
            (Skill(f"{ESCO}2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f", {"en": "data analysis"}),),
        ),
        LearningOutcome(
            {"en": "Choose and carry out a statistical test and report its result"},
            (Skill(f"{ESCO}7ee4c2ea-b349-4bd2-81a3-ec31475d4833", {"en": "statistics"}),),
        ),
        LearningOutcome(
            {"en": "Write a Python notebook that runs on another machine"},
            (Skill(f"{ESCO}ccd0a1d9-afda-43d9-b901-96344886e14d", {"en": "Python"}),),
        ),
    ),
    ects=2,
    workload_hours=54,
    eqf_level=5,
    isced_f=("0613",),
    assessments=(
        Assessment(AssessmentType.WRITTEN, {"en": "Ninety-minute supervised exam, unseen data."}),
    ),
    participation=Mode.ONLINE,
    quality_assurance=(
        QualityAssurance(
            QualityAssuranceType.INSTITUTION,
            Organisation("Quality Agency", "AT"),
            "https://agency.example/morgenau",
        ),
    ),
    grading=GradingScheme({"en": "Percentage"}, minimum=0, maximum=100, required="50"),
    homepage=f"{HOME}/micro/data-analysis-with-python",
    languages=("en",),
    image=Image(f"{HOME}/badges/data.png", {"en": "A notebook and a curve"}),
)


def make_award(number: int) -> Award:
    """Return the award of recipient `number`."""
    learner = Learner(f"Ana-{number}", f"Lima {number % 97}", email=f"ana.{number}@student.example")
    works = f"{HOME}/works/{number}"
    return Award(
        id=f"urn:uuid:{uuid.UUID(int=number)}",
        achievement=_ACHIEVEMENT,
        learner=learner,
        awarded=NOW - timedelta(days=1),
        grade=str(50 + number % 51),
        evidence=(
            Evidence("Notebook", f"{works}/notebook", narrative=f"Data set {number % 311}."),
            Evidence("Report", f"{works}/report", description="Four pages on method and limits."),
        ),
        narrative=f"Handed in on day {number % 28 + 1} of the course.",
    )


def drafts(count: int, start: int = 0) -> Iterator[dict[str, Any]]:
    """Give the unsigned badges of `count` recipients."""
    for number in range(start, start + count):
        yield build_credential(make_award(number), **_facts(number))


def written_drafts(count: int, start: int = 0) -> Iterator[bytes]:
    """Give the same badges as JSON, as the product writes them in bulk."""
    for number in range(start, start + count):
        yield write_credential(make_award(number), **_facts(number))


def _facts(number: int) -> Facts:
    return {
        "credential_id": f"urn:uuid:{uuid.UUID(int=2**122 + number)}",
        "issuer_did": DID,
        "status": make_entry(LIST, (number * 7919) % bits.MIN_ENTRIES),
        "valid_from": NOW,
    }
