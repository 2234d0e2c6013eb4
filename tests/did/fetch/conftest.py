"""A small https server on loopback that counts who comes, and a clock that stands still."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    return lambda: NOW


def certificate(names, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    today = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        cert.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem


@pytest.fixture(scope="session")
def pem(tmp_path_factory):
    names = [
        x509.DNSName("uni.example"),
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    return certificate(names, tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def trust(pem):
    """A TLS context that trusts our server and nobody else."""
    return ssl.create_default_context(cafile=str(pem))


class Server(ThreadingHTTPServer):
    """Answers from a table of path to (status, headers, chunks), and remembers what came."""

    daemon_threads = True

    def __init__(self, pem):
        super().__init__(("127.0.0.1", 0), Answers)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self.server_address[1]
        self.connections = 0
        self.names, self.seen, self.pages = [], [], {}

    def get_request(self):
        self.connections += 1
        return super().get_request()

    def handle_error(self, request, client_address):
        """Stay quiet: broken connections are what these tests make."""


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        status, headers, chunks = self.server.pages.get(self.path, (404, {}, [b""]))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for chunk in chunks:
            self.wfile.write(chunk)

    def log_message(self, format, *args):  # noqa: A002 - the name the library gives it
        """Stay quiet."""


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server(pem):
    with serving(Server(pem)) as running:
        yield running


@pytest.fixture
def names():
    """A resolver made of a table; each answer is used once, the last one stays."""

    class Names:
        def __init__(self):
            self.table, self.asked = {}, []

        async def __call__(self, host, port):
            self.asked.append(host)
            answers = self.table.get(host)
            if answers is None:
                raise OSError("no such name")
            return answers.pop(0) if len(answers) > 1 else answers[0]

    return Names()


@pytest.fixture
def run():
    return asyncio.run
