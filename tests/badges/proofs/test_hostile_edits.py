"""Random edits of signed badges: each is refused with an error of ours, and none verifies."""

import copy
import random
from datetime import UTC, datetime

import pytest

from badges.errors import BadgeError
from badges.proofs import data_integrity
from badges.proofs.context_check import check_contexts
from did.public_key import Curve
from did.signers import memory
from tests.badges.proofs.test_canon import BADGE

KEYS = {
    "eddsa-rdfc-2022": memory.from_seed(Curve.ED25519, bytes(range(32))),
    "eddsa-jcs-2022": memory.from_seed(Curve.ED25519, bytes(range(32))),
    "ecdsa-rdfc-2019": memory.from_seed(Curve.P256, bytes(range(1, 33))),
}
ODD_VALUES = (
    None,
    True,
    -1,
    1e300,
    "",
    "@id",
    "_:b0",
    "https://a/b c",
    [],
    {},
    [[]],
    [None],
    {"@value": "x"},
    {"@value": None},
    {"@id": "urn:x"},
    {"@list": [1]},
    {"@set": []},
    {"id": 5},
    {"@context": "https://www.w3.org/ns/credentials/v2"},
    {"@value": {"a": 1}, "@type": "@json"},
    {"@language": "en", "@value": 5},
    {"@graph": []},
    "https://www.w3.org/2018/credentials#validUntil",
)
ODD_KEYS = (
    "@id",
    "@type",
    "@context",
    "@graph",
    "@included",
    "@nest",
    "@reverse",
    "@value",
    "@json",
    "@index",
    "@none",
    "validUntil",
    "credentialStatus",
    "previousProof",
    "nonce",
    "domain",
    "__proto__",
    "",
    "_:x",
    "https://www.w3.org/2018/credentials#validUntil",
)


def parents(value):
    if isinstance(value, dict | list) and value:
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from parents(item)


def disturb(document, chance):
    """One to three hostile edits anywhere."""
    for _ in range(chance.randint(1, 3)):
        place = chance.choice(list(parents(document)))
        if isinstance(place, list):
            key = chance.randrange(len(place))
        else:
            key = chance.choice([*place, *ODD_KEYS])
        value = chance.choice([*ODD_VALUES, chance.choice(list(parents(document)))])
        place[key] = copy.deepcopy(value)
    return document


@pytest.mark.parametrize("seed", range(150))
def test_no_hostile_edit_verifies(seed):
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    suite = chance.choice(sorted(KEYS))
    created = datetime(2026, 1, 1, tzinfo=UTC)
    secured = data_integrity.add_proof(BADGE, KEYS[suite], suite, created=created)
    edited = disturb(copy.deepcopy(secured), chance)
    if edited == secured:
        return
    with pytest.raises(BadgeError):
        check(edited, KEYS[suite].public_key)


def check(document, key):
    """What a verifier does with the proofs of a document."""
    for proof in data_integrity.split(document)[1]:
        data_integrity.verify_proof(document, proof, key)
    check_contexts(document)
