"""Statements of VC Data Integrity and its cryptosuites, each broken in a proof signed right.

The signature always fits what is written: it is the form alone that is refused. Row by row: what
the specification says, what is written instead, and the name of the error.
"""

import json
from datetime import UTC, datetime, timedelta

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from badges.proofs import data_integrity, multibase
from badges.proofs.suites import suite_named
from badges.verify import Verdict
from did.document import KeyEntry, build
from did.public_key import Curve
from did.signers.memory import generate
from tests.badges.verify.conftest import DID, METHOD, Page, University

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SUITES = {
    "eddsa-rdfc-2022": Curve.ED25519,
    "eddsa-jcs-2022": Curve.ED25519,
    "ecdsa-rdfc-2019": Curve.P256,
    "ecdsa-jcs-2019": Curve.P384,
}
PLAIN = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "validFrom": "2026-10-31T12:00:00Z",
    "credentialSubject": {"id": "did:web:learner.example"},
}
WRONG = "PROOF_VERIFICATION_ERROR"


@pytest.fixture(scope="module", params=SUITES)
def suite(request):
    return request.param


class Unlisted(University):
    """A university without a status list."""

    def publish_list(self, **change):
        del change


@pytest.fixture(scope="module")
def issuer(suite):
    """The university, with a key of the kind the suite needs."""
    return Unlisted(signer=generate(SUITES[suite], METHOD))


@pytest.fixture
def secure(suite, issuer):
    """Return a credential with one proof that says what `change` says, its signature right."""

    def secure(change=None, encode=multibase.encode_z, document=None, name=None):
        known = suite_named(suite)
        unsigned = PLAIN | (document or {})
        options = data_integrity.proof_options(issuer.signer, suite, created=NOW)
        if known.signs_context:
            options["@context"] = unsigned["@context"]
        options = {k: v for k, v in (options | (change or {})).items() if v is not ...}
        signed = options if known.signs_context else options | {"@context": unsigned["@context"]}
        hashed = known.hash_data(unsigned, signed, issuer.signer.public_key.curve, {})
        value = encode(issuer.signer.sign(hashed.message))
        return unsigned | {"proof": options | {"proofValue": value, **(name or {})}}

    return secure


@pytest.fixture
def look(issuer, verify):
    return lambda document: verify(document, pages=issuer.pages)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"created": ...},
        {"created": "2026-11-01T12:00:00.123Z"},
        {"created": "2026-11-01T13:00:00+01:00"},
        {"expires": "2026-11-02T00:00:00Z"},
        {"domain": "https://employer.example", "challenge": "c"},
        {"domain": ["https://employer.example", "https://other.example"]},
        {"nonce": "n"},
        {"id": "urn:uuid:00000000-0000-4000-8000-00000000dddd"},
    ],
    ids=str,
)
def test_what_a_proof_may_say_is_accepted(secure, look, change):
    report = look(secure(change))
    assert report.verdict in {Verdict.VALID, Verdict.GENUINE_WITH_REMARKS}, report.reason
    assert report.finding("proof").code == "signature-correct"
    assert report.finding("issuer").code == "key-of-issuer"


def test_one_proof_may_stand_in_a_list(secure, look):
    secured = secure()
    assert look(secured | {"proof": [secured["proof"]]}).verdict is Verdict.VALID
    assert look(secured | {"proof": []}).verdict is Verdict.NOT_VALID
    assert look(secured | {"proof": [[secured["proof"]]]}).verdict is Verdict.NOT_VALID


STATEMENTS = [
    ("§2.1 created is a dateTimeStamp", {"created": "2026-11-01T12:00:00"}, WRONG),
    ("§2.1 created is a dateTimeStamp", {"created": "2026-11-01"}, WRONG),
    ("§2.1 created is a dateTimeStamp", {"created": "2026-11-01 12:00:00Z"}, WRONG),
    ("§2.1 created is a dateTimeStamp", {"created": "2026-02-30T12:00:00Z"}, WRONG),
    ("§2.1 created is a dateTimeStamp", {"created": "now"}, WRONG),
    ("§2.1 expires is a dateTimeStamp", {"expires": "2026-12-01T12:00:00"}, WRONG),
    ("§2.1 expires is a dateTimeStamp", {"expires": "never"}, WRONG),
    ("§4.4 an expired proof proves nothing", {"expires": "2026-10-31T12:00:00Z"}, WRONG),
    ("made in the future", {"created": "2026-11-02T12:00:00Z"}, WRONG),
    ("§4.4 proofPurpose is the expected one", {"proofPurpose": "authentication"}, WRONG),
    ("§4.4 proofPurpose is the expected one", {"proofPurpose": "keyAgreement"}, WRONG),
    ("§2.1 proofPurpose exists", {"proofPurpose": ...}, WRONG),
    ("§2.1 verificationMethod exists", {"verificationMethod": ...}, WRONG),
    ("§2.1 type exists", {"type": ...}, WRONG),
    ("§2.1 previousProof names a proof that is here", {"previousProof": "urn:uuid:1"}, WRONG),
    ("§2.1 id is a URL", {"id": "a proof"}, WRONG),
    ("§2.1 challenge is one text", {"challenge": ["a", "b"]}, WRONG),
    ("§2.1 nonce is one text", {"nonce": ["a", "b"]}, WRONG),
]


@pytest.mark.parametrize(("says", "change", "code"), STATEMENTS, ids=str)
def test_v5_a_proof_that_breaks_a_statement_is_refused(secure, look, says, change, code):
    try:
        secured = secure(change)
    except Exception:  # noqa: BLE001 - the suite cannot even transform it: the issuer is stopped
        secured = secure() | {}
        secured["proof"] = {k: v for k, v in (secured["proof"] | change).items() if v is not ...}
    report = look(secured)
    assert report.verdict is Verdict.NOT_VALID, says
    assert report.finding("proof").code in {code, "DATA_LOSS_DETECTION_ERROR"}, says


@pytest.mark.parametrize(
    "method",
    [f"{DID}#key-2", DID, f"{DID}#", "did:web:evil.example#key-1", "key-1", "#key-1", "https://x"],
)
def test_v4_a_method_that_is_not_one_of_the_issuers_is_never_valid(secure, look, method):
    try:
        secured = secure({"verificationMethod": method})
    except Exception:  # noqa: BLE001 - as above
        secured = secure()
        secured["proof"] |= {"verificationMethod": method}
    assert look(secured).verdict in {Verdict.NOT_VALID, Verdict.COULD_NOT_CHECK}


def _der(signature):
    half = len(signature) // 2
    numbers = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    return multibase.encode_z(encode_dss_signature(*numbers))


ENCODINGS = {
    "base64url": multibase.encode_u,
    "no header": lambda s: base58.b58encode(s).decode(),
    "another header": lambda s: "Z" + base58.b58encode(s).decode(),
    "hexadecimal": lambda s: "f" + s.hex(),
    "base32": lambda s: "b" + "a" * 103,
    "white space": lambda s: multibase.encode_z(s) + "\n",
    "a leading one": lambda s: "z1" + base58.b58encode(s).decode(),
    "longer": lambda s: multibase.encode_z(s + b"\0"),
    "shorter": lambda s: multibase.encode_z(s[:-1]),
    "DER": _der,
    "halves swapped": lambda s: multibase.encode_z(s[len(s) // 2 :] + s[: len(s) // 2]),
    "zero": lambda s: multibase.encode_z(bytes(len(s))),
    "empty": lambda s: "z",
    "a list": lambda s: [multibase.encode_z(s)],
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_v6_a_signature_has_one_spelling(secure, look, encoding):
    report = look(secure(encode=ENCODINGS[encoding]))
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("proof").code in {WRONG, "DATA_LOSS_DETECTION_ERROR"}


@pytest.mark.parametrize(
    "name",
    [
        {"type": "dataintegrityproof"},
        {"type": ["DataIntegrityProof"]},
        {"type": "Ed25519Signature2020"},
        {"cryptosuite": "EDDSA-RDFC-2022"},
        {"cryptosuite": "eddsa-rdfc-2023"},
        {"cryptosuite": ["eddsa-rdfc-2022"]},
        {"cryptosuite": ""},
        {"cryptosuite": None},
    ],
    ids=str,
)
def test_v5_the_names_of_type_and_suite_are_exact(secure, look, name):
    report = look(secure(name=name))
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("proof").code in {WRONG, "DATA_LOSS_DETECTION_ERROR"}


@pytest.mark.parametrize("other", [*SUITES, "ecdsa-sd-2023", "eddsa-2022"])
def test_v5_a_proof_does_not_count_under_the_name_of_another_suite(suite, secure, look, other):
    if other != suite:
        assert look(secure(name={"cryptosuite": other})).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("end", ["expires", "revoked"])
def test_v4_the_key_counts_until_its_end(suite, secure, verify, issuer, end):
    raw = build(DID, [KeyEntry("key-1", issuer.signer.public_key)])
    for shift, holds in ((timedelta(days=1), True), (-timedelta(days=1), False)):
        raw["verificationMethod"][0][end] = (NOW + shift).isoformat()
        page = Page(json.dumps(raw).encode())
        pages = issuer.pages | {"https://morgenau.example/.well-known/did.json": page}
        assert (verify(secure(), pages=pages).verdict is Verdict.VALID) is holds


def test_the_context_a_jcs_proof_was_made_under_begins_that_of_the_document(suite, secure, look):
    if not suite_named(suite).signs_context:
        pytest.skip("only JCS proofs carry their context")
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    two = [*PLAIN["@context"], "https://w3id.org/security/data-integrity/v2"]
    secured = secure(document={"@context": two})
    more = [*two, examples]
    assert look(secured | {"@context": more}).verdict is Verdict.VALID
    for context in (more[::-1], more[1:], more[:1], [more[0], more[2], more[1]]):
        assert look(secured | {"@context": context}).verdict is not Verdict.VALID
