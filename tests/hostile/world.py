"""A small web of honest issuers and thieves, from which hostile files are made.

Everything is made when it is asked for, with keys of this run: the web is a table of documents,
a case is one file with the verdicts it may get.
"""

import base64
import copy
import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Award,
    Learner,
    LearningOutcome,
    Organisation,
)
from badges.ob3.build import build_credential
from badges.ob3.vcdm_1 import to_vcdm_1
from badges.proofs import data_integrity, vc_jwt
from badges.status import bits as status_bits
from badges.status.bitstring import build_list
from badges.status.entry import make_entry
from did.document import KeyEntry, build
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
VALID = frozenset({"valid"})
REFUSED = frozenset({"not_valid", "could_not_check"})
NEVER_VALID = REFUSED | {"genuine_with_remarks"}
"""For what is genuine, but of which something must be said: expired, suspended, badly endorsed."""

LEARNER = "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME"
REVOKED, CLEAR = 1_000, 1_001


def stamp(**shift):
    return (NOW + timedelta(**shift)).strftime("%Y-%m-%dT%H:%M:%SZ")


def b64(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(document):
    return document if isinstance(document, bytes) else json.dumps(document).encode()


def at(document, path):
    for step in path:
        document = document[step]
    return document


def edited(document, path, value):
    """A copy of `document` with another value at `path`."""
    made = copy.deepcopy(document)
    at(made, path[:-1])[path[-1]] = value
    return made


def without(document, path):
    """A copy of `document` that lacks what is at `path`."""
    made = copy.deepcopy(document)
    del at(made, path[:-1])[path[-1]]
    return made


def with_proof(document, **change):
    """A copy of `document` whose first proof says something else."""
    first, *rest = document["proof"]
    proof = {name: value for name, value in (first | change).items() if value is not ...}
    return {**document, "proof": [proof, *rest]}


@dataclass(frozen=True)
class Page:
    """One answer of the web."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    fetched_at: datetime = NOW


@dataclass(frozen=True)
class Hostile:
    """One file, and the verdicts it may get."""

    name: str
    data: bytes
    allowed: frozenset = REFUSED
    suffix: str = "json"


@dataclass
class Issuer:
    """One did:web with a key of each kind and a status list."""

    world: "World"
    host: str
    keys: dict = field(default_factory=dict)
    number: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        curves = {"ed": Curve.ED25519, "p256": Curve.P256, "p384": Curve.P384}
        for name, curve in curves.items():
            self.keys[name] = generate(curve, f"{self.did}#{name}")
        self.publish(self.did_document())
        bits = status_bits.new()
        status_bits.write(bits, REVOKED, 1)
        for purpose in ("revocation", "suspension"):
            self.world.put(self.list_url(purpose), self.sign(self.list(purpose, bits)))

    @property
    def did(self):
        return f"did:web:{self.host}"

    def list_url(self, name="revocation"):
        return f"https://{self.host}/status/{name}"

    def did_document(self, **change):
        entries = [KeyEntry(name, signer.public_key) for name, signer in self.keys.items()]
        return build(self.did, entries) | change

    def publish(self, document):
        self.world.put(f"https://{self.host}/.well-known/did.json", document)

    def list(self, purpose="revocation", bits=None, url=None, **change):
        facts = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(days=2)}
        bits = status_bits.new() if bits is None else bits
        return build_list(url or self.list_url(purpose), self.did, purpose, bits, **facts) | change

    def entry(self, index=CLEAR, purpose="revocation", url=None):
        return make_entry(url or self.list_url(purpose), index, purpose)

    def draft(self, index=CLEAR, **change):
        """An unsigned badge; what is `...` is left out."""
        made = self.world.draft(self) | {"credentialStatus": self.entry(index)} | change
        made = {name: value for name, value in made.items() if value is not ...}
        return copy.deepcopy(made)

    def old_draft(self, index=CLEAR, **change):
        """The same in the words of the first data model."""
        change = {{"validFrom": "issuanceDate", "validUntil": "expirationDate"}.get(k, k): v
                  for k, v in change.items()}  # fmt: skip
        made = to_vcdm_1(self.draft(index)) | change
        return {name: value for name, value in made.items() if value is not ...}

    def sign(self, document, suite="eddsa-rdfc-2022", key=None, method=None, **options):
        key = key or ("p256" if suite.startswith("ecdsa") else "ed")
        signer = self.keys[key] if isinstance(key, str) else key
        signer = replace(signer, verification_method=method) if method else signer
        options = {"created": NOW} | options
        return data_integrity.add_proof(document, signer, suite, **options)

    def badge(self, suite="eddsa-rdfc-2022", index=CLEAR, key=None, **change):
        return self.sign(self.draft(index, **change), suite, key)

    def token(self, typ=vc_jwt.OPEN_BADGE, key="ed", draft=None):
        return vc_jwt.create(draft or self.draft(), self.keys[key], typ=typ)

    def raw_token(self, header, payload, key="ed"):
        """A token over anything at all, which our own writers would refuse to make."""
        text = f"{b64(header)}.{b64(payload)}"
        signer = self.keys[key] if isinstance(key, str) else key
        return f"{text}.{b64(signer.sign(text.encode()))}"


@dataclass
class World:
    """The web, its honest university and a thief with a web site of his own."""

    pages: dict = field(default_factory=dict)
    hosts: itertools.count = field(default_factory=itertools.count)
    drafts: dict = field(default_factory=dict)

    def __post_init__(self):
        self.uni = Issuer(self, "morgenau.example")
        self.thief = Issuer(self, "evil.example")

    def put(self, url, value, **facts):
        self.pages[url] = Page(encode(value), **facts)

    def issuer(self):
        """One more honest issuer, whose web site a case may spoil."""
        return Issuer(self, f"uni-{next(self.hosts)}.example")

    def draft(self, issuer):
        if issuer.host not in self.drafts:
            self.drafts[issuer.host] = build_credential(
                _award(issuer.host),
                credential_id=f"https://{issuer.host}/credentials/1",
                issuer_did=issuer.did,
                status=None,
                valid_from=NOW - timedelta(days=1),
                valid_until=NOW + timedelta(days=365),
            )
        return self.drafts[issuer.host]


def _award(host):
    achievement = Achievement(
        id=f"https://{host}/achievements/data",
        version="1",
        title={"en": "Data analysis"},
        description={"en": "Clean and plot data."},
        creator=Organisation("Universitat Morgenau", country="AT", homepage=f"https://{host}"),
        learning_outcomes=(LearningOutcome({"en": "Describe a data set"}),),
        ects=2.5,
        eqf_level=5,
        assessments=(Assessment(AssessmentType.WRITTEN),),
        criteria={"en": "Pass the exam."},
    )
    learner = Learner("Zoë", "Ångström", email="zoe@example.org")
    return Award("urn:uuid:00000000-0000-4000-8000-00000000aaaa", achievement, learner, NOW)
