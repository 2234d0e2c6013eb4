"""A sealed European Digital Credential before the verifier: the badge inside, owner, list."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from badges.edc.write import Issue, Page, frozen, write_edc
from badges.proofs import jades
from badges.proofs.jades import timestamp
from badges.proofs.x509 import der, issuer_from_certificate
from badges.verify import Form, Outcome, Policy, Verdict, read
from issuer.signing.test_seal import make_test_seal
from tests.badges.verify.conftest import NOW

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
NAME = "Universitat Morgenau"


@pytest.fixture(scope="module")
def seal():
    return make_test_seal(NAME, identifier="VATAT-U1", country="AT", now=NOW, algorithm="ES256")


@pytest.fixture(scope="module")
def policy(seal):
    authority = der(seal.authority)
    return Policy(seal_authorities=(authority,), timestamp_authorities=(authority,))


@pytest.fixture
def edc(award, badge, seal):
    issue = Issue(
        "urn:credential:00000000-0000-4000-8000-00000000cccc",
        NOW,
        [Page(language, PICTURE) for language in languages(award)],
        seal=issuer_from_certificate(seal.key.certificate_chain[0]),
        badge=json.dumps(badge).encode(),
        badge_id=badge["id"],
    )
    return write_edc(award, issue)


def languages(award):
    return sorted(award.achievement.title) or ["en"]


def close(seal, document, *, stamped=True):
    text = document if isinstance(document, str) else frozen(document).decode()
    sealed = jades.sign_b(text, seal.key, NOW)
    if not stamped:
        return jades.seal_bytes(sealed)
    message = jades.timestamp_input(sealed)
    answer = seal.timestamps.answer(timestamp.request(message, 1), NOW)
    return jades.seal_bytes(
        jades.add_timestamp(sealed, timestamp.read_response(answer, message, 1))
    )


def outcome(report, check):
    found = report.finding(check)
    return found.outcome, found.code


def test_a_test_seal_of_this_service_is_genuine_with_that_remark(seal, edc, verify, policy):
    report = verify(close(seal, edc), policy=policy)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS, report.findings
    assert report.reason.code == "test-seal"
    assert outcome(report, "status") == (Outcome.PASSED, "not-revoked")
    assert report.credential["seal"]["level"] == "B-T"
    assert report.credential["form"] == "jades"


def test_a_test_seal_of_strangers_could_not_be_checked(seal, edc, verify):
    report = verify(close(seal, edc))
    assert report.verdict is Verdict.COULD_NOT_CHECK
    assert outcome(report, "register") == (Outcome.UNKNOWN, "test-seal-unlisted")


def test_the_badge_inside_carries_the_revocation(uni, seal, edc, verify, policy):
    uni.bits[0] |= 0x80 >> 7
    uni.publish_list()
    report = verify(close(seal, edc), policy=policy)
    assert report.verdict is Verdict.NOT_VALID
    assert outcome(report, "status") == (Outcome.FAILED, "revoked")


def test_a_status_list_out_of_reach_is_not_clear(seal, edc, verify, policy):
    report = verify(close(seal, edc), policy=policy, pages={})
    assert report.verdict is Verdict.COULD_NOT_CHECK
    assert report.finding("status").outcome is Outcome.UNKNOWN


def test_a_forged_badge_inside_says_nothing_of_the_status(seal, edc, badge, verify, policy):
    forged = badge | {"name": "Doctor of Everything"}
    content = base64.b64encode(json.dumps(forged).encode()).decode()
    edc["attachment"][0]["content"] = content
    report = verify(close(seal, edc), policy=policy)
    assert outcome(report, "status") == (Outcome.UNKNOWN, "STATUS_VERIFICATION_ERROR")
    assert report.verdict is Verdict.COULD_NOT_CHECK


def test_of_several_badges_inside_the_worst_speaks(uni, seal, edc, verify, policy):
    endless = json.loads(base64.b64decode(edc["attachment"][0]["content"]))
    del endless["proof"], endless["credentialStatus"]
    other = base64.b64encode(json.dumps(uni.sign(endless)).encode()).decode()
    edc["attachment"].insert(0, edc["attachment"][0] | {"id": "urn:x:1", "content": other})
    uni.bits[0] |= 0x80 >> 7
    uni.publish_list()
    report = verify(close(seal, edc), policy=policy)
    assert outcome(report, "status") == (Outcome.FAILED, "revoked")


def test_other_vocabularies_are_no_such_credential(seal, edc, verify, policy):
    edc["@context"].append("https://example.org/other")
    report = verify(close(seal, edc), policy=policy)
    assert outcome(report, "structure")[0] is Outcome.FAILED
    assert report.verdict is Verdict.NOT_VALID


def test_one_changed_letter_breaks_the_seal(seal, edc, verify, policy):
    changed = close(seal, edc).replace(b"Morgenau", b"Abendrot", 1)
    report = verify(changed, policy=policy)
    assert report.verdict is Verdict.NOT_VALID
    assert outcome(report, "proof") == (Outcome.FAILED, "PROOF_VERIFICATION_ERROR")
    assert report.credential["protected"] is False


def test_a_seal_of_somebody_else_is_not_valid(edc, verify):
    other = make_test_seal("Else", identifier="VATAT-U2", country="AT", now=NOW, algorithm="ES256")
    report = verify(close(other, edc), policy=Policy(seal_authorities=(der(other.authority),)))
    assert outcome(report, "issuer") == (Outcome.FAILED, "seal-of-another")
    assert report.verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    ("name", "identifier"), [(NAME, "VATAT-U2"), ("Universitat Abendrot", "VATAT-U1")]
)
def test_name_and_number_must_both_be_the_owners(edc, verify, name, identifier):
    other = make_test_seal(name, identifier=identifier, country="AT", now=NOW, algorithm="ES256")
    report = verify(close(other, edc), policy=Policy(seal_authorities=(der(other.authority),)))
    assert outcome(report, "issuer") == (Outcome.FAILED, "seal-of-another")


def test_an_expired_certificate_without_a_timestamp_could_not_be_checked(seal, edc, verify, policy):
    later = NOW + timedelta(days=100)
    report = verify(close(seal, edc, stamped=False), policy=policy, now=later)
    assert outcome(report, "proof") == (Outcome.UNKNOWN, "seal-time-unproven")
    assert report.verdict is Verdict.COULD_NOT_CHECK


@pytest.mark.parametrize("term", ["validUntil", "expirationDate"])
def test_either_end_ends_it(seal, edc, verify, policy, term):
    edc[term] = "2026-10-31T00:00:00Z"
    report = verify(close(seal, edc), policy=policy)
    assert outcome(report, "dates") == (Outcome.FAILED, "expired")
    assert report.verdict is not Verdict.VALID


def test_a_broken_rule_of_europass_is_a_remark(seal, edc, verify, policy):
    del edc["displayParameter"]
    report = verify(close(seal, edc), policy=policy)
    assert outcome(report, "schema") == (Outcome.FAILED, "schema-remarks")


def test_what_is_sealed_must_be_such_a_credential(seal, verify, policy):
    report = verify(close(seal, '{"type":["VerifiableCredential"]}'), policy=policy)
    assert report.verdict is Verdict.NOT_VALID


def test_shows_the_seven_checks_of_europass(seal, edc, verify, policy):
    shown = verify(close(seal, edc), policy=policy).credential["europass"]
    assert [each["check"] for each in shown] == [
        *("format", "seal", "owner", "revocation", "expiry", "accreditation", "custom"),
    ]
    statuses = {each["check"]: each["status"] for each in shown}
    assert statuses["revocation"] == statuses["expiry"] == statuses["format"] == "ok"
    assert statuses["seal"] == "skipped"


def test_compares_the_learner_when_asked(seal, edc, verify, policy):
    person = edc["credentialSubject"]
    name = next(iter(person["fullName"].values()))
    known = replace(policy, recipient=name[0] if isinstance(name, list) else name)
    assert outcome(verify(close(seal, edc), policy=known), "recipient")[0] is Outcome.PASSED
    stranger = replace(policy, recipient="Somebody Else")
    assert verify(close(seal, edc), policy=stranger).verdict is Verdict.NOT_VALID


def test_an_official_sample_is_genuine_but_nobody_vouches_here(shared, verify):
    document = (shared / "edc/samples/official/Sample-CertOfPart-signed.jsonld").read_bytes()
    report = verify(document)
    assert read(document).form is Form.JADES
    assert report.reason.code == "trust-list-not-checked"
    assert report.verdict is Verdict.COULD_NOT_CHECK
    assert report.credential["learner"]["name"] == "Ana Andromeda"


def test_an_official_sample_is_valid_with_its_authorities_on_the_list(shared, verify):
    document = (shared / "edc/samples/official/Sample-CertOfPart-signed.jsonld").read_bytes()
    carried = certificates_in(document)
    top = [each for each in carried if each.issuer == each.subject]
    above = [each for each in carried if "ANF Global" in each.issuer.rfc4514_string()]
    trusted = Policy(
        seal_authorities=tuple(map(der, above)), timestamp_authorities=tuple(map(der, top))
    )
    report = verify(document, policy=trusted)
    assert outcome(report, "register") == (Outcome.PASSED, "seal-trusted"), report.findings
    assert report.verdict is Verdict.VALID
    assert report.credential["issuer"] == {
        "id": "VATES-A00000000",
        "name": "ORGANIZACION TEST",
        "identifier": "VATES-A00000000",
        "name_source": "seal-certificate",
    }


def certificates_in(document):
    from badges.proofs.jades.serialization import read as read_jws
    from badges.proofs.jades.unsigned import properties, validation_values
    from badges.proofs.x509 import read_certificate

    (part,) = read_jws(document).signatures
    values = validation_values(properties(part.header))
    return [read_certificate(octets) for kind, octets in values if kind == "x509Cert"]


def test_tells_the_elements_of_an_official_sample(shared, verify):
    document = (shared / "edc/samples/elm-repo/Sample-MC-Annex1-signed.jsonld").read_bytes()
    said = verify(document).credential
    assert (said["ects"], said["eqf_level"]["code"], said["workload"]["name"]) == (2, "6", "60 h")
    assert said["skills"][0]["name"] == "stimulate creativity in the team"


@pytest.mark.parametrize("subject", [[], "x", {"hasClaim": 7}, {"hasClaim": [{"title": 1}]}, None])
def test_what_cannot_be_read_is_left_out(seal, edc, verify, policy, subject):
    report = verify(close(seal, edc | {"credentialSubject": subject}), policy=policy)
    assert "skills" not in report.credential
    assert report.verdict is not Verdict.VALID
