"""A whole service on loopback behind https, with a throw-away authority that only tests trust."""

import contextlib
import socket
import threading
import time
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from badges.award import Learner
from issuer.app import create_app
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.db import migrations, session
from issuer.instance import Instance
from issuer.oid4vci import offers
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.web.http_protocol import BoundedProtocol
from tests.issuer.conftest import EXAMPLES

DAY = timedelta(days=1)


def certificates(folder):
    """Write a new authority and a certificate for localhost; return their three files."""
    authority, key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests only")])
    here = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    ca = _unsigned(root, root, authority).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    leaf = _unsigned(here, root, key).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    pem = serialization.Encoding.PEM
    files = [folder / name for name in ("ca.pem", "server.pem", "server.key")]
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for file, content in zip(
        files, (_signed(ca, authority), _signed(leaf, authority), secret), strict=True
    ):
        file.write_bytes(content)
    return files


def _unsigned(subject, issuer, key):
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
    )


def _signed(certificate, authority):
    return certificate.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class HttpsService:
    """A service with the alliance of the examples; it awards and offers on request."""

    def __init__(self, folder, did_method="web"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.origin = f"https://localhost:{port}"
        self.ca, certificate, key = certificates(folder)
        engine = session.engine(f"sqlite:///{folder / 'learnseal.sqlite'}")
        migrations.upgrade(engine)
        settings = Settings(data=folder, base_url=self.origin)
        self.instance = Instance(settings, engine, passphrase="correct horse", key_cost=2**14)
        establish_alliance(self.instance, EXAMPLES / "alliance.yaml", did_method=did_method)
        entries = [read_achievement(path) for path in achievement_files(EXAMPLES / "achievements")]
        with session.unit_of_work(engine) as connection:
            import_achievements(self.instance, connection, entries)
        config = uvicorn.Config(
            create_app(self.instance),
            host="127.0.0.1",
            http=BoundedProtocol,
            port=port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            ws="none",
            log_level="warning",
        )
        self.server = uvicorn.Server(config)
        self.occasion = 0

    @contextlib.contextmanager
    def running(self):
        """Serve while the block runs."""
        thread = threading.Thread(target=self.server.run, daemon=True)
        thread.start()
        while not self.server.started:
            time.sleep(0.02)
        yield self
        self.server.should_exit = True
        thread.join(timeout=10)
        self.instance.engine.dispose()

    def offer(self, **choice):
        """Award a badge and offer it."""
        self.occasion += 1
        learner = Learner(given_name="Zoë", family_name="van den Berg", email="zoe@x.example")
        decision = Decision(learner, date(2026, 6, 12), grade="Passed", occasion=self.occasion)
        made = award_one(self.instance, Wish("energy-positive-neighbourhoods", decision))
        choice = offers.OfferChoice(**choice)
        return offers.create_offer(self.instance, made.issuance.award_id, choice)
