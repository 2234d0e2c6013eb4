"""Every sealed sample and every vector, and what one changed byte does to them."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from badges.proofs import jades
from badges.proofs.jades import NO_LIST, Level, Outcome, SealTrust, TrustAnchors
from badges.proofs.jades.encoding import from_b64url, to_b64url
from badges.proofs.jades.path import find_path
from badges.proofs.jades.serialization import read
from badges.proofs.jades.unsigned import properties, validation_values
from badges.proofs.x509 import read_certificate

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)

SAMPLES = {
    "edci/credential-jws-invalid.jsonld": Level.LTA,  # its content is invalid, its seal is not
    "edci/json_to_seal-signed-jades-baseline-lta.json": Level.LTA,
    "elm-repo/Sample-MC-Annex1-signed.jsonld": Level.LTA,
    "mynextid/edc-coe-signed.jsonld": Level.LTA,
    "mynextid/edc-dc-signed.jsonld": Level.LTA,
    "mynextid/edc-mc-signed.jsonld": Level.LTA,
    "official/Sample-CertOfPart-signed.jsonld": Level.LTA,
    "official/Sample-MastersDegree-signed.jsonld": Level.LTA,
}
"""Sealed sample → its level (reference: the Commission's portal writes LTA)."""

VECTORS = {
    "altered-jws.json": (None, "signature-invalid"),
    "dss2620/jades-b-level-with-etsiu-in-crit.json": (None, "header-crit"),
    "dss2620/jades-with-b64-not-in-crit.json": (None, "header-b64"),
    "dss2620/jades-with-crit-with-duplicated-header.json": (None, "header-crit"),
    "dss2620/jades-with-critical-headers-in-crit.json": (None, "header-crit"),
    "dss2620/jades-with-expiration-time-header-in-crit.json": (None, "header-time-limit"),
    "dss2620/jades-with-extra-crit-entry.json": (None, "header-crit"),
    "dss2620/jades-with-notBefore-header.json": (None, "header-time-limit"),
    "flattened-extra-element.json": (None, "seal-malformed"),
    "jades-b-iat-and-sigt.json": (None, "header-signing-time"),
    "jades-b-with-xvals.json": (Level.B, ""),
    "jades-detached-by-uri-hash-encoded-pars.json": (Level.B, "payload-detached"),
    "jades-flattened-BpB-detached-objectByURIHash.json": (Level.B, "payload-detached"),
    "jades-level-b-full-type.json": (Level.B, ""),
    "jades-lta-broken-arcTst.json": (Level.LT, "archive-timestamp-invalid"),
    "jades-lta-with-etsiU-whitespaces.json": (Level.LTA, ""),
    "jades-t-clear-etsiu.json": (Level.T, ""),
    "jades-t-duplicated-sigtst.json": (Level.T, ""),
    "jades-two-sigs-copied-tst.json": (Level.B, "signature-timestamp-invalid"),
    "jades-with-asn1policy-digPSp.json": (Level.B, "policy-not-checked"),
    "jades-with-attached-counter-signature-replace-attack.json": (
        Level.B,
        "counter-signature-invalid",
    ),
    "jades-with-broken-detached-counter-signature.json": (Level.B, "counter-signature-invalid"),
    "jades-with-counter-signature.json": (Level.B, ""),
    "jades-with-line-break.json": (Level.B, ""),
    "jades-with-multiple-sign-cert-refs.json": (Level.B, ""),
    "jades-with-sigAndRefsTst-without-dot.json": (Level.T, "references-timestamp-invalid"),
    "jades-with-spdspec.json": (Level.B, "policy-not-checked"),
    "jades-wrong-x5c-header.json": (None, "header-certificate"),
    "malformed-jades-serialization.json": (None, "seal-malformed"),
    "serialization-wrong-payload-type.json": (None, "seal-malformed"),
    "simple-detached.json": (Level.B, "payload-detached"),
}
"""Vector → level its parts reach, and the code of what is wrong or open ("" = nothing)."""


def roots_in(document):
    """Return the self-issued certificates a sealed file carries, as a test's trust list."""
    found = set()
    for part in read(document).signatures:
        for kind, octets in validation_values(properties(part.header)):
            certificate = read_certificate(octets) if kind == "x509Cert" else None
            if certificate and certificate.issuer == certificate.subject:
                found.add(certificate)
    return tuple(found)


@pytest.fixture(params=sorted(SAMPLES))
def sample(request, shared):
    return request.param, (shared / "edc/samples" / request.param).read_bytes()


def test_a_sealed_sample_verifies_with_its_level(sample):
    name, document = sample
    report = jades.verify(document, NO_LIST, NOW)
    assert report.is_intact, report.findings
    assert report.level == SAMPLES[name]


def test_a_seal_without_a_trust_list_says_so(sample):
    _, document = sample
    report = jades.verify(document, NO_LIST, NOW)
    assert report.trust is SealTrust.NOT_CHECKED
    assert not report.is_trusted
    assert "trust-list-not-checked" in {finding.code for finding in report.findings}


def test_a_seal_off_the_trust_list_is_not_trusted(sample, shared):
    _, document = sample
    other = (shared / "edc/jades-vectors/jades-lta-with-etsiU-whitespaces.json").read_bytes()
    report = jades.verify(document, TrustAnchors(roots_in(other)), NOW)
    assert report.trust is SealTrust.NOT_LISTED
    assert "seal-not-trusted" in report.failures()


def test_the_payload_comes_out_as_it_was_sealed(sample):
    _, document = sample
    assert jades.verify(document, NO_LIST, NOW).payload == json.loads(document)["payload"]


def test_the_folder_holds_no_sealed_sample_that_is_not_in_the_table(shared):
    folder = shared / "edc/samples"
    files = [path for path in folder.rglob("*") if path.is_file()]
    sealed = {
        str(path.relative_to(folder))
        for path in files
        if jades.is_sealed(json.loads(path.read_bytes()))
    }
    assert sealed == set(SAMPLES)


@pytest.mark.filterwarnings("ignore:Attribute's length")  # a changed byte in a certificate's name
def test_any_changed_byte_of_a_sample_shows(sample):
    name, document = sample
    choose = random.Random(name)  # noqa: S311 - places to damage, not secrets
    seal_starts = document.rindex(b'"signatures"')
    places = [choose.randrange(len(document)) for _ in range(20)]
    places += [choose.randrange(seal_starts, len(document)) for _ in range(50)]
    original = json.loads(document)
    for place in places:
        changed = bytearray(document)
        changed[place] ^= choose.choice((1, 2, 0x20))
        report = jades.verify(bytes(changed), NO_LIST, NOW)
        shows = not report.is_intact or report.level != SAMPLES[name]
        assert shows or _means_the_same(changed, original), f"byte {place} of {name}"


def _means_the_same(changed, original):
    try:
        return json.loads(bytes(changed)) == original
    except ValueError:
        return False


def test_a_sample_may_be_indented_anew_around_its_payload(sample):
    name, document = sample
    again = json.dumps(json.loads(document), indent=3)
    assert jades.verify(again, NO_LIST, NOW).level == SAMPLES[name]


def test_a_velocert_seal_is_trusted_when_its_authority_is_on_the_list(shared):
    document = (shared / "edc/samples/mynextid/edc-dc-signed.jsonld").read_bytes()
    seal = jades.verify(document, NO_LIST, NOW)
    pool = [
        read_certificate(octets)
        for kind, octets in validation_values(properties(read(document).signatures[0].header))
        if kind == "x509Cert"
    ]
    top = find_path(seal.certificate, pool, (), NOW).certificates[-1]
    clock = next(each for each in pool if "tsa" in each.subject.rfc4514_string())
    report = jades.verify(document, TrustAnchors((top,), (clock,)), NOW)
    assert report.is_trusted, report.findings
    assert report.identity.identifier.startswith(("NTREE", "VATEE"))


def test_a_seal_whose_clock_is_not_on_the_list_is_not_fully_trusted(shared):
    document = (shared / "edc/samples/mynextid/edc-dc-signed.jsonld").read_bytes()
    seal = jades.verify(document, NO_LIST, NOW).certificate
    report = jades.verify(document, TrustAnchors((seal,)), NOW)
    codes = {finding.code: finding.outcome for finding in report.findings}
    assert codes["timestamp-authority-not-listed"] is Outcome.UNKNOWN
    assert (report.level, report.is_trusted) == (Level.B, False)


def test_every_vector_is_in_the_table(shared):
    folder = shared / "edc/jades-vectors"
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.json")} == set(VECTORS)


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_a_vector_is_what_its_name_says(name, shared):
    level, code = VECTORS[name]
    document = (shared / "edc/jades-vectors" / name).read_bytes()
    claimed = jades.verify(document, NO_LIST, NOW).claimed_at
    report = jades.verify(document, NO_LIST, (claimed or NOW) + timedelta(hours=1))
    open_or_wrong = {
        finding.code
        for finding in report.findings
        if finding.outcome in (Outcome.FAILED, Outcome.UNKNOWN) and finding.check != "trust"
    }
    assert report.level == level
    assert report.is_intact == (code == "")
    assert code in open_or_wrong if code else not open_or_wrong


def test_an_expired_certificate_without_a_timestamp_proves_nothing(shared):
    document = (shared / "edc/jades-vectors/jades-level-b-full-type.json").read_bytes()
    report = jades.verify(document, NO_LIST, NOW)
    codes = {finding.code: finding.outcome for finding in report.findings}
    assert codes["seal-certificate-expired-no-timestamp"] is Outcome.UNKNOWN
    assert not report.is_intact


@pytest.mark.parametrize(
    "document",
    [b"", b"{}", b"[]", b"a.b", b"a.b.c", b'{"payload":"x","signatures":[]}', b"\xff", b"{" * 5000],
)
def test_refuses_what_is_no_seal(document):
    report = jades.verify(document, NO_LIST, NOW)
    assert report.level is None
    assert report.failures()


def test_a_member_that_stands_twice_is_refused(shared):
    document = (shared / "edc/samples/mynextid/edc-dc-signed.jsonld").read_text()
    twice = '{"payload":"{}",' + document.lstrip()[1:]
    assert jades.verify(twice, NO_LIST, NOW).failures() == ("seal-malformed",)


def test_alg_none_is_refused(shared):
    document = json.loads((shared / "edc/samples/mynextid/edc-dc-signed.jsonld").read_bytes())
    header = json.loads(from_b64url(document["signatures"][0]["protected"]))
    header["alg"] = "none"
    document["signatures"][0] |= {
        "protected": to_b64url(json.dumps(header).encode()),
        "signature": "",
    }
    assert "header-algorithm" in jades.verify(document, NO_LIST, NOW).failures()
