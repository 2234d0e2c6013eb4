"""Was the seal revoked when it was used? Only what the right authority signed counts."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from badges.proofs.jades import Outcome
from badges.proofs.jades.revocation import Material, revocation

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEYS = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("ca", "seal", "ocsp", "evil")}


def name(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def issue(subject, *extensions, signed_by="ca"):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name("ca"))
        .public_key(KEYS[subject].public_key())
        .serial_number(7 if subject == "seal" else x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
    )
    for each in extensions:
        builder = builder.add_extension(each, critical=False)
    return builder.sign(KEYS[signed_by], hashes.SHA256())


CA = issue("ca", x509.BasicConstraints(ca=True, path_length=None))
SEAL = issue("seal")
PURPOSE = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.OCSP_SIGNING])
CHAIN = (SEAL, CA)


def crl(*, revoked=None, signed_by="ca", issuer="ca", made=NOW - HOUR, until=NOW + DAY):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name(issuer))
        .last_update(made)
        .next_update(until)
    )
    if revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(7).revocation_date(revoked)
        builder = builder.add_revoked_certificate(entry.build())
    signed = builder.sign(KEYS[signed_by], hashes.SHA256())
    return Material(crls=(signed.public_bytes(Encoding.DER),))


def answer(*, revoked=None, signer="ca", responder=CA, certificate=SEAL, made=NOW + HOUR):
    status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
    named = hashes.SHA1()  # noqa: S303 - finds the issuer by name, seals nothing
    builder = ocsp.OCSPResponseBuilder().add_response(
        certificate,
        CA,
        named,
        status,
        made,
        None,
        revoked,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder)
    if responder is not CA:
        builder = builder.certificates([responder])
    signed = builder.sign(KEYS[signer], hashes.SHA256())
    return Material(answers=(signed.public_bytes(Encoding.DER),))


GOOD = {
    "a list": crl(),
    "a list made later": crl(made=NOW + HOUR),
    "an answer": answer(),
    "an answer of a delegate": answer(signer="ocsp", responder=issue("ocsp", PURPOSE)),
}
NOTHING = {
    "no material": Material(),
    "a list that had ended": crl(made=NOW - DAY, until=NOW - HOUR),
    "a list of somebody else": crl(signed_by="evil"),
    "a list of another name": crl(signed_by="evil", issuer="evil"),
    "an answer of before": answer(made=NOW - HOUR),
    "an answer of somebody else": answer(signer="evil", responder=issue("evil", signed_by="evil")),
    "an answer about another certificate": answer(certificate=issue("ocsp")),
    "a responder without the purpose": answer(signer="ocsp", responder=issue("ocsp")),
    "a responder nobody appointed": answer(
        signer="ocsp", responder=issue("ocsp", PURPOSE, signed_by="evil")
    ),
    "garbage": Material((b"\x30\x00", b"x"), (b"\x30\x00", b"")),
}


@pytest.mark.parametrize("material", GOOD.values(), ids=GOOD)
def test_counts_what_the_issuer_says(material):
    assert revocation(CHAIN, material, NOW).outcome is Outcome.PASSED


@pytest.mark.parametrize("material", NOTHING.values(), ids=NOTHING)
def test_what_nobody_with_a_say_said_is_unknown(material):
    assert revocation(CHAIN, material, NOW).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("make", [crl, answer])
def test_a_revoked_certificate_seals_nothing(make):
    finding = revocation(CHAIN, make(revoked=NOW - HOUR), NOW)
    assert (finding.outcome, finding.code) == (Outcome.FAILED, "seal-certificate-revoked")


@pytest.mark.parametrize("make", [crl, answer])
def test_a_later_revocation_leaves_earlier_seals(make):
    material = make(revoked=NOW + HOUR, made=NOW + 2 * HOUR)
    assert revocation(CHAIN, material, NOW).outcome is Outcome.PASSED


def test_without_the_issuer_nobody_can_say():
    assert revocation((SEAL,), crl(), NOW).code == "seal-issuer-unknown"
