"""Our own seals: made, timestamped, checked by others' rules, and every refusal."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jwcrypto import jwk, jws
from jwcrypto.common import JWSEHeaderParameter
from referencing import Registry, Resource

from badges.errors import MalformedCredential, NotSealable, TimestampInvalid
from badges.proofs import jades
from badges.proofs.jades import NO_LIST, Level, SealTrust, timestamp
from badges.proofs.jades.encoding import from_b64url
from issuer.signing.seal_keys import FileSealKey
from issuer.signing.test_seal import make_test_seal

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TEXT = '{ "name": "Zażółć €",\n  "note": "\\u00e9 \\/ 😀" }'


@pytest.fixture(scope="module", params=["RS256", "ES256"])
def seal(request):
    return make_test_seal(
        "Universität Teststadt",
        identifier="VATNL-000000000B00",
        country="NL",
        now=NOW,
        algorithm=request.param,
    )


def stamped(seal, sealed, now=NOW):
    message = jades.timestamp_input(sealed)
    answer = seal.timestamps.answer(timestamp.request(message, 42), now)
    return jades.add_timestamp(sealed, timestamp.read_response(answer, message, 42))


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_a_seal_verifies_at_level_b(seal):
    report = jades.verify(jades.sign_b(TEXT, seal.key, NOW), NO_LIST, NOW)
    assert report.is_intact
    assert report.level is Level.B
    assert report.claimed_at == NOW


def test_a_timestamped_seal_verifies_at_level_t(seal):
    sealed = stamped(seal, jades.sign_b(TEXT, seal.key, NOW))
    report = jades.verify(jades.seal_bytes(sealed), seal.anchors, NOW)
    assert report.is_intact
    assert report.level is Level.T
    assert report.sealed_at == NOW


def test_a_timestamp_outlives_the_certificate(seal):
    sealed = stamped(seal, jades.sign_b(TEXT, seal.key, NOW))
    later = NOW + timedelta(days=4000)
    assert jades.verify(sealed, seal.anchors, later).is_intact
    assert not jades.verify(jades.sign_b(TEXT, seal.key, NOW), seal.anchors, later).is_intact


def test_our_own_seal_is_called_a_test_seal_whatever_the_list_says(seal):
    report = jades.verify(jades.sign_b(TEXT, seal.key, NOW), seal.anchors, NOW)
    assert report.trust is SealTrust.TEST
    assert not report.is_trusted


def test_the_payload_is_frozen(seal):
    sealed = json.loads(jades.seal_bytes(jades.sign_b(TEXT, seal.key, NOW)))
    assert sealed["payload"] == TEXT


def test_the_header_is_the_one_europass_writes(seal):
    (signature,) = jades.sign_b(TEXT, seal.key, NOW)["signatures"]
    header = json.loads(from_b64url(signature["protected"]))
    assert list(header) == [
        *("alg", "cty", "kid", "x5t#S256", "x5c", "typ", "b64", "sigT", "crit"),
    ]
    assert (header["b64"], header["crit"]) == (False, ["b64", "sigT"])
    assert header["sigT"] == "2026-11-23T15:00:00Z"


def test_another_library_accepts_the_signature(seal):
    sealed = jades.sign_b(TEXT, seal.key, NOW)
    known = JWSEHeaderParameter("Signing time", mustprotect=True, supported=True, check_fn=None)
    token = jws.JWS(header_registry={"sigT": known})
    token.deserialize(json.dumps(sealed))
    key = jwk.JWK.from_pyca(seal.key.certificate_chain[0].public_key())
    token.verify(key)
    assert token.payload in (TEXT, TEXT.encode())


def test_seals_pass_the_etsi_schemas(seal, shared):
    folder = shared / "edc/jades-schema"
    schemas = {path.name: json.loads(path.read_text()) for path in folder.rglob("*.json")}
    registry = Registry().with_resources(
        (name, Resource.from_contents(schema))
        for file, schema in schemas.items()
        for name in (file, f"rfcs/{file}")
    )
    (signature,) = stamped(seal, jades.sign_b(TEXT, seal.key, NOW))["signatures"]
    header = json.loads(from_b64url(signature["protected"]))
    unsigned = [json.loads(from_b64url(each)) for each in signature["header"]["etsiU"]]
    for schema, document in (
        ("19182-protected-jsonSchema.json", header),
        ("19182-unprotected-jsonSchema.json", signature["header"]),
        ("19182-unprotected-jsonSchema.json", {"etsiU": unsigned}),
    ):
        validator = Draft7Validator({"$ref": schema}, registry=registry)
        assert [error.message for error in validator.iter_errors(document)] == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    value=st.dictionaries(
        st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))
    ),
    spaces=st.sampled_from([None, 1]),
)
def test_any_json_object_comes_back_as_it_went_in(seal, value, spaces):
    text = json.dumps(value, indent=spaces, ensure_ascii=False)
    report = jades.verify(jades.seal_bytes(jades.sign_b(text, seal.key, NOW)), NO_LIST, NOW)
    assert (report.is_intact, report.payload) == (True, text)


def test_a_changed_payload_fails(seal):
    sealed = stamped(seal, jades.sign_b(TEXT, seal.key, NOW))
    changed = sealed | {"payload": TEXT.replace("Z", "S")}
    assert "signature-invalid" in jades.verify(changed, seal.anchors, NOW).failures()


@pytest.mark.parametrize("text", ["", "no json", "[1]", '"x"', '{"a":"\ud800"}', '{"a":1,"a":2}'])
def test_refuses_to_seal_what_is_no_json_object(seal, text):
    with pytest.raises(NotSealable) as error:
        jades.sign_b(text, seal.key, NOW)
    assert codes(error) == ["payload-not-json"]


@pytest.mark.parametrize("when", [NOW - timedelta(days=1), NOW + timedelta(days=91)])
def test_refuses_to_seal_with_a_certificate_that_is_not_current(seal, when):
    with pytest.raises(NotSealable, match="renew it before sealing") as error:
        jades.sign_b(TEXT, seal.key, when)
    assert codes(error) == ["seal-certificate-expired"]


def test_refuses_a_key_that_is_not_the_certificates(seal):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(NotSealable) as error:
        jades.sign_b(TEXT, FileSealKey(seal.key.certificate_chain, other), NOW)
    assert codes(error) == ["seal-key-mismatch"]


def test_refuses_a_key_without_certificate(seal):
    with pytest.raises(NotSealable) as error:
        jades.sign_b(TEXT, replace(seal.key, certificate_chain=()), NOW)
    assert codes(error) == ["seal-certificate-missing"]


def test_refuses_a_certificate_for_another_purpose(seal):
    with pytest.raises(NotSealable) as error:
        jades.sign_b(TEXT, replace(seal.key, certificate_chain=(seal.authority,)), NOW)
    assert codes(error) == ["seal-certificate-purpose"]


def test_refuses_the_timestamp_of_another_seal(seal):
    first, second = (jades.sign_b(text, seal.key, NOW) for text in ('{"a":1}', '{"a":2}'))
    message = jades.timestamp_input(first)
    answer = seal.timestamps.answer(timestamp.request(message, 1), NOW)
    token = timestamp.read_response(answer, message, 1)
    with pytest.raises(TimestampInvalid, match="other content"):
        jades.add_timestamp(second, token)


def test_refuses_to_timestamp_what_is_sealed_twice(seal):
    sealed = jades.sign_b(TEXT, seal.key, NOW)
    twice = sealed | {"signatures": sealed["signatures"] * 2}
    with pytest.raises(MalformedCredential, match="sealed once"):
        jades.timestamp_input(twice)


def test_a_timestamp_from_nobody_on_the_list_proves_no_time(seal):
    other = make_test_seal("Else", identifier="VATNL-1", country="NL", now=NOW)
    sealed = stamped(other, jades.sign_b(TEXT, seal.key, NOW))
    later = NOW + timedelta(days=400)
    report = jades.verify(sealed, seal.anchors, later)
    found = {finding.code for finding in report.findings}
    assert {"timestamp-authority-not-listed", "seal-certificate-expired-no-timestamp"} <= found
    assert not report.is_intact


def test_a_certificate_for_another_purpose_makes_no_seal(seal):
    clock = FileSealKey((seal.timestamps.certificate,), seal.timestamps.private_key)
    with pytest.raises(NotSealable) as error:
        jades.sign_b(TEXT, clock, NOW)
    assert codes(error) == ["seal-certificate-purpose"]


def test_a_seal_made_with_the_key_of_a_clock_is_refused(seal, monkeypatch):
    clock = FileSealKey((seal.timestamps.certificate,), seal.timestamps.private_key)
    monkeypatch.setattr("badges.proofs.jades.sign.may_seal", lambda _: True)  # a careless sealer
    report = jades.verify(jades.sign_b(TEXT, clock, NOW), seal.anchors, NOW)
    assert report.failures() == ("seal-certificate-purpose",)
