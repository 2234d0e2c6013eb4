"""Opening the key of an e-seal, and every file that is none."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from badges.proofs import jades
from badges.proofs.jades import NO_LIST, Level
from issuer.errors import SealKeyUnusable
from issuer.signing.seal_keys import RemoteSealKey, open_pkcs12
from issuer.signing.test_seal import make_test_seal, to_pkcs12

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(scope="module", params=["RS256", "ES256"])
def seal(request):
    return make_test_seal("U", identifier="VATNL-1", country="NL", now=NOW, algorithm=request.param)


def test_a_key_file_seals(seal):
    key = open_pkcs12(to_pkcs12(seal.key, b"open sesame"), b"open sesame")
    assert jades.verify(jades.sign_b("{}", key, NOW), NO_LIST, NOW).level is Level.B


def test_a_service_that_keeps_the_key_sees_digests_only(seal):
    if seal.key.algorithm != "RS256":
        pytest.skip("one algorithm shows it")

    class Service:
        seen = b""

        def sign_digest(self, digest, algorithm):
            self.seen = digest
            prehashed = utils.Prehashed(hashes.SHA256())
            return seal.key.private_key.sign(digest, padding.PKCS1v15(), prehashed)

    service = Service()
    key = RemoteSealKey(seal.key.certificate_chain, "RS256", service)
    assert jades.verify(jades.sign_b("{}", key, NOW), NO_LIST, NOW).is_intact
    assert len(service.seen) == 32


def test_the_wrong_passphrase_opens_nothing(seal):
    with pytest.raises(SealKeyUnusable, match="passphrase"):
        open_pkcs12(to_pkcs12(seal.key, b"right"), b"wrong")


@pytest.mark.parametrize("octets", [b"", b"not a key file", b"\0" * 2**21])
def test_refuses_what_is_no_key_file(octets):
    with pytest.raises(SealKeyUnusable):
        open_pkcs12(octets, b"x")


def test_refuses_a_file_without_key(seal):
    encryption = BestAvailableEncryption(b"x")
    certificate = seal.key.certificate_chain[0]
    octets = pkcs12.serialize_key_and_certificates(b"s", None, None, [certificate], encryption)
    with pytest.raises(SealKeyUnusable, match="private key and its certificate"):
        open_pkcs12(octets, b"x")


def test_the_key_never_shows_in_a_log(seal):
    assert "private_key" not in repr(seal.key)


@pytest.mark.parametrize("weak", ["rsa", "curve"])
def test_refuses_a_key_that_cannot_seal(weak):
    from datetime import timedelta

    from cryptography import x509

    key = (
        rsa.generate_private_key(65537, 1024)  # noqa: S505 - weak on purpose
        if weak == "rsa"
        else ec.generate_private_key(ec.SECP384R1())
    )
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "weak")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(b"x")
    octets = pkcs12.serialize_key_and_certificates(b"s", key, certificate, None, encryption)
    with pytest.raises(SealKeyUnusable, match="2048 bits, or P-256"):
        open_pkcs12(octets, b"x")
