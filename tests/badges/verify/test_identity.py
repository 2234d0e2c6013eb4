"""Whose key it is: rows V4 and V18 of the threat model."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from badges import seal
from badges.verify import Outcome, Policy, Verdict
from badges.verify.keys import KeyRing
from did.document import KeyEntry, build
from did.errors import DidError
from did.public_key import Curve
from did.signers.memory import from_seed, generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
METHOD = f"{DID}#key-1"


def did_document(uni, **change):
    return build(DID, [KeyEntry("key-1", uni.signer.public_key)]) | change


def issuer_finding(report):
    return report.finding("issuer")


def spoilt(uni, spoil):
    document = json.loads(json.dumps(did_document(uni)))
    spoil(document)
    return document


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: d.pop("assertionMethod"), "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
        (lambda d: d.update(assertionMethod=[]), "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
        (
            lambda d: d.update(assertionMethod=[f"{DID}#key-2"]),
            "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD",
        ),
        (
            lambda d: d["verificationMethod"][0].update(expires="2026-10-01T00:00:00Z"),
            "INVALID_VERIFICATION_METHOD",
        ),
        (
            lambda d: d["verificationMethod"][0].update(revoked="2026-10-01T00:00:00Z"),
            "INVALID_VERIFICATION_METHOD",
        ),
        (
            lambda d: d["verificationMethod"][0].update(expires="someday"),
            None,
        ),
        (
            lambda d: d["verificationMethod"][0].update(controller="did:web:other.example"),
            None,
        ),
        (lambda d: d["verificationMethod"].append(d["verificationMethod"][0]), None),
        (
            lambda d: d.update(id="did:web:other.example"),
            "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID",
        ),
        (lambda d: d.update(verificationMethod=[]), "INVALID_VERIFICATION_METHOD"),
        (lambda d: d.update(verificationMethod={}), "INVALID_DID_DOCUMENT"),
        (lambda d: d.pop("id"), None),
    ],
)
def test_v4_a_key_that_the_issuer_does_not_list_for_signing_is_never_the_issuers(
    uni, badge, verify, spoil, code
):
    uni.publish(spoilt(uni, spoil))
    report = verify(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert code is None or issuer_finding(report).code == code


def test_v4_a_key_of_somebody_else_is_never_the_issuers(uni, draft, verify):
    other = generate(Curve.ED25519)
    forged = seal.data_integrity.add_proof(draft, other, seal.SUITE, created=NOW)
    report = verify(forged)
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("proof").outcome is Outcome.PASSED
    assert issuer_finding(report).code == "INVALID_VERIFICATION_METHOD"


def test_v4_a_key_in_the_fragment_is_never_a_key(uni, draft, verify):
    other = generate(Curve.ED25519)
    multikey = other.verification_method.partition("#")[2]
    thief = from_other(other, f"{DID}#{multikey}")
    forged = seal.data_integrity.add_proof(draft, thief, seal.SUITE, created=NOW)
    report = verify(forged)
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("proof").code == "INVALID_VERIFICATION_METHOD"


def from_other(signer, method):
    from dataclasses import replace

    return replace(signer, verification_method=method)


@pytest.mark.parametrize("member", ["publicKeyMultibase", "publicKeyJwk", "controller"])
def test_v4_a_key_inside_the_proof_is_never_used(uni, badge, verify, member):
    other = generate(Curve.ED25519)
    multikey = other.verification_method.partition("#")[2]
    proof = badge["proof"][0] | {
        "verificationMethod": {"id": METHOD, "type": "Multikey", member: multikey}
    }
    assert verify({**badge, "proof": [proof]}).verdict is Verdict.NOT_VALID


def test_v4_a_web_key_that_claims_the_victim_is_never_the_victims(uni, draft, verify):
    other = generate(Curve.ED25519)
    url = "https://evil.example/key"
    thief = from_other(other, url)
    forged = seal.data_integrity.add_proof(draft, thief, seal.SUITE, created=NOW)
    multikey = other.verification_method.partition("#")[2]
    uni.pages[url] = page(
        {"id": url, "type": "Multikey", "controller": DID, "publicKeyMultibase": multikey}
    )
    report = verify(forged)
    assert report.verdict is Verdict.NOT_VALID
    assert issuer_finding(report).code == "INVALID_VERIFICATION_METHOD"


def page(value):
    from dataclasses import dataclass

    @dataclass
    class Page:
        body: bytes
        status: int = 200
        content_type: str = "application/json"
        fetched_at: datetime = NOW

    return Page(json.dumps(value).encode())


def test_v4_a_test_key_from_a_specification_is_never_trusted(draft, verify):
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    printed = from_seed(Curve.ED25519, seed)
    did = printed.verification_method.partition("#")[0]
    own = {**draft, "issuer": {**draft["issuer"], "id": did}}
    own.pop("credentialStatus")
    signed = seal.data_integrity.add_proof(own, printed, seal.SUITE, created=NOW)
    assert verify(signed).verdict is Verdict.NOT_VALID
    allowed = verify(signed, policy=Policy(allow_published_keys=True))
    assert issuer_finding(allowed).outcome is Outcome.PASSED


def test_v18_an_unreachable_did_is_neither_green_nor_red(uni, badge, verify):
    pages = {url: p for url, p in uni.pages.items() if "did.json" not in url}
    report = verify(badge, pages=pages)
    assert report.verdict is Verdict.COULD_NOT_CHECK
    assert report.finding("proof").code == "NOT_FOUND"


@pytest.mark.parametrize("status", [404, 410, 500, 302])
def test_v18_a_did_document_behind_an_error_does_not_count(uni, badge, verify, status):
    from dataclasses import replace

    url = next(url for url in uni.pages if "did.json" in url)
    pages = uni.pages | {url: replace(uni.pages[url], status=status)}
    assert verify(badge, pages=pages).verdict is Verdict.COULD_NOT_CHECK


def test_v18_a_hijacked_did_document_with_another_key_breaks_the_seal(uni, badge, verify):
    uni.publish(build(DID, [KeyEntry("key-1", generate(Curve.ED25519).public_key)]))
    report = verify(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("proof").code == "PROOF_VERIFICATION_ERROR"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"id": 5}', b'{"id": "did:web:morgenau.example", "id": 1}', b"\xff"],
)
def test_v18_a_broken_did_document_is_never_accepted(uni, badge, verify, body):
    from dataclasses import replace

    url = next(url for url in uni.pages if "did.json" in url)
    pages = uni.pages | {url: replace(uni.pages[url], body=body)}
    assert verify(badge, pages=pages).verdict is not Verdict.VALID


HTTPS = "https://college.example/issuer"


def web_issuer(draft, signer, method):
    own = {**draft, "issuer": {**draft["issuer"], "id": HTTPS}}
    own.pop("credentialStatus")
    return seal.data_integrity.add_proof(own, from_other(signer, method), seal.SUITE, created=NOW)


def key_of(signer):
    return signer.verification_method.partition("#")[2]


def test_an_https_issuer_may_keep_its_key_elsewhere_on_its_server_and_list_it(uni, draft, verify):
    signer, url = generate(Curve.ED25519), "https://college.example/keys/1"
    uni.pages[url] = page(
        {"id": url, "type": "Multikey", "controller": HTTPS, "publicKeyMultibase": key_of(signer)}
    )
    uni.pages[HTTPS] = page({"id": HTTPS, "assertionMethod": [json.loads(uni.pages[url].body)]})
    assert verify(web_issuer(draft, signer, url)).verdict is Verdict.VALID


def test_an_https_issuer_may_list_its_key_in_its_own_document(uni, draft, verify):
    signer, method = generate(Curve.ED25519), f"{HTTPS}#key-1"
    entry = {
        "id": method, "type": "Multikey", "controller": HTTPS, "publicKeyMultibase": key_of(signer)
    }  # fmt: skip
    profile = {"id": HTTPS, "verificationMethod": [entry], "assertionMethod": [method]}
    uni.pages[HTTPS] = page(profile)
    signed = web_issuer(draft, signer, method)
    assert verify(signed).verdict is Verdict.VALID
    uni.pages[HTTPS] = page({**profile, "assertionMethod": []})
    assert verify(signed).verdict is Verdict.NOT_VALID
    uni.pages[HTTPS] = page({**profile, "verificationMethod": [entry, entry]})
    assert verify(signed).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "change",
    [
        {"controller": "https://college.example/other"},
        {"controller": "https://evil.example/issuer"},
        {"controller": None},
        {"id": "https://college.example/keys/2"},
        {"revoked": "2026-01-01T00:00:00Z"},
        {"publicKeyMultibase": "z6Mk"},
        {"publicKeyMultibase": None},
    ],
    ids=str,
)
def test_a_web_key_that_is_not_quite_the_issuers_is_never_accepted(uni, draft, verify, change):
    signer, url = generate(Curve.ED25519), "https://college.example/keys/1"
    document = {
        "id": url, "type": "Multikey", "controller": HTTPS, "publicKeyMultibase": key_of(signer)
    }  # fmt: skip
    uni.pages[url] = page(document | change)
    assert verify(web_issuer(draft, signer, url)).verdict is Verdict.NOT_VALID


def test_a_web_key_on_an_unencrypted_server_is_never_fetched(uni, draft, verify):
    signer, url = generate(Curve.ED25519), "http://college.example/keys/1"
    uni.pages[url] = page(
        {"id": url, "type": "Multikey", "controller": HTTPS, "publicKeyMultibase": key_of(signer)}
    )
    assert verify(web_issuer(draft, signer, url)).verdict is Verdict.COULD_NOT_CHECK


@pytest.mark.parametrize(
    "method", ["", "key-1", "#key-1", "did:", "did:web:", "urn:x", "file:///x"]
)
def test_odd_addresses_of_keys_are_refused(method):
    ring = KeyRing({}, Policy(), NOW)
    with pytest.raises(DidError):
        ring.find(method, "assertionMethod")


def test_an_issuer_with_a_did_key_needs_no_network(draft, verify):
    signer = generate(Curve.ED25519)
    did = signer.verification_method.partition("#")[0]
    own = {**draft, "issuer": {**draft["issuer"], "id": did}}
    own.pop("credentialStatus")
    signed = seal.data_integrity.add_proof(own, signer, seal.SUITE, created=NOW)
    assert verify(signed, pages={}).verdict is Verdict.VALID


def test_a_key_that_will_be_revoked_later_is_still_good_today(uni, badge, verify):
    later = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    uni.publish(spoilt(uni, lambda d: d["verificationMethod"][0].update(revoked=later)))
    assert verify(badge).verdict is Verdict.VALID


@pytest.mark.parametrize("member", ["revoked", "expires"])
def test_the_same_document_answers_for_each_time_on_its_own(uni, member):
    """What was read of it once is no answer of another time, earlier or later."""
    ends = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    uni.publish(spoilt(uni, lambda d: d["verificationMethod"][0].update({member: ends})))

    def refusal(**later):
        ring = KeyRing(uni.pages, Policy(), NOW + timedelta(**later))
        return ring.find(METHOD, "assertionMethod").refusal

    for _ in range(2):
        assert refusal() is None
        assert refusal(hours=23, minutes=59, seconds=59) is None
        assert "2026-11-02" in str(refusal(days=1))
        assert "2026-11-02" in str(refusal(days=9))


def test_a_key_that_ends_is_refused_for_another_use_before_that(uni):
    ends = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    uni.publish(spoilt(uni, lambda d: d["verificationMethod"][0].update(expires=ends)))
    found = KeyRing(uni.pages, Policy(), NOW).find(METHOD, "keyAgreement")
    assert "may not be used for keyAgreement" in str(found.refusal)
