"""Tokens in envelopes, alone and in presentations (VCDM 2.0 §4.13; VC-JOSE-COSE §3)."""

import pytest

from badges import strict_json
from badges.proofs import jws, vc_jwt
from badges.verify import Verdict
from tests.badges.verify.conftest import METHOD

V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.fixture
def token(uni, draft):
    return vc_jwt.create(draft, uni.signer, typ=vc_jwt.JOSE)


def envelope(token, kind="EnvelopedVerifiableCredential", media="application/vc+jwt", **change):
    made = {"@context": [V2], "id": f"data:{media},{token}", "type": kind} | change
    return {name: value for name, value in made.items() if value is not ...}


def presentation(*credentials, context=V2):
    made = {"@context": [context], "type": ["VerifiablePresentation"]}
    return made | {"verifiableCredential": list(credentials)}


@pytest.fixture
def presented(uni, token):
    """A presentation as a token, with the credential in an envelope."""
    header = {"typ": "vp+jwt", "cty": "vp", "kid": METHOD}
    return jws.create(header, strict_json.dumps(presentation(envelope(token))), uni.signer)


def test_a_presentation_holds_envelopes_and_credentials_side_by_side(badge, token, verify):
    report = verify(presentation(envelope(token), badge))
    assert report.verdict is Verdict.VALID
    assert [inner.verdict for inner in report.inner] == [Verdict.VALID] * 2


def test_an_enveloped_presentation_is_read(presented, verify):
    kind, media = "EnvelopedVerifiablePresentation", "application/vp+jwt"
    assert verify(envelope(presented, kind, media)).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "change",
    [
        {"@context": ...},
        {"@context": ["https://www.w3.org/2018/credentials/v1"]},
        {"name": "Another"},
        {"id": "https://evil.example/token"},
        {"id": "data:application/vc+jwt,"},
        {"id": "data:application/json,{}"},
        {"id": ...},
    ],
    ids=str,
)
def test_v8_an_envelope_that_says_more_or_less_than_its_token_is_refused(token, verify, change):
    assert verify(envelope(token, **change)).verdict is Verdict.NOT_VALID
    inside = verify(presentation(envelope(token, **change)))
    assert inside.verdict is Verdict.NOT_VALID


def test_v8_an_envelope_that_lies_about_its_content_is_refused(token, presented, verify):
    for made in (envelope(presented), envelope(token, media="application/vp+jwt")):
        assert verify(made).verdict is Verdict.NOT_VALID


def test_a_bare_token_is_a_credential_only_in_the_first_data_model(token, verify):
    assert verify(presentation(token)).verdict is Verdict.NOT_VALID
    old = presentation(token, context="https://www.w3.org/2018/credentials/v1")
    assert verify(old).inner[0].verdict is Verdict.VALID


@pytest.mark.parametrize(("issuer", "holds"), [("own", True), ("other", False), (5, False)])
def test_v8_an_issuer_in_the_header_is_the_issuer(uni, draft, verify, issuer, holds):
    named = {"own": draft["issuer"]["id"], "other": "did:web:evil.example"}.get(issuer, issuer)
    header = {"typ": "vc+jwt", "cty": "vc", "kid": METHOD, "iss": named}
    report = verify(jws.create(header, strict_json.dumps(draft), uni.signer).encode())
    assert (report.verdict is Verdict.VALID) is holds
