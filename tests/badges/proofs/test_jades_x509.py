"""What a seal certificate says of its owner."""

from datetime import UTC, datetime, timedelta

import pytest

from badges.errors import MalformedCredential
from badges.proofs import x509
from badges.proofs.jades import NO_LIST, verify
from issuer.signing.test_seal import make_test_seal

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificate():
    seal = make_test_seal("ECIU", identifier="VATNL-1", country="NL", now=NOW, algorithm="ES256")
    return seal.key.certificate_chain[0]


def test_reads_the_owner(certificate):
    owner = x509.issuer_from_certificate(certificate)
    assert (owner.legal_name, owner.identifier, owner.country) == ("ECIU", "VATNL-1", "NL")


def test_reads_the_owner_of_an_official_sample(shared):
    document = (shared / "edc/samples/official/Sample-CertOfPart-signed.jsonld").read_bytes()
    owner = verify(document, NO_LIST, NOW).identity
    assert owner == x509.SealIdentity("ORGANIZACION TEST", "VATES-A00000000", "ES", "TEST SEAL")


def test_equal_words_differ_in_nothing(certificate):
    owner = x509.issuer_from_certificate(certificate)
    same = {"legal_name": "ECIU", "identifier": "VATNL-1", "country": "nl"}
    assert x509.identity_differences(owner, **same) == ()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("legalName", {"legal_name": "ECIU University"}),
        ("eIDASIdentifier", {"identifier": "VATNL-2"}),
        ("country", {"country": "DE"}),
    ],
)
def test_names_each_difference(certificate, field, changed):
    owner = x509.issuer_from_certificate(certificate)
    said = {"legal_name": "ECIU", "identifier": "VATNL-1", "country": "NL"} | changed
    (difference,) = x509.identity_differences(owner, **said)
    assert difference.startswith(field)


def test_watches_the_expiry(certificate):
    assert x509.expires_in(certificate, NOW) == timedelta(days=90)
    assert x509.expires_in(certificate, NOW + timedelta(days=91)) < timedelta()


def test_knows_its_own_test_certificates(certificate, shared):
    assert x509.is_test_certificate(certificate)
    document = (shared / "edc/samples/official/Sample-CertOfPart-signed.jsonld").read_bytes()
    assert not x509.is_test_certificate(verify(document, NO_LIST, NOW).certificate)


@pytest.mark.parametrize("octets", [b"", b"\x30\x03\x02\x01\x00", b"certificate"])
def test_refuses_what_is_no_certificate(octets):
    with pytest.raises(MalformedCredential):
        x509.read_certificate(octets)
