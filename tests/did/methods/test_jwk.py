"""did:jwk: the JWK is the document, strictly decoded."""

import base64
import json
from datetime import UTC, datetime

import pytest

from did.document import DidDocument
from did.errors import InvalidDid, InvalidRelationship
from did.jwk import to_jwk
from did.methods import jwk
from did.public_key import Curve
from did.signers import memory

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def spell(value) -> str:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return "did:jwk:" + base64.urlsafe_b64encode(body).rstrip(b"=").decode()


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_its_one_key_is_called_0(curve):
    key = memory.generate(curve).public_key
    did = spell(to_jwk(key) | {"alg": "x"})
    assert jwk.location(did) is None
    document = DidDocument(jwk.read(did))
    assert document.authorised(f"{did}#0", "assertionMethod", NOW).public_key == key


def test_a_key_for_encryption_may_not_sign():
    did = spell(to_jwk(memory.generate(Curve.P256).public_key) | {"use": "enc"})
    with pytest.raises(InvalidRelationship):
        DidDocument(jwk.read(did)).authorised(f"{did}#0", "assertionMethod", NOW)


GOOD = to_jwk(memory.from_seed(Curve.P256, b"\1" * 32).public_key)


@pytest.mark.parametrize(
    "did",
    [
        "did:jwk:",
        "did:key:z6Mk",
        spell(GOOD) + "=",
        spell(GOOD) + "#0",
        spell(GOOD) + ".",
        spell(GOOD)[:-1],
        spell(b""),
        spell(b"\xff"),
        spell([]),
        spell("x"),
        spell({}),
        spell({**GOOD, "d": "AA"}),
        spell({**GOOD, "kty": "RSA"}),
        spell(json.dumps(GOOD)[:-1].encode() + b', "x": "AA"}'),
        spell({**GOOD, "y": GOOD["x"]}),
    ],
)
def test_what_is_not_a_public_key_is_refused(did):
    with pytest.raises(InvalidDid):
        jwk.read(did)
