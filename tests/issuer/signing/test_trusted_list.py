"""Trusted lists made here (ETSI TS 119 612): who counts, when, and what is refused."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from badges.proofs import jades
from badges.proofs.x509 import der
from issuer.errors import TrustListUnreadable
from issuer.signing.sealing import Sealer
from issuer.signing.test_seal import make_test_seal
from issuer.signing.trust_folder import TrustFolder
from issuer.signing.trusted_list import read_trusted_list

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
BASE = "http://uri.etsi.org/TrstSvc/"
CA, TSA = f"{BASE}Svctype/CA/QC", f"{BASE}Svctype/TSA/QTST"
GRANTED, WITHDRAWN = (f"{BASE}TrustedList/Svcstatus/{word}" for word in ("granted", "withdrawn"))
SEALS = f"{BASE}TrustedList/SvcInfoExt/ForeSeals"
SIGNATURES = f"{BASE}TrustedList/SvcInfoExt/ForeSignatures"
SINCE = "2020-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def seal():
    return make_test_seal("U", identifier="VATNL-1", country="NL", now=NOW, algorithm="ES256")


def told(kind, status, since, purpose):
    extension = (
        "<ServiceInformationExtensions><Extension Critical='true'><AdditionalServiceInformation>"
        f"<URI xml:lang='en'>{purpose}</URI>"
        "</AdditionalServiceInformation></Extension></ServiceInformationExtensions>"
    )
    return (
        f"<ServiceTypeIdentifier>{kind}</ServiceTypeIdentifier>"
        f"<ServiceStatus>{status}</ServiceStatus>"
        f"<StatusStartingTime>{since}</StatusStartingTime>{extension if purpose else ''}"
    )


def encoded(certificate):
    return base64.b64encode(der(certificate)).decode()


def service(  # noqa: PLR0913 - each may be what makes the difference
    certificate, kind=CA, *, status=GRANTED, since=SINCE, purpose=SEALS, before=""
):
    text = certificate if isinstance(certificate, str) else encoded(certificate)
    history = f"<ServiceHistory>{before}</ServiceHistory>" if before else ""
    return (
        "<TSPService><ServiceInformation><ServiceDigitalIdentity><DigitalId>"
        f"<X509Certificate>\n {text}\n</X509Certificate></DigitalId></ServiceDigitalIdentity>"
        f"{told(kind, status, since, purpose)}</ServiceInformation>{history}</TSPService>"
    )


def a_list(*services, update="2027-01-01T00:00:00Z", head=""):
    until = f"<NextUpdate><dateTime>{update}</dateTime></NextUpdate>" if update else "<NextUpdate/>"
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}"
        "<TrustServiceStatusList xmlns='http://uri.etsi.org/02231/v2#'><SchemeInformation>"
        f"<SchemeTerritory>NL</SchemeTerritory>{until}</SchemeInformation>"
        "<TrustServiceProviderList><TrustServiceProvider><TSPServices>"
        f"{''.join(services)}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"
        "</TrustServiceStatusList>"
    ).encode()


def anchors(*services, at=NOW):
    return read_trusted_list(a_list(*services)).anchors(at)


def test_a_granted_authority_for_seals_and_one_for_timestamps_count(seal):
    found = anchors(service(seal.authority), service(seal.authority, TSA, purpose=""))
    assert found == seal.anchors


@pytest.mark.parametrize(
    "changed",
    [
        {"status": WITHDRAWN},
        {"purpose": SIGNATURES},
        {"purpose": ""},
        {"since": "2027-01-01T00:00:00Z"},
        {"kind": f"{BASE}Svctype/OCSP/QC"},
        {"kind": f"{BASE}Svctype/TSA", "purpose": ""},
        {"status": GRANTED + "-not"},
    ],
)
def test_whoever_is_not_granted_for_it_now_does_not_count(seal, changed):
    assert anchors(service(seal.authority, **changed)) == jades.TrustAnchors()


def test_the_past_is_judged_by_the_history(seal):
    earlier = f"<ServiceHistoryInstance>{told(CA, GRANTED, SINCE, SEALS)}</ServiceHistoryInstance>"
    gone = service(seal.authority, status=WITHDRAWN, since="2025-01-01T00:00:00Z", before=earlier)
    assert anchors(gone) == jades.TrustAnchors()
    assert anchors(gone, at=datetime(2024, 1, 1, tzinfo=UTC)).seals == (seal.authority,)
    assert anchors(gone, at=datetime(2019, 1, 1, tzinfo=UTC)).seals == ()


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"", "well-formed"),
        (b"\x30\x82\x01\x01", "well-formed"),
        (b"<TrustServiceStatusList/>", "no trusted list"),
        (b"<html><body/></html>", "no trusted list"),
        (a_list(head=BOMB), "no document type"),
        (a_list(head=OUTSIDE), "no document type"),
        (a_list(service("AAAA")), "certificate on the trusted list is broken"),
        (a_list(service("%%%")), "certificate on the trusted list is broken"),
        (a_list(service("", since="soon")), "a time that is none"),
        (a_list("<TSPService/>"), "says nothing"),
        (a_list(update="never"), "a time that is none"),
        (a_list() + bytes(32 * 2**20), "at most 32 MB"),
        (a_list()[:-10], "well-formed"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(octets, why):
    with pytest.raises(TrustListUnreadable, match=why):
        read_trusted_list(octets)


def test_a_seal_is_trusted_by_a_list_in_the_folder(seal, tmp_path):
    (tmp_path / "lists").mkdir()
    both = service(seal.authority), service(seal.authority, TSA, purpose="")
    (tmp_path / "lists/nl.xml").write_bytes(a_list(*both))
    octets = Sealer(seal.key, lambda query: seal.timestamps.answer(query, NOW)).seal("{}", NOW)
    report = jades.verify(octets, TrustFolder(tmp_path).anchors(NOW), NOW)
    assert "timestamp-authority-trusted" in {finding.code for finding in report.findings}


@pytest.mark.parametrize("update", ["2026-11-23T14:59:59Z", ""])
def test_a_list_past_its_next_update_counts_for_nothing(seal, tmp_path, update, caplog):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/nl.xml").write_bytes(a_list(service(seal.authority), update=update))
    assert not TrustFolder(tmp_path).anchors(NOW).is_checked
    assert "nl.xml" in caplog.text


def test_a_list_that_changes_is_read_again(seal, tmp_path):
    (tmp_path / "lists").mkdir()
    file = tmp_path / "lists/nl.xml"
    file.write_bytes(a_list(service(seal.authority)))
    assert TrustFolder(tmp_path).anchors(NOW).is_checked
    file.write_bytes(a_list(service(seal.authority, status=WITHDRAWN)))
    assert not TrustFolder(tmp_path).anchors(NOW + timedelta(seconds=1)).is_checked


def test_a_broken_list_in_the_folder_is_named(tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/nl.xml").write_text("<html/>")
    with pytest.raises(
        TrustListUnreadable, match=r"nl\.xml in the trust folder: .*no trusted list"
    ):
        TrustFolder(tmp_path).anchors(NOW)
