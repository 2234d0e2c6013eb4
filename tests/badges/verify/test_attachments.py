"""What hangs on a badge: endorsements (row V17), schemas, resources, newer copies, recipient."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from badges import seal
from badges.proofs import multibase, vc_jwt
from badges.status import bits as status_bits
from badges.status.bitstring import build_list
from badges.status.entry import make_entry
from badges.verify import Outcome, Policy, Verdict
from did.public_key import Curve
from did.signers.memory import generate
from tests.badges.verify.conftest import Page

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ACHIEVEMENT = "https://morgenau.example/achievements/data"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


def stamp(**shift):
    return (NOW + timedelta(**shift)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def agency():
    return generate(Curve.ED25519)


@pytest.fixture
def endorse(agency):
    did = agency.verification_method.partition("#")[0]

    def endorse(signer=agency, **change):
        endorsement = {
            "@context": [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
            "id": "urn:uuid:00000000-0000-4000-8000-00000000eeee",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Quality checked",
            "issuer": {"id": did, "type": ["Profile"], "name": "Quality Agency"},
            "validFrom": stamp(days=-30),
            "credentialSubject": {
                "id": ACHIEVEMENT,
                "type": ["EndorsementSubject"],
                "endorsementComment": "Reviewed in 2025.",
            },
        } | change
        return seal.data_integrity.add_proof(endorsement, signer, seal.SUITE, created=NOW)

    return endorse


@pytest.fixture
def endorsed(uni, draft):
    def endorsed(*endorsements, member="endorsement"):
        subject = draft["credentialSubject"]
        achievement = {**subject["achievement"], member: list(endorsements)}
        return uni.sign({**draft, "credentialSubject": {**subject, "achievement": achievement}})

    return endorsed


def test_a_genuine_endorsement_passes(endorsed, endorse, verify):
    report = verify(endorsed(endorse()))
    assert report.verdict is Verdict.VALID
    assert report.finding("endorsements").code == "endorsed"


def test_v17_a_forged_endorsement_has_its_own_failing_line(endorsed, endorse, verify):
    forged = endorse() | {"name": "Best of all"}
    report = verify(endorsed(forged))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.finding("endorsements").code == "endorsement-not-valid"
    assert report.finding("proof").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "change",
    [
        {"validUntil": "2026-10-05T00:00:00Z"},
        {"validFrom": "2027-01-01T00:00:00Z"},
        {"issuer": {"id": "did:web:famous.example", "type": ["Profile"], "name": "Famous"}},
        {"credentialSubject": {"id": "urn:x:other", "type": ["EndorsementSubject"]}},
        {"type": ["VerifiableCredential"]},
    ],
    ids=str,
)
def test_v17_an_endorsement_that_does_not_hold_is_never_passed(endorsed, endorse, verify, change):
    report = verify(endorsed(endorse(**change)))
    assert report.verdict is not Verdict.VALID
    assert report.finding("endorsements").outcome is Outcome.FAILED


def test_v17_an_endorsement_by_another_key_is_never_passed(endorsed, endorse, verify):
    report = verify(endorsed(endorse(generate(Curve.ED25519))))
    assert report.finding("endorsements").outcome is Outcome.FAILED


AGENCY_LIST = "https://agency.example/status/1"


@pytest.fixture
def watched(uni, endorse, agency):
    """An endorsement with a status, and the list it is in."""
    did = agency.verification_method.partition("#")[0]

    def watched(index=None, purpose="revocation", signer=agency):
        bits = status_bits.new()
        if index is not None:
            status_bits.write(bits, index, 1)
        facts = {"valid_from": NOW - timedelta(hours=1), "valid_until": NOW + timedelta(days=2)}
        unsigned = build_list(AGENCY_LIST, did, purpose, bits, **facts)
        signed = seal.data_integrity.add_proof(unsigned, signer, seal.SUITE, created=NOW)
        uni.pages[AGENCY_LIST] = Page(json.dumps(signed).encode())
        return endorse(credentialStatus=make_entry(AGENCY_LIST, 7, purpose))

    return watched


def test_an_endorsement_that_was_not_withdrawn_passes(endorsed, watched, verify):
    report = verify(endorsed(watched(index=8)))
    assert report.verdict is Verdict.VALID


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_v17_a_withdrawn_endorsement_is_a_failing_finding_of_its_own(
    endorsed, endorse, watched, verify, purpose
):
    other = endorse(id="urn:uuid:00000000-0000-4000-8000-00000000ffff")
    report = verify(endorsed(other, watched(index=7, purpose=purpose)))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    lines = [(f.outcome, f.code) for f in report.findings if f.check == "endorsement"]
    assert lines == [(Outcome.PASSED, "endorsed"), (Outcome.FAILED, "endorsement-revoked")]
    assert report.finding("endorsements").code == "endorsement-revoked"


def test_v17_an_endorsement_whose_list_is_missing_stays_open(uni, endorsed, watched, verify):
    badge = endorsed(watched())
    del uni.pages[AGENCY_LIST]
    report = verify(badge)
    assert report.finding("endorsement").code == "endorsement-unchecked"
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_v17_an_endorsement_with_somebody_elses_list_stays_open(endorsed, watched, verify):
    report = verify(endorsed(watched(signer=generate(Curve.ED25519))))
    assert report.finding("endorsement").outcome is Outcome.UNKNOWN


def test_v17_an_endorsement_with_a_place_past_the_end_of_its_list_fails(
    endorsed, endorse, watched, verify
):
    watched()
    entry = make_entry(AGENCY_LIST, 10**7)
    report = verify(endorsed(endorse(credentialStatus=entry)))
    assert report.finding("endorsement").outcome is Outcome.FAILED


def test_v17_an_unsigned_endorsement_is_never_passed(endorsed, endorse, verify):
    unsigned = {k: v for k, v in endorse().items() if k != "proof"}
    assert verify(endorsed(unsigned)).finding("endorsements").outcome is Outcome.FAILED


def test_v17_one_bad_endorsement_is_not_hidden_by_a_good_one(endorsed, endorse, verify):
    bad = endorse(id="urn:uuid:00000000-0000-4000-8000-00000000ffff") | {"name": "Forged"}
    for order in ((endorse(), bad), (bad, endorse())):
        report = verify(endorsed(*order))
        assert report.finding("endorsements").code == "endorsement-not-valid"


def test_v17_an_endorsement_changed_after_sealing_breaks_the_seal(endorsed, endorse, verify):
    badge = endorsed(endorse())
    inner = badge["credentialSubject"]["achievement"]["endorsement"][0]
    inner["credentialSubject"]["endorsementComment"] = "The best of all."
    assert verify(badge).verdict is Verdict.NOT_VALID


def test_v17_an_endorsement_as_a_token(endorsed, endorse, agency, verify):
    plain = {k: v for k, v in endorse().items() if k != "proof"}
    token = vc_jwt.create(plain, agency)
    report = verify(endorsed(token, member="endorsementJwt"))
    assert report.finding("endorsements").outcome is Outcome.PASSED
    report = verify(endorsed(token[:-8] + "AAAAAAAA", member="endorsementJwt"))
    assert report.finding("endorsements").outcome is Outcome.FAILED


def test_v17_an_unreachable_endorser_is_a_remark(uni, endorsed, endorse, verify):
    issuer = {"id": "did:web:agency.example", "type": ["Profile"], "name": "Agency"}
    signer = generate(Curve.ED25519, "did:web:agency.example#key-1")
    report = verify(endorsed(endorse(signer, issuer=issuer)))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.finding("endorsements").code == "endorsement-unchecked"


def page(uni, url, content):
    from dataclasses import replace

    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    uni.pages[url] = replace(next(iter(uni.pages.values())), body=body)


SCHEMA = "https://morgenau.example/schema.json"


def with_schema(uni, draft, url=SCHEMA, kind="1EdTechJsonSchemaValidator2019"):
    contexts = [*draft["@context"], EXTENSIONS]
    schema = [{"id": url, "type": kind}]
    return uni.sign({**draft, "@context": contexts, "credentialSchema": schema})


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"type": "object", "required": ["name"]}, "schema-kept"),
        ({"type": "object", "required": ["awardNumber"]}, "schema-remarks"),
        ({"type": 5}, "schema-unavailable"),
        ({"$ref": "https://evil.example/more.json"}, "schema-unavailable"),
        ({"properties": {"name": {"pattern": "(a+)+$"}}}, "schema-unavailable"),
        ({"patternProperties": {"(a+)+$": {}}}, "schema-unavailable"),
        ({"$ref": "#"}, "schema-unavailable"),
        (b"not json", "schema-unavailable"),
        ([], "schema-unavailable"),
    ],
    ids=str,
)
def test_a_declared_schema_is_run_or_said_to_be_unavailable(uni, draft, verify, schema, code):
    page(uni, SCHEMA, schema)
    assert verify(with_schema(uni, draft)).finding("schema").code == code


def test_a_schema_nobody_serves_is_a_remark(uni, draft, verify):
    report = verify(with_schema(uni, draft))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_the_official_schema_is_held_here_and_not_fetched(uni, draft, verify):
    url = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
    assert verify(with_schema(uni, draft, url)).finding("schema").code == "schema-kept"


CONTENT = b"the brochure of 2026"
BROCHURE = "https://morgenau.example/brochure.pdf"


def sri(content=CONTENT, name="sha384"):
    return f"{name}-{base64.b64encode(hashlib.new(name, content).digest()).decode()}"


def multihash(content=CONTENT, header=b"\x12\x20"):
    return multibase.encode_u(header + hashlib.sha256(content).digest())


def with_resource(uni, draft, **resource):
    return uni.sign({**draft, "relatedResource": [{"id": BROCHURE, **resource}]})


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ({"digestSRI": sri()}, "resources-match"),
        ({"digestSRI": sri(name="sha256")}, "resources-match"),
        ({"digestSRI": f"{sri(b'x', 'sha256')} {sri()}"}, "resources-match"),
        ({"digestMultibase": multihash()}, "resources-match"),
        ({"digestMultibase": multihash(), "digestSRI": sri()}, "resources-match"),
        ({"digestSRI": sri(b"another")}, "resource-differs"),
        ({"digestSRI": f"{sri(name='sha256')} {sri(b'x')}"}, "resource-differs"),
        ({"digestSRI": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="}, "resource-differs"),
        ({"digestSRI": "sha384-!!"}, "resource-differs"),
        ({"digestMultibase": multihash(b"another")}, "resource-differs"),
        ({"digestMultibase": multihash(header=b"\x11\x14")}, "resource-differs"),
        ({"digestMultibase": "u!!"}, "resource-differs"),
        ({"digestMultibase": multihash(b"x"), "digestSRI": sri()}, "resource-differs"),
    ],
    ids=str,
)
def test_an_attachment_has_its_fingerprint_or_has_not(uni, draft, verify, resource, code):
    page(uni, BROCHURE, CONTENT)
    report = verify(with_resource(uni, draft, **resource))
    assert report.finding("resources").code == code
    expected = Verdict.VALID if code == "resources-match" else Verdict.NOT_VALID
    assert report.verdict is expected


def test_an_attachment_that_cannot_be_had_is_a_remark(uni, draft, verify):
    report = verify(with_resource(uni, draft, digestSRI=sri()))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


REFRESH = "https://morgenau.example/refresh/1"


@pytest.fixture
def refreshable(draft):
    service = {"id": REFRESH, "type": "1EdTechCredentialRefresh"}
    return {**draft, "@context": [*draft["@context"], EXTENSIONS], "refreshService": service}


def test_a_newer_copy_is_a_remark(uni, refreshable, verify):
    page(uni, REFRESH, uni.sign({**refreshable, "validFrom": stamp(hours=-1)}))
    report = verify(uni.sign(refreshable))
    assert report.finding("refresh").code == "newer-copy"
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_the_newest_copy_is_the_newest(uni, refreshable, verify):
    badge = uni.sign(refreshable)
    page(uni, REFRESH, badge)
    assert verify(badge).finding("refresh").code == "newest"


@pytest.mark.parametrize("kind", ["forged", "another", "unsigned", "nothing"])
def test_what_is_not_a_copy_says_nothing(uni, refreshable, verify, kind):
    newer = {**refreshable, "validFrom": stamp(hours=-1)}
    copies = {
        "forged": {**uni.sign(newer), "name": "Master of Science"},
        "another": uni.sign({**newer, "id": "urn:uuid:another"}),
        "unsigned": newer,
        "nothing": b"",
    }
    page(uni, REFRESH, copies[kind])
    report = verify(uni.sign(refreshable))
    assert report.finding("refresh").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("who", ["zoe@example.org", "Zoe@example.org", "Zoë Ångström"])
def test_the_recipient_asked_for_is_recognised(badge, verify, who):
    report = verify(badge, policy=Policy(recipient=who))
    assert report.verdict is Verdict.VALID
    assert report.finding("recipient").code == "recipient-matches"


@pytest.mark.parametrize("who", ["eve@example.org", "", "Zoë", "sha256$", "zoe@example.org "[:-2]])
def test_anybody_else_is_not_the_recipient(badge, verify, who):
    assert verify(badge, policy=Policy(recipient=who)).verdict is Verdict.NOT_VALID


def test_proof_only_says_that_nobody_asked_who(badge, verify):
    report = verify(badge, policy=Policy(proof_only=True))
    assert report.verdict is Verdict.COULD_NOT_CHECK
    assert report.finding("proof").outcome is Outcome.PASSED
    assert report.finding("issuer").code == "unbound"


def test_proof_only_still_sees_a_forgery(badge, verify):
    forged = {**badge, "name": "Master of Science"}
    assert verify(forged, policy=Policy(proof_only=True)).verdict is Verdict.NOT_VALID
