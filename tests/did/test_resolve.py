"""Resolving: each method reads its own, and nothing comes from nowhere."""

import json
from datetime import UTC, datetime

import pytest

from did.document import KeyEntry, build
from did.errors import (
    DidDocumentIdMismatch,
    DidNotFound,
    InvalidDid,
    InvalidDidDocument,
    MethodNotSupported,
)
from did.public_key import Curve
from did.resolve import location, resolve
from did.signers import memory

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DID = "did:web:uni.example"
URL = "https://uni.example/.well-known/did.json"


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_a_did_key_resolves_by_itself_and_its_key_may_assert(curve):
    signer = memory.generate(curve)
    did = signer.verification_method.split("#")[0]

    assert location(did) is None
    method = resolve(did, {}).authorised(signer.verification_method, "assertionMethod", NOW)

    assert method.public_key.verify(signer.sign(b"message"), b"message")


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_a_did_web_resolves_from_what_was_fetched(curve):
    signer = memory.generate(curve, f"{DID}#key-1")
    body = json.dumps(build(DID, [KeyEntry("key-1", signer.public_key)])).encode()

    document = resolve(DID, {location(DID): body})

    method = document.authorised(f"{DID}#key-1", "assertionMethod", NOW)
    assert method.public_key == signer.public_key


def test_a_did_web_that_was_not_fetched_is_not_found():
    with pytest.raises(DidNotFound):
        resolve(DID, {"https://uni.example/did.json": b"{}"})


def test_the_document_of_another_did_is_refused():
    with pytest.raises(DidDocumentIdMismatch):
        resolve(DID, {URL: b'{"id": "did:web:other.example"}'})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b"\xff\xfe",
        b'{"id": "did:web:uni.example", "id": "did:web:uni.example"}',
        b'{"id": "did:web:uni.example", "x": NaN}',
        b'{"a":' * 100_000,
        b'\xef\xbb\xbf{"id": "did:web:uni.example"}',
        b'{"id": "did:web:uni.example", "verificationMethod": {}}',
        b'{"id": "did:web:uni.example", "assertionMethod": "did:web:uni.example#key-1"}',
        b'{"id": "did:web:uni.example", "assertionMethod": [1]}',
    ],
)
def test_a_malformed_document_is_refused(body):
    with pytest.raises(InvalidDidDocument):
        resolve(DID, {URL: body})


def test_an_unknown_method_is_named_as_such():
    with pytest.raises(MethodNotSupported, match="did:example"):
        resolve("did:example:123", {})


@pytest.mark.parametrize(
    "text", ["", "uni.example", "did:web:", "did:web:uni.example#key-1", "did:key:z6Mk"]
)
def test_what_is_not_a_did_is_refused(text):
    with pytest.raises(InvalidDid):
        resolve(text, {})
