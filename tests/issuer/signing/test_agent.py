"""The signing process: it signs with its own keys and with no others."""

import base64
import json
import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from did.errors import KeyUnavailable
from did.public_key import Curve
from did.signers import agent, file, open_signer
from issuer.awarding.issuing import issue_batch
from issuer.errors import InvalidSettings
from issuer.signing.agent import Keyring, listen

CHEAP = 2**14
METHOD = "did:web:uni.example#key-1"


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "ring"
    folder.mkdir()
    return folder


@pytest.fixture
def uri(keys):
    return file.create(keys / "uni-key-1.key", Curve.ED25519, "correct horse", cost=CHEAP)


@pytest.fixture
def serving(tmp_path, keys):
    """A maker of running signing processes (threads here, the very same code)."""
    servers = []

    def make(**said):
        path = tmp_path / "signer.sock"
        server = listen(path, Keyring(keys, "correct horse", **said))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        servers.append(server)
        return path

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def open_at(path, uri):
    return open_signer(agent.address(path, uri), verification_method=METHOD)


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_signs_as_if_the_key_were_here(serving, keys, curve):
    uri = file.create(keys / f"{curve.name}.key", curve, "correct horse", cost=CHEAP)
    signer = open_at(serving(), uri)
    assert (signer.verification_method, signer.public_key.curve) == (METHOD, curve)
    assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_many_ask_at_once_and_each_gets_its_own_answer(serving, uri):
    signer = open_at(serving(), uri)
    messages = [f"message {n}".encode() for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        for message, signature in zip(messages, pool.map(signer.sign, messages), strict=True):
            assert signer.public_key.verify(signature, message)


def test_goes_on_when_the_process_was_started_anew(serving, uri, tmp_path, keys):
    path = serving()
    signer = open_at(path, uri)
    signer.line.connection.shutdown(socket.SHUT_RDWR)
    assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_only_our_user_and_group_reach_it(serving):
    assert stat.S_IMODE(serving().stat().st_mode) == 0o660


def test_refuses_a_key_file_of_another_folder(serving, tmp_path):
    other = file.create(tmp_path / "other.key", Curve.ED25519, "correct horse", cost=CHEAP)
    with pytest.raises(KeyUnavailable, match="does not sign with that key"):
        open_at(serving(), other)


def test_refuses_a_way_out_of_its_folder(serving, tmp_path, keys):
    file.create(tmp_path / "other.key", Curve.ED25519, "correct horse", cost=CHEAP)
    with pytest.raises(KeyUnavailable, match="does not sign with that key"):
        open_at(serving(), f"file://{keys}/../other.key")


def test_a_key_file_that_was_moved_here_counts_by_its_name(serving, uri):
    elsewhere = "file:///var/lib/learnseal/keys/" + uri.rpartition("/")[2]
    signer = open_at(serving(), elsewhere)
    assert signer.public_key.verify(signer.sign(b"message"), b"message")


def test_refuses_a_token_it_was_not_started_with(serving):
    with pytest.raises(KeyUnavailable, match="does not sign with that key"):
        open_at(serving(), "pkcs11:token=seal;object=key-1?module-path=/usr/lib/x.so")


def test_a_key_that_has_made_its_signatures_makes_no_more(serving, uri):
    signer = open_at(serving(most=2), uri)
    signer.sign(b"one")
    signer.sign(b"two")
    with pytest.raises(KeyUnavailable, match="has made its 2 signatures"):
        signer.sign(b"three")


@pytest.mark.parametrize("text", [b"nonsense\n", b"[]\n", b"[" * 100_000 + b"\n", b"\n"])
def test_hangs_up_on_what_makes_no_sense(serving, text):
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(serving()))
        caller.sendall(text)
        assert caller.recv(100) == b""


def test_tells_a_message_that_is_no_base64(serving, uri):
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(serving()))
        caller.sendall(json.dumps({"key": uri, "message": "no!"}).encode() + b"\n")
        assert b"not base64" in caller.recv(1000)


def test_no_answer_holds_the_secret(keys, uri):
    ring = Keyring(keys, "correct horse")
    said = repr(ring) + json.dumps(
        [ring.answer({"key": uri}), ring.answer({"key": uri, "message": "AAAA"}), ring.answer({})]
    )
    assert "correct horse" not in said
    sealed = json.loads((keys / "uni-key-1.key").read_text())["secret"]
    assert base64.b64decode(sealed).hex() not in said


def test_takes_the_place_of_a_process_that_is_gone(serving, tmp_path, keys):
    gone = listen(tmp_path / "signer.sock", Keyring(keys, "correct horse"))
    gone.server_close()
    assert serving().exists()


def test_refuses_the_place_of_a_process_that_listens(serving, keys):
    path = serving()
    with pytest.raises(InvalidSettings, match="another signing process"):
        listen(path, Keyring(keys, "correct horse"))


def test_refuses_a_place_that_is_no_socket(tmp_path, keys):
    path = tmp_path / "precious"
    path.write_text("do not delete")
    with pytest.raises(InvalidSettings, match="no socket"):
        listen(path, Keyring(keys, "correct horse"))
    assert path.read_text() == "do not delete"


def test_the_service_signs_through_it_without_a_passphrase(instance, issuance_rows, tmp_path):
    path = tmp_path / "agent.sock"
    server = listen(path, Keyring(instance.settings.keys, "correct horse"))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    without = replace(
        instance,
        settings=instance.settings.model_copy(update={"signer": path}),
        passphrase="",
        kept={},
    )
    outcome = issue_batch(without, issuance_rows(3))
    server.shutdown()
    server.server_close()
    assert len(outcome.published) == 3
    assert sum(server.keyring.signed.values()) >= 3
