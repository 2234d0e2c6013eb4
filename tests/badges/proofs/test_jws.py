"""Compact tokens: only one spelling, only asymmetric algorithms, only the headers asked for."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws
from did.public_key import Curve
from did.signers import memory

TYPES = frozenset({"JWT"})
HEADERS = frozenset({"kid", "jwk"})


def token(header, payload=b"{}", signature=b"x" * 64):
    head = json.dumps(header).encode() if isinstance(header, dict) else header
    return ".".join(jws.b64url_encode(part) for part in (head, payload, signature))


def parse(text):
    return jws.parse(text, types=TYPES, headers=HEADERS)


@given(st.binary(max_size=200))
def test_base64url_round_trips(raw):
    assert jws.b64url_decode(jws.b64url_encode(raw)) == raw


@pytest.mark.parametrize("text", ["YQ==", "YR", "Y Q", "YQ\n", "a", "+/8", "é", "YQ\x00"])
def test_refuses_other_spellings_of_bytes(text):
    with pytest.raises(MalformedCredential):
        jws.b64url_decode(text)


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_every_algorithm_signs_and_verifies(curve):
    signer = memory.generate(curve)
    read = parse(jws.create({"typ": "JWT"}, b'{"a":1}', signer))
    jws.verify(read, signer.public_key)
    assert read.claims == {"a": 1}
    assert jws.ALGORITHMS[read.header["alg"]] is curve


def test_rsa_is_verified_too(rsa):
    read = parse(jws.create({"typ": "JWT"}, b"{}", rsa))
    jws.verify(read, rsa.public_key)
    assert read.header["alg"] == "RS256"


def test_a_key_of_another_kind_never_verifies():
    read = parse(jws.create({"typ": "JWT"}, b"{}", memory.generate(Curve.ED25519)))
    with pytest.raises(ProofInvalid, match="the key is"):
        jws.verify(read, memory.generate(Curve.P256).public_key)


def test_another_key_of_the_same_kind_never_verifies():
    read = parse(jws.create({"typ": "JWT"}, b"{}", memory.generate(Curve.P256)))
    with pytest.raises(ProofInvalid, match="does not match"):
        jws.verify(read, memory.generate(Curve.P256).public_key)


def test_a_changed_payload_does_not_verify():
    signer = memory.generate(Curve.ED25519)
    head, _, tail = jws.create({"typ": "JWT"}, b'{"a":1}', signer).split(".")
    read = parse(".".join((head, jws.b64url_encode(b'{"a":2}'), tail)))
    with pytest.raises(ProofInvalid):
        jws.verify(read, signer.public_key)


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "HS512", "ES512", "PS256", "", None, 5])
def test_refuses_algorithms_that_prove_nothing_here(alg):
    with pytest.raises(ProofInvalid, match="algorithm"):
        parse(token({"alg": alg, "typ": "JWT"}))


def test_refuses_hmac_with_the_public_key_as_secret():
    key = memory.generate(Curve.ED25519).public_key
    signed = token({"alg": "HS256", "typ": "JWT"}).rpartition(".")[0]
    mac = hmac.new(key.raw, signed.encode(), hashlib.sha256).digest()
    with pytest.raises(ProofInvalid):
        parse(f"{signed}.{jws.b64url_encode(mac)}")


@pytest.mark.parametrize(
    "member",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"b64": False},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"zip": "DEF"},
        {"nonce": "x"},
    ],
)
def test_refuses_headers_nobody_asked_for(member):
    with pytest.raises(ProofInvalid, match="header members"):
        parse(token({"alg": "EdDSA", "typ": "JWT", **member}))


@pytest.mark.parametrize("jwk", [{"kty": "OKP", "d": "AA"}, {"kty": "oct", "k": "AA"}, "text", 1])
def test_refuses_a_private_key_in_the_header(jwk):
    with pytest.raises(ProofInvalid, match="jwk"):
        parse(token({"alg": "EdDSA", "typ": "JWT", "jwk": jwk}))


@pytest.mark.parametrize("typ", [None, "jwt", "at+jwt", "vc+sd-jwt", ["JWT"], ""])
def test_refuses_other_types(typ):
    with pytest.raises(ProofInvalid, match="typ"):
        parse(token({"alg": "EdDSA", "typ": typ}))


def test_refuses_a_kid_that_is_no_text():
    with pytest.raises(ProofInvalid, match="kid"):
        parse(token({"alg": "EdDSA", "typ": "JWT", "kid": 7}))


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"EdDSA","alg":"none","typ":"JWT"}',
        b'{"alg":"EdDSA","\\u0061lg":"none","typ":"JWT"}',
        b'["alg"]',
        b"not json",
        b'\xef\xbb\xbf{"alg":"EdDSA","typ":"JWT"}',
    ],
)
def test_refuses_headers_two_readers_could_read_differently(header):
    with pytest.raises(MalformedCredential):
        parse(token(header))


@pytest.mark.parametrize("text", ["", ".", "a.b", "e30.e30.e30.e30", "e30..", " e30.e30.e30"])
def test_refuses_what_is_not_three_parts(text):
    with pytest.raises((MalformedCredential, ProofInvalid)):
        parse(text)


def test_refuses_a_token_too_long_to_read():
    with pytest.raises(MalformedCredential, match="more than"):
        parse("a" * (jws.MAX_TOKEN + 1))


def test_a_payload_that_is_no_object_has_no_claims():
    read = parse(token({"alg": "EdDSA", "typ": "JWT"}, payload=b"[]"))
    with pytest.raises(MalformedCredential, match="JSON object"):
        _ = read.claims


@given(st.text(max_size=80))
def test_no_text_crashes_the_parser(text):
    with pytest.raises((MalformedCredential, ProofInvalid)):
        parse(text)
