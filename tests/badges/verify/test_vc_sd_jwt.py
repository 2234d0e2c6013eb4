"""Credentials of the W3C data model as SD-JWT (VC-JOSE-COSE §3.2): a holder hides parts of one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from badges import strict_json
from badges.proofs import jws, sd_jwt, sd_jwt_vc
from badges.status import bits as status_bits
from badges.verify import Form, Policy, Verdict, read
from did.jwk import to_jwk
from did.public_key import Curve
from did.signers.memory import generate
from tests.badges.verify.conftest import DID, METHOD
from tests.badges.verify.test_tokens import b64

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
V2 = "https://www.w3.org/ns/credentials/v2"
HIDDEN = (("name",), ("credentialSubject", "identifier"), ("type", 1))
ASKED = Policy(challenge="n-1", domain="https://employer.example")
HOLDER = generate(Curve.P256)


def salt(numbers=iter(range(10_000))):  # noqa: B008 - one row of salts for all
    return f"salt-{next(numbers):06}"


def secured(uni, claims, hidden=HIDDEN, signer=None, **header):
    """Sign `claims` as the issuer would, the paths in `hidden` behind digests."""
    made = sd_jwt.conceal(claims, hidden, salt=salt, decoys=1)
    header = {"typ": "vc+sd-jwt", "cty": "vc", "kid": METHOD} | header
    header = {name: value for name, value in header.items() if value is not None}
    token = jws.create(header, strict_json.dumps(made.payload), signer or uni.signer)
    return sd_jwt.SdJwt(token, made.disclosures, None)


def text(shown):
    return (shown.bound + (shown.key_binding or "")).encode()


def bound(shown, holder=HOLDER, **change):
    request = {"audience": ASKED.domain, "nonce": ASKED.challenge, "issued_at": NOW} | change
    return text(sd_jwt.create_key_binding(shown, holder, **request))


@pytest.fixture
def claims(draft):
    return draft | {"cnf": {"jwk": to_jwk(HOLDER.public_key)}}


@pytest.fixture
def whole(uni, claims):
    return secured(uni, claims)


def test_a_credential_with_all_its_parts_is_valid(whole, draft, verify):
    report = verify(text(whole))
    assert report.verdict is Verdict.VALID, [f for f in report.findings if f.outcome != "passed"]
    assert report.credential["form"] == "vc-sd-jwt"
    assert report.credential["name"] == draft["name"]
    assert read(text(whole)).document == draft


def test_a_hidden_part_is_not_there_and_the_rest_is_still_signed(whole, verify):
    payload = json.loads(jws.b64url_decode(whole.token.split(".")[1]))
    shown = sd_jwt.present(whole, lambda path: path != ("name",), payload)
    assert verify(text(shown)).verdict is Verdict.VALID
    assert "name" not in read(text(shown)).document


def test_in_an_envelope_and_in_a_presentation_it_is_read_too(whole, verify):
    made = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+sd-jwt,{text(whole).decode()}",
    }
    assert verify(made).verdict is Verdict.VALID
    presentation = {"@context": [V2], "type": "VerifiablePresentation"}
    assert verify(presentation | {"verifiableCredential": [made]}).verdict is Verdict.VALID
    swapped = made | {"type": "EnvelopedVerifiablePresentation"}
    assert verify(swapped).verdict is Verdict.NOT_VALID


def test_who_is_asked_shows_that_the_key_it_was_issued_to_is_theirs(whole, verify):
    assert verify(bound(whole), policy=ASKED).verdict is Verdict.VALID
    assert verify(text(whole)).verdict is Verdict.VALID
    for other in (
        text(whole),
        bound(whole, generate(Curve.P256)),
        bound(whole, nonce="old"),
        bound(whole, audience="https://evil.example"),
        bound(whole, issued_at=NOW + timedelta(minutes=5)),
        text(whole) + b"a.b.c",
    ):
        assert verify(other, policy=ASKED).verdict is Verdict.NOT_VALID


def test_v8_a_key_binding_for_fewer_parts_is_refused(whole, verify):
    fewer = replace(whole, disclosures=whole.disclosures[1:])
    other = bound(fewer).rpartition(b"~")[2]
    assert verify(text(whole) + other).verdict is Verdict.NOT_VALID


def test_an_older_sd_jwt_vc_of_the_same_name_is_read_as_one(uni, verify):
    envelope = sd_jwt_vc.Envelope("https://morgenau.example/types/1", NOW, typ="vc+sd-jwt")
    old = sd_jwt_vc.create({"name": "Data"}, uni.signer, envelope).encode()
    assert read(old).form is Form.SD_JWT_VC
    assert verify(old).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "hidden",
    [
        ("@context",),
        ("@context", 0),
        ("issuer",),
        ("validUntil",),
        ("credentialStatus",),
        ("credentialStatus", "statusListIndex"),
        ("credentialStatus", "statusPurpose"),
        ("cnf",),
        ("cnf", "jwk"),
        ("exp",),
    ],
    ids=str,
)
def test_v3_what_a_verifier_needs_may_not_be_hidden(uni, claims, verify, hidden):
    end = claims | {"exp": int((NOW + timedelta(days=2)).timestamp())}
    assert verify(text(secured(uni, end))).verdict is Verdict.VALID
    made = secured(uni, end, [*HIDDEN, hidden])
    assert verify(text(made)).verdict is Verdict.NOT_VALID


def test_v3_one_of_several_status_entries_may_not_be_hidden(uni, claims, verify):
    several = claims | {"credentialStatus": [claims["credentialStatus"]] * 2}
    made = secured(uni, several, [("credentialStatus", 1)])
    assert verify(text(made)).verdict is Verdict.NOT_VALID
    assert verify(text(replace(made, disclosures=()))).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("hidden", [("type",), ("credentialSubject",)])
def test_a_part_that_every_credential_has_may_be_hidden_but_must_be_shown(
    uni, claims, verify, hidden
):
    made = secured(uni, claims, [hidden])
    assert verify(text(made)).verdict is Verdict.VALID
    assert verify(text(replace(made, disclosures=()))).verdict is Verdict.NOT_VALID


def forged(whole):
    salted = json.loads(jws.b64url_decode(whole.disclosures[-1]))
    first, rest = whole.disclosures[0], whole.disclosures[1:]
    return {
        "twice": (first, *whole.disclosures),
        "other value": (*whole.disclosures[:-1], b64([salted[0], salted[1], "Master"])),
        "other name": (*whole.disclosures[:-1], b64([salted[0], "description", salted[-1]])),
        "invented": (*whole.disclosures, b64(["x", "degree", "Doctor"])),
        "invented status": (*whole.disclosures, b64(["x", "credentialStatus", {}])),
        "array form": (*whole.disclosures, b64(["x", "Doctor"])),
        "four parts": (*whole.disclosures, b64(["x", "degree", "Doctor", 1])),
        "reserved": (*whole.disclosures, b64(["x", "_sd", []])),
        "dots": (*whole.disclosures, b64(["x", "...", "y"])),
        "not JSON": (*whole.disclosures, b64(b"{")),
        "padded": (first + "=", *rest),
        "spaced": (" " + first, *rest),
    }


@pytest.mark.parametrize("what", forged(sd_jwt.SdJwt("", (b64(["s", "name", "n"]),), None)))
def test_v8_a_disclosure_that_was_not_signed_is_never_valid(whole, verify, what):
    made = replace(whole, disclosures=tuple(forged(whole)[what]))
    assert verify(text(made)).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "change",
    [
        {"_sd_alg": "md5"},
        {"_sd_alg": "sha-1"},
        {"_sd_alg": None},
        {"_sd": "x"},
        {"_sd": [5]},
        {"...": "x"},
        {"vc": {}},
        {"vp": {}},
        {"iss": "did:web:evil.example"},
        {"sub": "did:key:other"},
        {"jti": "urn:uuid:other"},
        {"exp": SECONDS - 3_600},
        {"exp": 4_102_444_800},
        {"exp": "never"},
        {"exp": True},
        {"nbf": 1},
        {"issuer": "did:web:evil.example"},
        {"credentialSubject": None},
        {"validUntil": "never"},
        {"vct": "x", "@context": None},
        {"cnf": {"jwk": "x"}},
    ],
    ids=str,
)
def test_v8_a_payload_that_contradicts_itself_is_never_valid(uni, whole, verify, change):
    head, payload = (json.loads(jws.b64url_decode(p)) for p in whole.token.split(".")[:2])
    made = {name: value for name, value in (payload | change).items() if value is not None}
    made |= {"_sd_alg": None} if change.get("_sd_alg", 0) is None else {}
    token = jws.create(
        {k: v for k, v in head.items() if k != "alg"}, json.dumps(made).encode(), uni.signer
    )
    shown = bound(replace(whole, token=token)) if "cnf" in change else text(
        replace(whole, token=token)
    )  # fmt: skip
    assert verify(shown).verdict in {Verdict.NOT_VALID, Verdict.COULD_NOT_CHECK}


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "vc+jwt"},
        {"typ": "dc+sd-jwt"},
        {"typ": "vp+sd-jwt"},
        {"typ": None},
        {"cty": "vp"},
        {"crit": ["exp"]},
        {"b64": False},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"jwk": to_jwk(HOLDER.public_key)},
        {"kid": "did:web:evil.example#key-1"},
        {"kid": f"{DID}#key-2"},
        {"kid": None},
        {"kid": 5},
        {"iss": "did:web:evil.example"},
    ],
    ids=lambda header: "a new key" if "jwk" in header else str(header),
)
def test_v8_a_header_that_leads_elsewhere_is_never_valid(uni, claims, verify, header):
    made = text(secured(uni, claims, **header))
    assert verify(made).verdict in {Verdict.NOT_VALID, Verdict.COULD_NOT_CHECK}


def test_v8_another_key_is_never_valid(uni, claims, verify):
    thief = generate(Curve.ED25519, METHOD)
    assert verify(text(secured(uni, claims, signer=thief))).verdict is Verdict.NOT_VALID


def test_a_header_member_nobody_registered_is_passed_over(uni, claims, verify):
    assert verify(text(secured(uni, claims, honours="first"))).verdict is Verdict.VALID


def test_v16_its_status_counts(uni, whole, verify):
    status_bits.write(uni.bits, 7, 1)
    uni.publish_list()
    assert verify(text(whole)).finding("status").code == "revoked"


def test_an_end_of_the_signature_before_that_of_the_credential_counts(uni, claims, verify):
    soon = claims | {"exp": SECONDS + 7_200}
    made = text(secured(uni, soon))
    uni.publish_list()
    assert verify(made).verdict is Verdict.VALID
    late = verify(made, now=NOW + timedelta(hours=3))
    assert late.finding("proof").code == "PROOF_VERIFICATION_ERROR"
    assert late.verdict is Verdict.NOT_VALID


@pytest.fixture
def presentation(whole):
    """A presentation as a ``vp+sd-jwt``, signed by the holder."""
    holder = generate(Curve.ED25519)
    did = holder.verification_method.partition("#")[0]
    inside = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+sd-jwt,{text(whole).decode()}",
    }
    made = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": did}
    made |= {"verifiableCredential": [inside], "nonce": "n-1", "aud": ASKED.domain}

    def present(hidden=(), **change):
        claims = {k: v for k, v in (made | change).items() if v is not None}
        header = {"typ": "vp+sd-jwt", "cty": "vp", "kid": holder.verification_method}
        return text(secured(None, claims, hidden, signer=holder, **header))

    return present


def test_a_presentation_as_sd_jwt_is_believed(presentation, verify):
    report = verify(presentation())
    assert report.verdict is Verdict.VALID, report.findings
    assert report.finding("holder").code == "holder-signed"


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "old"},
        {"nonce": None},
        {"aud": "https://evil.example"},
        {"aud": None},
        {"exp": SECONDS - 3_600},
        {"holder": "did:web:evil.example"},
        {"vp": {}},
        {"hidden": [("verifiableCredential",)]},
        {"hidden": [("nonce",)]},
        {},
    ],
    ids=str,
)
def test_v8_a_presentation_that_answers_another_request_is_refused(presentation, verify, change):
    """The last one answers, but the credential in it was issued to another key."""
    assert verify(presentation(**change), policy=ASKED).verdict is Verdict.NOT_VALID


def test_a_presentation_of_what_was_issued_to_nobody_answers(uni, draft, presentation, verify):
    token = text(secured(uni, draft)).decode()
    inside = {
        "@context": [V2],
        "type": ["EnvelopedVerifiableCredential"],
        "id": f"data:application/vc+sd-jwt,{token}",
    }
    shown = presentation(verifiableCredential=[inside])
    assert verify(shown, policy=ASKED).verdict is Verdict.VALID
