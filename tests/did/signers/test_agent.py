"""Keys of another process: what its answers may be, and what happens when it is not there."""

import json
import socketserver
import threading

import pytest

from did.errors import KeyUnavailable
from did.signers import agent, open_signer

KEY = "file:///srv/keys/uni-key-1.key"
METHOD = "did:web:uni.example#key-1"
MULTIKEY = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def open_at(path, uri=KEY):
    return open_signer(agent.address(path, uri), verification_method=METHOD)


@pytest.fixture
def other_side(tmp_path):
    """A maker of processes that give these answers, whatever is asked."""
    servers = []

    def make(*answers):
        left = list(answers)

        class Side(socketserver.StreamRequestHandler):
            def handle(self):
                while self.rfile.readline() and left:
                    self.wfile.write(left.pop(0))
                self.request.close()

        path = tmp_path / "side.sock"
        server = socketserver.ThreadingUnixStreamServer(str(path), Side)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        servers.append(server)
        return path

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def line(**members):
    return json.dumps(members).encode() + b"\n"


def test_the_address_names_the_place_and_the_key(tmp_path):
    uri = agent.address(tmp_path / "a b.sock", "pkcs11:token=t;object=o?module-path=/m.so")
    assert uri.startswith("agent:///")
    assert "a%20b.sock?key=pkcs11%3Atoken" in uri


def test_nobody_there_is_told_with_the_remedy(tmp_path):
    with pytest.raises(KeyUnavailable, match="start `learnseal signer`"):
        open_at(tmp_path / "nobody.sock")


@pytest.mark.parametrize(
    "uri",
    [
        "agent:",
        "agent:///run/x.sock",
        "agent://host/run/x.sock?key=a",
        "agent:///run/x.sock?key=a&more=b",
        "agent:?key=a",
    ],
)
def test_refuses_an_address_that_names_no_place_and_key(uri):
    with pytest.raises(KeyUnavailable, match="named like"):
        open_signer(uri, verification_method=METHOD)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"not json\n", "does not speak"),
        (b"[" * 100_000 + b"\n", "does not speak"),
        (b"[]\n", "refused: not an object"),
        (line(error="no such key"), "refused: no such key"),
        (line(public_key="z6Mkbroken"), "cannot read"),
        (line(signature="AAAA"), "cannot read"),
        (b"{" + b" " * agent.MAX_LINE + b"}\n", "does not answer"),
    ],
)
def test_refuses_an_answer_that_is_no_key(other_side, answer, why):
    with pytest.raises(KeyUnavailable, match=why):
        open_at(other_side(answer, answer))


def test_refuses_an_answer_that_is_no_signature(other_side):
    signer = open_at(other_side(line(public_key=MULTIKEY), line(signature="not base64!")))
    with pytest.raises(KeyUnavailable, match="no signature"):
        signer.sign(b"message")


def test_a_side_that_went_away_is_told(other_side):
    signer = open_at(other_side(line(public_key=MULTIKEY)))
    with pytest.raises(KeyUnavailable, match="does not answer"):
        signer.sign(b"message")
