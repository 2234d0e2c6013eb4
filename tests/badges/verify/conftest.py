"""A badge issued by a did:web university, its status list, and the web they live on."""

import copy
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from badges import seal
from badges.ob3.build import build_credential
from badges.status import bits as status_bits
from badges.status.bitstring import build_list
from badges.status.entry import make_entry
from badges.verify import Case, Policy, check, needs, read
from did.document import DidDocument, KeyEntry, build
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
LIST = "https://morgenau.example/status/1"
METHOD = f"{DID}#key-1"


@dataclass(frozen=True)
class Page:
    """One answer of the small web in these tests."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    fetched_at: datetime = NOW


@dataclass
class University:
    """An issuer with one key, one status list and a web server."""

    did: str = DID
    list_url: str = LIST
    signer: object = None
    pages: dict = field(default_factory=dict)
    bits: bytearray = field(default_factory=status_bits.new)

    def __post_init__(self):
        self.signer = self.signer or generate(Curve.ED25519, f"{self.did}#key-1")
        self.publish(build(self.did, [KeyEntry("key-1", self.signer.public_key)]))
        self.publish_list()

    @property
    def document(self):
        host = self.did.removeprefix("did:web:")
        return DidDocument(json.loads(self.pages[f"https://{host}/.well-known/did.json"].body))

    def publish(self, document):
        host = self.did.removeprefix("did:web:")
        self.pages[f"https://{host}/.well-known/did.json"] = Page(json.dumps(document).encode())

    def list_credential(self, **change):
        facts = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(days=2)}
        unsigned = build_list(self.list_url, self.did, "revocation", self.bits, **facts)
        return unsigned | change

    def publish_list(self, **change):
        signed = self.sign(self.list_credential(**change))
        self.pages[self.list_url] = Page(json.dumps(signed).encode())

    def sign(self, document, **options):
        return seal.data_integrity.add_proof(
            document, self.signer, options.pop("suite", seal.SUITE), created=NOW, **options
        )


@pytest.fixture
def uni():
    return University()


@pytest.fixture(scope="session")
def draft(award):
    return build_credential(
        award,
        credential_id="urn:uuid:00000000-0000-4000-8000-00000000cccc",
        issuer_did=DID,
        status=make_entry(LIST, 7),
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=365),
    )


@pytest.fixture
def badge(uni, draft):
    sealable = seal.prepare(draft, issuer_document=uni.document, method=METHOD, now=NOW)
    return seal.sign(sealable, uni.signer, created=NOW)


@pytest.fixture
def verify(uni):
    """Gather from the university's web as an edge would, and check."""

    def verify(document, *, pages=None, policy=None, now=NOW):
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        presented, evidence, asked = read(data), {}, set()
        web = uni.pages if pages is None else pages
        policy = policy or Policy()
        while todo := needs(presented, evidence, policy) - asked:
            asked |= todo
            evidence |= {url: web[url] for url in todo if url in web}
        return check(Case(presented, evidence, policy, now))

    return verify


@pytest.fixture
def copied():
    return copy.deepcopy
