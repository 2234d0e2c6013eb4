"""Keys in files: opened with the passphrase, and with nothing else."""

import inspect
import json
import stat

import pytest

from did.errors import InvalidKey, KeyUnavailable
from did.public_key import Curve
from did.signers import file, memory, open_signer

CHEAP = 2**14
METHOD = "did:web:uni.example#key-1"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "seal key.json"


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_a_key_signs_after_it_was_opened_again(path, curve):
    uri = file.create(path, curve, "correct horse", cost=CHEAP)

    signer = open_signer(uri, verification_method=METHOD, passphrase="correct horse")

    assert signer.verification_method == METHOD
    assert signer.public_key.curve is curve
    assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_only_the_owner_can_read_the_file(path):
    file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_default_cost_makes_guessing_expensive():
    assert file.COST >= 2**17


def test_the_secret_is_nowhere_in_the_file_or_the_signer(path):
    uri = file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)
    signer = file.open_key(uri, "correct horse", METHOD)
    secret = inspect.getclosurevars(signer._sign).nonlocals["secret"]
    seed = bytes(secret)[:32]
    assert memory.from_seed(Curve.ED25519, seed).public_key == signer.public_key

    for body in (path.read_bytes(), repr(signer).encode(), repr(secret).encode()):
        assert seed not in body
        assert seed.hex().encode() not in body
        assert b"PRIVATE" not in body


@pytest.mark.parametrize("passphrase", ["", None, "wrong", "correct horse "])
def test_another_passphrase_does_not_open_it(path, passphrase):
    uri = file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)
    with pytest.raises(KeyUnavailable, match="passphrase"):
        file.open_key(uri, passphrase, METHOD)


def test_an_empty_passphrase_makes_no_key(path):
    with pytest.raises(KeyUnavailable, match="passphrase"):
        file.create(path, Curve.ED25519, "", cost=CHEAP)
    assert not path.exists()


def test_a_key_is_never_overwritten(path):
    file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)
    before = path.read_bytes()
    with pytest.raises(KeyUnavailable, match="never overwritten"):
        file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_no_new_rsa_keys_are_made(path):
    with pytest.raises(InvalidKey, match="RSA"):
        file.create(path, Curve.RSA, "correct horse", cost=CHEAP)
    assert not path.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_others_can_read_is_refused(path, mode):
    uri = file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)
    path.chmod(mode)
    with pytest.raises(KeyUnavailable, match="chmod 600"):
        file.open_key(uri, "correct horse", METHOD)


def change(member, value):
    def edit(envelope):
        *parents, last = member.split(".")
        for parent in parents:
            envelope = envelope[parent]
        envelope[last] = value(envelope[last]) if callable(value) else value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        change("format", "learnseal-key-2"),
        change("kdf.name", "pbkdf2"),
        change("kdf.n", 2**13),
        change("kdf.n", 2**40),
        change("kdf.n", 2**14 + 1),
        change("kdf.n", 2**15),
        change("kdf.n", "16384"),
        change("kdf.r", 1),
        change("kdf.salt", "AAAAAAAAAAAAAAAAAAAAAA=="),
        change("kdf.salt", 1),
        change("cipher.name", "none"),
        change("cipher.nonce", "AAAA"),
        change("secret", lambda text: "AAAA" + text[4:]),
        change("secret", "!"),
        change("secret", ""),
        lambda envelope: envelope.pop("kdf"),
        lambda envelope: envelope.update(more="members"),
    ],
)
def test_a_changed_file_is_refused(path, edit):
    uri = file.create(path, Curve.ED25519, "correct horse", cost=CHEAP)
    envelope = json.loads(path.read_bytes())
    edit(envelope)
    path.write_text(json.dumps(envelope))
    with pytest.raises(KeyUnavailable):
        file.open_key(uri, "correct horse", METHOD)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"\xff", b"{" * 10_000, b"-----BEGIN PRIVATE KEY-----"]
)
def test_another_file_is_refused(path, body):
    path.write_bytes(body)
    path.chmod(0o600)
    with pytest.raises(KeyUnavailable, match="not a key file"):
        file.open_key(path.as_uri(), "correct horse", METHOD)


def test_a_huge_file_is_refused(path):
    path.write_text(json.dumps({"format": "x" * file.MAX_BYTES}))
    path.chmod(0o600)
    with pytest.raises(KeyUnavailable, match="not a key file"):
        file.open_key(path.as_uri(), "correct horse", METHOD)


def test_a_missing_file_says_so(path):
    with pytest.raises(KeyUnavailable, match="cannot be read"):
        file.open_key(path.as_uri(), "correct horse", METHOD)


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(KeyUnavailable, match="cannot be written"):
        file.create(tmp_path / "no" / "folder.key", Curve.ED25519, "correct horse", cost=CHEAP)


@pytest.mark.parametrize(
    "uri", ["", "seal.key", "/srv/seal.key", "awskms:alias/seal", "https://uni.example/key"]
)
def test_a_key_kept_nowhere_we_know_is_refused(uri):
    with pytest.raises(KeyUnavailable, match="starts with one of file:"):
        open_signer(uri, verification_method=METHOD, passphrase="correct horse")


@pytest.mark.parametrize("uri", ["file:", "file://server/seal.key", "file:///a?b", "file:///a%00b"])
def test_a_file_uri_that_names_no_local_file_is_refused(uri):
    with pytest.raises(KeyUnavailable):
        open_signer(uri, verification_method=METHOD, passphrase="correct horse")
