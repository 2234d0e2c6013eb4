"""Row I9: the secret half of a key is in nothing that this service writes, says or shows."""

import base64
import os

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from fastapi.testclient import TestClient

from did.errors import KeyUnavailable
from did.signers import file, open_signer
from issuer.app import create_app
from issuer.awarding.issuing import issue_batch
from issuer.db.session import reading
from issuer.organisations.store import keys_of
from issuer.signing.service import signer

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def spellings(secret):
    """Return every way in which a seed could have been written down."""
    multikey = bytes.fromhex("8026") + secret
    texts = [
        secret.hex().encode(),
        secret.hex().upper().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        b"z" + base58.b58encode(multikey),
        base58.b58encode(secret),
    ]
    return [secret, *texts]


@pytest.fixture
def secrets(instance, alliance):
    """The seed of every organisation's key, as only the passphrase gives it."""
    with reading(instance.engine) as connection:
        uris = [key.uri for found in alliance for key in keys_of(connection, found.id)]
    opened = [
        file._decrypt(path, file._read(path), instance.passphrase) for path in map(file._path, uris)
    ]
    return [
        key.private_bytes_raw()
        if isinstance(key, ed25519.Ed25519PrivateKey)
        else key.private_numbers().private_value.to_bytes(key.key_size // 8)
        for key in opened
    ]


def assert_silent(secrets, content, where):
    for secret in secrets:
        for spelt in spellings(secret):
            assert spelt not in content, where


def test_the_search_would_find_a_seed_that_leaked(secrets):
    leaked = b'{"seed": "' + secrets[0].hex().encode() + b'"}'
    with pytest.raises(AssertionError):
        assert_silent(secrets, leaked, "here")


@sqlite
def test_i9_no_seed_in_any_file_the_service_writes(instance, issuance_rows, secrets, caplog):
    with caplog.at_level("DEBUG"):
        outcome = issue_batch(instance, issuance_rows(3))
    assert len(outcome.published) == 3
    for path in instance.settings.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert_silent(secrets, content, path)
            assert b"PRIVATE KEY" not in content, path
            assert instance.passphrase.encode() not in content, path
    assert_silent(secrets, caplog.text.encode(), "the log")
    assert instance.passphrase not in caplog.text


@sqlite
def test_i9_no_seed_in_anything_shown_or_raised(instance, alliance, secrets):
    with reading(instance.engine) as connection:
        keys = [key for found in alliance for key in keys_of(connection, found.id)]
    shown = [repr(instance), repr(instance.settings), repr(dict(os.environ))]
    for key in keys:
        shown.append(repr(key) + repr(signer(instance, key)))
        with pytest.raises(KeyUnavailable) as refused:
            open_signer(key.uri, verification_method="did:example:x#y", passphrase="wrong horse")
        shown.append(repr(refused.value) + repr(refused.getrepr(showlocals=False)))
    assert_silent(secrets, "\n".join(shown).encode(), "shown")
    assert instance.passphrase not in "\n".join(shown[:2])


@sqlite
def test_i9_no_seed_in_any_answer(instance, alliance, secrets):
    client = TestClient(create_app(instance))
    paths = ["/metrics", "/readyz", "/api/openapi.json", "/.well-known/did.json"]
    paths += [f"/o/{found.slug}/did.json" for found in alliance]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {200, 404}
        assert_silent(secrets, answer.content, path)
    for path in ("/keys/", "/data/keys", "/../keys", "/wallet/../../keys", "/status/../keys"):
        assert client.get(path).status_code == 404
