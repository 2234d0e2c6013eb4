"""A throw-away seal for demonstrations and tests: its own authority, seal and timestamp service.

Every subject says LEARNSEAL TEST SEAL, so that our verifier and every other reader call it what
it is. The keys are made anew at run time and nobody vouches for them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import asn1crypto.x509
from asn1crypto import algos, cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from badges.proofs.jades import TrustAnchors
from badges.proofs.x509 import TEST_MARK, der
from issuer.signing.seal_keys import FileSealKey, PrivateKey

__all__ = ["ThrowawaySeal", "ThrowawayTimestamps", "make_test_seal", "to_pkcs12"]

LIFE = timedelta(days=90)
"""How long a throw-away seal lives."""

_POLICY = "1.3.6.1.4.1.99999.1"


@dataclass(frozen=True, slots=True)
class ThrowawayTimestamps:
    """A timestamp authority in this process (RFC 3161)."""

    certificate: x509.Certificate
    private_key: ec.EllipticCurvePrivateKey

    def answer(self, query: bytes, now: datetime) -> bytes:
        """Return the DER response to a DER request."""
        asked = tsp.TimeStampReq.load(query, strict=True)
        stamped = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": _POLICY,
                "message_imprint": asked["message_imprint"],
                "serial_number": x509.random_serial_number(),
                "gen_time": now.replace(microsecond=0),
                "nonce": asked["nonce"],
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(stamped)})
        answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})
        octets: bytes = answer.dump()
        return octets

    def _signed(self, stamped: tsp.TSTInfo) -> cms.SignedData:
        content = {"content_type": "tst_info", "content": stamped}
        certificate = asn1crypto.x509.Certificate.load(der(self.certificate))
        attributes = self._attributes(stamped.dump())
        signature = self.private_key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", sid),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signature,
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": content,
                "certificates": [certificate],
                "signer_infos": [signer],
            }
        )

    def _attributes(self, content: bytes) -> cms.CMSAttributes:
        named = tsp.SigningCertificateV2(
            {"certs": [{"cert_hash": hashlib.sha256(der(self.certificate)).digest()}]}
        )
        return cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [named]},
            ]
        )


@dataclass(frozen=True, slots=True)
class ThrowawaySeal:
    """Everything one demonstration needs to seal."""

    key: FileSealKey
    authority: x509.Certificate
    timestamps: ThrowawayTimestamps

    @property
    def anchors(self) -> TrustAnchors:
        """The trust list on which only this throw-away authority stands."""
        return TrustAnchors((self.authority,), (self.authority,))


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    private_key: ec.EllipticCurvePrivateKey
    now: datetime

    def issue(
        self, subject: x509.Name, key: PrivateKey, purpose: x509.ExtensionType
    ) -> x509.Certificate:
        """Return a certificate for `key` that is good for `LIFE`."""
        builder = _builder(subject, self.certificate.subject, key, self.now)
        return builder.add_extension(purpose, critical=True).sign(self.private_key, hashes.SHA256())


def make_test_seal(
    legal_name: str,
    *,
    identifier: str,
    country: str,
    now: datetime,
    algorithm: str = "RS256",
) -> ThrowawaySeal:
    """Return a new throw-away seal in the name of `legal_name`.

    Args:
        legal_name: as the EDC's issuer shall have it; at most 64 characters.
        identifier: ``organizationIdentifier``, e.g. ``VATNL-000000000B00``.
        country: two letters.
        now: the seal is good from an hour before, for 90 days.
        algorithm: ``RS256`` or ``ES256``.
    """
    authority = _authority(country, now)
    key: PrivateKey = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if algorithm == "RS256"
        else ec.generate_private_key(ec.SECP256R1())
    )
    subject = _name(f"{TEST_MARK} of {legal_name}", legal_name, country, identifier)
    seal = authority.issue(subject, key, _usage(content_commitment=True))
    stamping = ec.generate_private_key(ec.SECP256R1())
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    clock = authority.issue(_name(f"{TEST_MARK} timestamps", TEST_MARK, country), stamping, purpose)
    return ThrowawaySeal(
        FileSealKey((seal,), key), authority.certificate, ThrowawayTimestamps(clock, stamping)
    )


def to_pkcs12(key: FileSealKey, passphrase: bytes) -> bytes:
    """Return `key` and its certificates as an encrypted PKCS#12 file."""
    own, *others = key.certificate_chain
    encryption = BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(b"seal", key.private_key, own, others, encryption)


def _authority(country: str, now: datetime) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{TEST_MARK} authority", TEST_MARK, country)
    basic = x509.BasicConstraints(ca=True, path_length=0)
    builder = _builder(name, name, key, now).add_extension(basic, critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True), critical=True)
    return _Authority(builder.sign(key, hashes.SHA256()), key, now)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFE)
    )


def _name(common: str, organisation: str, country: str, identifier: str = "") -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, country),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATION_IDENTIFIER, identifier),
        (NameOID.COMMON_NAME, common[:64]),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def _usage(*, content_commitment: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=content_commitment,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        encipher_only=False,
        decipher_only=False,
    )
