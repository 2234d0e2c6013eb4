"""Sealing as the service does it: with a clock of others, from a token, and never half."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from badges.errors import NotSealable, TimestampInvalid
from badges.proofs import jades
from badges.proofs.jades import NO_LIST, Level, SealTrust, TrustAnchors
from did.signers import pkcs11
from issuer.errors import (
    SealKeyUnusable,
    SelfCheckFailed,
    TimestampUnavailable,
    TrustListUnreadable,
)
from issuer.signing.seal_keys import FileSealKey, open_seal_key
from issuer.signing.sealing import Sealer
from issuer.signing.test_seal import make_test_seal, to_pkcs12
from issuer.signing.timestamps import http_timestamps
from issuer.signing.trust_folder import TrustFolder

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TEXT = '{"name":"Zażółć"}'
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
PIN = "5678"


@pytest.fixture(scope="module")
def seal():
    return make_test_seal("ECIU", identifier="VATNL-1", country="NL", now=NOW, algorithm="ES256")


def authority(seal):
    return lambda query: seal.timestamps.answer(query, NOW)


def served(handle):
    return http_timestamps(
        "https://tsa.example/", httpx.Client(transport=httpx.MockTransport(handle))
    )


def reply(content, status=200, kind="application/timestamp-reply"):
    return httpx.Response(status, content=content, headers={"Content-Type": kind})


def test_a_seal_with_a_timestamp_is_b_t(seal):
    octets = Sealer(seal.key, authority(seal)).seal(TEXT, NOW)
    report = jades.verify(octets, seal.anchors, NOW)
    assert (report.level, report.payload, report.trust) == (Level.T, TEXT, SealTrust.TEST)


def test_a_seal_without_a_timestamp_is_b_b(seal):
    assert jades.verify(Sealer(seal.key).seal(TEXT, NOW), NO_LIST, NOW).level is Level.B


def test_tells_whom_it_seals_for_and_for_how_long(seal):
    sealer = Sealer(seal.key)
    assert sealer.identity.legal_name == "ECIU"
    assert sealer.is_test
    assert sealer.expires_in(NOW) == timedelta(days=90)


def test_asks_over_http(seal):
    def handle(request):
        assert request.headers["Content-Type"] == "application/timestamp-query"
        return reply(seal.timestamps.answer(request.read(), NOW))

    octets = Sealer(seal.key, served(handle)).seal(TEXT, NOW)
    assert jades.verify(octets, NO_LIST, NOW).level is Level.T


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (reply(b"", status=503), "answers 503"),
        (reply(b"<html>", kind="text/html"), "not answer with a timestamp"),
        (reply(bytes(70_000)), "too long"),
    ],
)
def test_an_authority_that_does_not_answer_stops_the_seal(seal, answer, message):
    with pytest.raises(TimestampUnavailable, match=message):
        Sealer(seal.key, served(lambda _: answer)).seal(TEXT, NOW)


def test_an_authority_out_of_reach_stops_the_seal(seal):
    def handle(request):
        raise httpx.ConnectError("no route", request=request)

    with pytest.raises(TimestampUnavailable, match="does not answer"):
        Sealer(seal.key, served(handle)).seal(TEXT, NOW)


def test_an_answer_for_somebody_else_stops_the_seal(seal):
    def replayed(query):
        other = jades.timestamp_input(jades.sign_b("{}", seal.key, NOW))
        return seal.timestamps.answer(jades.timestamp.request(other, 1), NOW)

    with pytest.raises(TimestampInvalid):
        Sealer(seal.key, replayed).seal(TEXT, NOW)


def test_a_timestamp_out_of_the_certificates_time_stops_the_seal(seal):
    young = make_test_seal("U", identifier="V", country="NL", now=NOW + timedelta(days=1))
    later = NOW + timedelta(days=1)
    with pytest.raises(SelfCheckFailed, match="not-valid-then"):
        Sealer(young.key, lambda query: seal.timestamps.answer(query, NOW)).seal(TEXT, later)


def test_an_expired_certificate_seals_nothing(seal):
    with pytest.raises(NotSealable, match="renew it"):
        Sealer(seal.key).seal(TEXT, NOW + timedelta(days=91))


def test_opens_a_key_file_by_its_uri(seal, tmp_path):
    (tmp_path / "seal.p12").write_bytes(to_pkcs12(seal.key, b"secret"))
    key = open_seal_key(f"file:{tmp_path}/seal.p12", "secret")
    assert Sealer(key).identity.legal_name == "ECIU"


@pytest.mark.parametrize(
    "uri", ["", "seal.p12", "file:/nowhere/seal.p12", "https://x/y", "pkcs11:x"]
)
def test_refuses_a_uri_that_names_no_key(uri):
    with pytest.raises(SealKeyUnusable):
        open_seal_key(uri, "x")


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A SoftHSM2 token with an RSA and a P-256 seal key on it."""
    library = pytest.importorskip("pkcs11", reason="the extra pkcs11 is not installed")
    path = next((path for path in MODULES if Path(path).exists()), None)
    tool = shutil.which("softhsm2-util")
    if path is None or tool is None:
        pytest.skip("SoftHSM2 is not installed: apt-get install softhsm2")
    folder = tmp_path_factory.mktemp("token")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        name = f"eseal-{folder.name}"
        command = [
            tool,
            "--init-token",
            "--free",
            "--label",
            name,
            "--so-pin",
            "1234",
            "--pin",
            PIN,
        ]
        subprocess.run(command, check=True, capture_output=True)
        module = library.lib(path)
        module.reinitialize()
        for label, key in (
            ("RS256", rsa.generate_private_key(65537, 2048)),
            ("ES256", ec.generate_private_key(ec.SECP256R1())),
        ):
            pem = folder / f"{label}.pem"
            pem.write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            identifier = "01" if label == "RS256" else "02"
            place = ["--token", name, "--label", label, "--id", identifier, "--pin", PIN]
            subprocess.run([tool, "--import", str(pem), *place], check=True, capture_output=True)
            (folder / f"{label}.crt").write_bytes(self_signed(key))
        yield folder, f"pkcs11:token={name};object={{}}?module-path={path}"
        for login in pkcs11.LOGINS.values():
            login._close(library)
        pkcs11.LOGINS.clear()


def self_signed(key):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "LEARNSEAL TEST SEAL")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_seals_with_a_key_on_a_token(token, algorithm):
    folder, uri = token
    certificate = (folder / f"{algorithm}.crt").read_bytes()
    key = open_seal_key(uri.format(algorithm), PIN, certificate)
    assert key.algorithm == algorithm
    assert jades.verify(Sealer(key).seal(TEXT, NOW), NO_LIST, NOW).level is Level.B


def test_a_token_needs_a_certificate_beside_it(token):
    with pytest.raises(SealKeyUnusable, match="certificate"):
        open_seal_key(token[1].format("RS256"), PIN)


def test_a_certificate_of_another_key_seals_nothing(token):
    folder, uri = token
    key = open_seal_key(uri.format("RS256"), PIN, (folder / "ES256.crt").read_bytes())
    with pytest.raises(NotSealable, match="not the certificate's key"):
        Sealer(key).seal(TEXT, NOW)


def test_the_trust_folder_holds_authorities(seal, tmp_path):
    for kind, encoding in (
        ("seals", serialization.Encoding.PEM),
        ("timestamps", serialization.Encoding.DER),
    ):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "ca.crt").write_bytes(seal.authority.public_bytes(encoding))
        (tmp_path / kind / "README").write_text("not a certificate, and not read")
    assert TrustFolder(tmp_path).anchors(NOW) == seal.anchors


def test_an_absent_trust_folder_is_no_list(tmp_path):
    assert TrustFolder(tmp_path / "none").anchors(NOW) == TrustAnchors()


def test_a_broken_file_in_the_trust_folder_is_named(tmp_path):
    (tmp_path / "seals").mkdir()
    (tmp_path / "seals/ca.pem").write_text("-----BEGIN CERTIFICATE-----\nnothing\n")
    with pytest.raises(TrustListUnreadable, match=r"ca\.pem"):
        TrustFolder(tmp_path).anchors(NOW)


def test_the_key_of_a_sealer_never_shows(seal):
    assert "private_key" not in repr(Sealer(FileSealKey((), seal.key.private_key)))
