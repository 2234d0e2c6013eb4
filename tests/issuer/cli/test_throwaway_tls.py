"""The demo's own certificate authority."""

import ssl
import stat
from datetime import UTC, datetime

from cryptography import x509

from issuer.cli import throwaway_tls


def test_a_client_that_trusts_the_ca_accepts_the_server(tmp_path):
    certificate, key = throwaway_tls.make(tmp_path, datetime.now(UTC))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    assert shake_hands(server, client)


def test_a_client_that_does_not_know_the_ca_refuses_the_server(tmp_path):
    certificate, key = throwaway_tls.make(tmp_path / "a", datetime.now(UTC))
    throwaway_tls.make(tmp_path / "b", datetime.now(UTC))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=tmp_path / "b/ca.pem")
    assert not shake_hands(server, client)


def test_only_the_owner_reads_the_key_and_the_key_of_the_ca_is_nowhere(tmp_path):
    _, key = throwaway_tls.make(tmp_path, datetime.now(UTC))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["ca.pem", "server.key", "server.pem"]
    ca = x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    assert b"PRIVATE" not in (tmp_path / "ca.pem").read_bytes()
    assert "throw-away" in ca.subject.rfc4514_string()


def shake_hands(server, client):
    to_server, from_server, to_client, from_client = (ssl.MemoryBIO() for _ in range(4))
    here = server.wrap_bio(to_server, from_server, server_side=True)
    there = client.wrap_bio(to_client, from_client, server_hostname="localhost")
    done = set()
    for _ in range(10):
        for side, name in ((there, "client"), (here, "server")):
            try:
                side.do_handshake()
                done.add(name)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                return False
            to_server.write(from_client.read())
            to_client.write(from_server.read())
    return done == {"client", "server"}
