"""What strangers send to break us costs a worker at most, and nobody else anything."""

import asyncio
import json
from datetime import UTC, datetime
from itertools import combinations

import pytest

from badges.verify import Policy
from issuer.errors import CheckAborted
from issuer.verify.pool import Limits, Pool
from issuer.verify.service import verify
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission

DID = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


class Nothing:
    async def documents(self, urls):
        return {}

    async def known_keys(self, issuers):
        return {}

    async def remember(self, seen):
        pass

    def policy(self):
        return Policy()


@pytest.fixture(scope="module")
def pool():
    made = Pool(size=1, limits=Limits(seconds=8.0))
    yield made
    made.close()


def check(pool, *documents):
    verifier = Verifier(pool, Nothing())

    async def all_of_them():
        checks = (verify(verifier, Submission(document), NOW) for document in documents)
        return await asyncio.gather(*checks, return_exceptions=True)

    return asyncio.run(all_of_them())


def clique(size):
    """Nameless objects that all know each other: no way to tell them apart but trying."""
    related = {n: [] for n in range(size)}
    for one, other in combinations(range(size), 2):
        related[one].append({"type": ["Related"], "id": f"_:b{other}"})
        related[other].append({"type": ["Related"], "id": f"_:b{one}"})
    achievements = [
        {"id": f"_:b{n}", "type": ["Achievement"], "related": members}
        for n, members in related.items()
    ]
    return credential(credentialSubject=[{"achievement": one} for one in achievements])


def credential(**members):
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-01T00:00:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": f"{DID}#{DID[8:]}",
        "proofValue": "z" + "1" * 64,
    }
    whole = {
        "@context": CONTEXTS,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": DID,
        "proof": proof,
        **members,
    }
    return json.dumps(whole).encode()


POISON = {
    "clique of 12": clique(12),
    "clique of 20": clique(20),
    "50,000 subjects": credential(credentialSubject=[{"id": f"urn:x:{n}"} for n in range(50_000)]),
    "50,000 nameless": credential(evidence=[{"type": ["Evidence"]}] * 50_000),
    "deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "many digits": b'{"a": ' + b"9" * 100_000 + b"}",
    "long text": credential(name="x" * 2_900_000),
    "many contexts": credential(**{"@context": CONTEXTS * 10_000}),
    "not text": bytes(range(256)) * 1000,
    "tildes": b"~" * 1_000_000,
    "dots": b"." * 1_000_000,
}


@pytest.mark.parametrize("case", POISON)
def test_poison_gets_an_answer_and_the_next_one_is_served(pool, case):
    poisoned, honest = check(pool, POISON[case], b"{}")
    if not isinstance(poisoned, CheckAborted):
        assert poisoned.report["verdict"] in {"not_valid", "could_not_check"}
    assert honest.report["verdict"] == "not_valid"
