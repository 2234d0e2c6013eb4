"""A university with a badge, its small web, and a verify page that looks at both."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from badges import seal
from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Award,
    Learner,
    LearningOutcome,
    Organisation,
    Skill,
    Supervision,
)
from badges.ob3.build import build_credential
from badges.status import bits as status_bits
from badges.status.bitstring import build_list
from badges.status.entry import make_entry
from badges.verify import Listing, Policy, Register
from did.document import KeyEntry, build
from did.fetch import Fetched
from did.public_key import Curve
from did.signers.memory import generate
from issuer.db import session
from issuer.verify import api, bulk_api, bulk_pages, pages, question, resolver_api
from issuer.verify.sources import Verifier
from issuer.web import assets, problems
from issuer.web.security import Guard

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
NAME = "University of Morgenau"
DOCUMENT = "https://morgenau.example/.well-known/did.json"
LIST = "https://morgenau.example/status/1"
ESCO = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"


class Inline:
    """A pool without processes: answers in this one."""

    async def ask(self, request):
        return question.answer(request)


@dataclass
class Web:
    """The documents there are, and who is trusted."""

    found: dict = field(default_factory=dict)
    register: Register = field(default_factory=lambda: Register("", {}))
    asked: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    explained: dict = field(default_factory=dict)

    def put(self, url, value, status=200):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.found[url] = Fetched(url, status, "application/json", {}, body, NOW)

    async def documents(self, urls):
        wanted = sorted(urls)
        self.asked += wanted
        return {url: self.found[url] for url in wanted if url in self.found}

    async def known_keys(self, issuers):
        return {issuer: self.known[issuer] for issuer in issuers if issuer in self.known}

    async def remember(self, seen):
        for issuer, one in seen.items():
            self.known[issuer] = self.known.get(issuer, frozenset()) | set(one.keys)
            self.explained[issuer] = one.is_explained

    def policy(self):
        return Policy(register=self.register)


class University:
    """An issuer with one key, one status list and a place in the register."""

    def __init__(self):
        self.signer = generate(Curve.ED25519, f"{DID}#key-1")
        self.raw = build(DID, [KeyEntry("key-1", self.signer.public_key)])
        self.bits = status_bits.new()
        self.web = Web(register=Register("The alliance", {DID: Listing(DID, NAME)}))
        self.web.put(DOCUMENT, self.raw)
        self.publish()

    def publish(self):
        valid = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(days=2)}
        unsigned = build_list(LIST, DID, "revocation", self.bits, **valid)
        self.web.put(LIST, self.sign(unsigned))

    def revoke(self, index=7):
        self.bits[index // 8] |= 0x80 >> index % 8
        self.publish()

    def sign(self, document):
        return seal.data_integrity.add_proof(document, self.signer, seal.SUITE, created=NOW)

    def badge(self, *, title="Water challenge", learner="Zoë Ångström", **change):
        """Award and sign one badge; what is changed is signed too."""
        home = Organisation(NAME, country="DE", homepage="https://morgenau.example")
        skill = Skill(ESCO, {"en": "Python"}, level="advanced")
        achievement = Achievement(
            id="https://morgenau.example/achievements/water",
            version="1",
            title={"en": title},
            description={"en": "Sensors in rivers."},
            creator=home,
            learning_outcomes=(LearningOutcome({"en": "Reads sensors"}, skills=(skill,)),),
            ects=3,
            eqf_level=6,
            assessments=(
                Assessment(AssessmentType.WRITTEN, supervision=Supervision.SUPERVISED_ID_VERIFIED),
            ),
            criteria={"en": "Build one sensor."},
        )
        award = Award("urn:uuid:1", achievement, Learner(full_name=learner), NOW, grade="A")
        draft = build_credential(
            award,
            credential_id="urn:uuid:00000000-0000-4000-8000-00000000cccc",
            issuer_did=DID,
            status=make_entry(LIST, 7),
            valid_from=NOW - timedelta(days=1),
        )
        return self.sign(draft | change)


@pytest.fixture
def uni():
    return University()


@pytest.fixture
def client(uni, sqlite_model):
    """The verify page of a service that sees only the university's web; its store is empty."""
    engine = session.engine(f"sqlite:///{sqlite_model}")
    yield make_client(Inline(), uni.web, engine)
    engine.dispose()


def make_client(pool, web, engine=None):
    app = FastAPI()
    settings = SimpleNamespace(origin="https://badges.example")
    app.state.instance = SimpleNamespace(now=lambda: NOW, settings=settings, engine=engine)
    app.state.verifier = Verifier(pool, web)
    rooms = (pages, api, bulk_pages, bulk_api, resolver_api, assets)
    for router in (room.router for room in rooms):
        app.include_router(router)
    problems.install(app)
    app.add_middleware(Guard)
    return TestClient(app, raise_server_exceptions=False)
