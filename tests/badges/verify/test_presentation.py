"""Presentations: credentials a holder shows, for one request."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from badges import seal
from badges.proofs import vc_jwt
from badges.verify import Outcome, Policy, Verdict, verdict
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ASKED = Policy(challenge="n-0S6", domain="https://employer.example")


@pytest.fixture
def holder():
    return generate(Curve.ED25519)


@pytest.fixture
def own_badge(uni, draft, holder):
    did = holder.verification_method.partition("#")[0]
    return uni.sign({**draft, "credentialSubject": {**draft["credentialSubject"], "id": did}})


@pytest.fixture
def present(holder, own_badge):
    def present(signer=holder, credentials=(own_badge,), document=None, **options):
        presentation = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": signer.verification_method.partition("#")[0],
            "verifiableCredential": list(credentials),
        } | (document or {})
        options = {"purpose": "authentication", "challenge": "n-0S6"} | options
        options = {"domain": "https://employer.example"} | options
        return seal.data_integrity.add_proof(
            presentation, signer, seal.SUITE, created=NOW, **options
        )

    return present


def test_the_holder_who_answers_the_request_is_believed(present, verify):
    report = verify(present(), policy=ASKED)
    assert report.verdict is Verdict.VALID
    assert report.finding("holder").code == "holder-proved"
    assert report.inner[0].verdict is Verdict.VALID


def test_without_a_request_a_presentation_only_says_who_signed(present, verify):
    report = verify(present())
    assert report.verdict is Verdict.VALID
    assert report.finding("holder").code == "holder-signed"


@pytest.mark.parametrize(
    "domain", ["https://employer.example", ["https://employer.example"]], ids=str
)
def test_a_domain_alone_or_in_a_list_of_one_is_the_same(present, verify, domain):
    assert verify(present(domain=domain), policy=ASKED).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"challenge": "another"}, "INVALID_CHALLENGE_ERROR"),
        ({"challenge": None}, "INVALID_CHALLENGE_ERROR"),
        ({"domain": "https://evil.example"}, "INVALID_DOMAIN_ERROR"),
        ({"domain": ["https://employer.example", "https://evil.example"]}, "INVALID_DOMAIN_ERROR"),
        ({"domain": None}, "INVALID_DOMAIN_ERROR"),
        ({"purpose": "assertionMethod"}, "PROOF_VERIFICATION_ERROR"),
    ],
    ids=str,
)
def test_v8_a_wrong_answer_has_the_name_of_the_specification(present, verify, options, code):
    report = verify(present(**options), policy=ASKED)
    assert report.finding("holder").code == code
    assert report.verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "options",
    [
        {"challenge": "another"},
        {"challenge": None},
        {"domain": "https://evil.example"},
        {"domain": None},
        {"purpose": "assertionMethod"},
        {"expires": NOW - timedelta(minutes=5)},
    ],
    ids=str,
)
def test_v8_a_presentation_for_somebody_else_is_never_valid(present, verify, options):
    assert verify(present(**options), policy=ASKED).verdict is Verdict.NOT_VALID


def test_a_presentation_by_somebody_else_is_not_valid(present, verify):
    report = verify(present(generate(Curve.ED25519)), policy=ASKED)
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("holder").code == "holder-differs"


def test_a_holder_that_is_not_the_signer_is_not_valid(present, verify):
    forged = present(document={"holder": "did:web:other.example"})
    assert verify(forged, policy=ASKED).finding("holder").code == "holder-differs"


def test_an_unsigned_presentation_does_not_answer_a_request(present, verify):
    unsigned = {k: v for k, v in present().items() if k != "proof"}
    assert verify(unsigned, policy=ASKED).verdict is Verdict.NOT_VALID
    assert verify(unsigned).finding("holder").outcome is Outcome.NOT_APPLICABLE


def test_a_changed_presentation_is_not_valid(present, own_badge, verify):
    forged = present()
    forged["verifiableCredential"].append(own_badge)
    assert verify(forged, policy=ASKED).verdict is Verdict.NOT_VALID


def test_a_forged_badge_inside_is_not_valid(present, own_badge, verify):
    report = verify(present(credentials=({**own_badge, "name": "Master of Science"},)))
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("credentials").code == "credentials-not-valid"


def test_an_unchecked_badge_inside_is_unchecked(present, verify):
    assert verify(present(), pages={}, policy=ASKED).verdict is Verdict.COULD_NOT_CHECK


@pytest.mark.parametrize("inside", [(), (None,), ("a.b.c",), ({},), (5,)], ids=str)
def test_a_presentation_of_nothing_is_not_valid(verify, inside):
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(inside),
    }
    assert verify(presentation).verdict is not Verdict.VALID


def test_a_presentation_in_a_presentation_is_not_followed(present, verify):
    assert verify(present(credentials=(present(),))).verdict is Verdict.NOT_VALID


def test_taking_a_finding_away_never_makes_it_valid(present, verify):
    report = verify(present(), policy=ASKED)
    for finding in report.findings:
        rest = [f for f in report.findings if f is not finding]
        assert verdict(rest, expected=report.expected) is Verdict.COULD_NOT_CHECK


@pytest.fixture
def token(holder, own_badge):
    def token(signer=holder, **change):
        presentation = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": signer.verification_method.partition("#")[0],
            "verifiableCredential": [own_badge],
        }
        request = {"audience": ASKED.domain, "nonce": ASKED.challenge, "issued_at": NOW} | change
        return vc_jwt.create_presentation(presentation, signer, **request).encode()

    return token


def test_a_presentation_as_a_token_is_believed(token, verify):
    assert verify(token(), policy=ASKED).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "change", [{"audience": "https://evil.example"}, {"nonce": "old"}], ids=str
)
def test_v8_a_token_for_somebody_else_is_never_valid(token, verify, change):
    assert verify(token(**change), policy=ASKED).verdict is Verdict.NOT_VALID


def test_v8_a_token_by_somebody_else_is_never_valid(token, verify):
    assert verify(token(generate(Curve.ED25519)), policy=ASKED).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://www.w3.org/ns/credentials/v2"},
        {"id": ["urn:a:1", "urn:a:2"]},
        {"verifiableCredential": ["https://morgenau.example/credentials/1"]},
        {"termsOfUse": {"id": "urn:a:1"}},
    ],
    ids=str,
)
def test_a_presentation_that_is_not_one_is_refused(present, verify, document):
    unsigned = {name: value for name, value in present().items() if name != "proof"}
    report = verify(unsigned | document)
    assert report.finding("structure").outcome is Outcome.FAILED
    assert report.verdict is Verdict.NOT_VALID


def test_the_report_of_a_presentation_carries_those_of_its_credentials(present, verify):
    report = verify(present(), policy=ASKED).to_json("x")
    assert report["credentials"][0]["verdict"] == "valid"
    json.dumps(report)
