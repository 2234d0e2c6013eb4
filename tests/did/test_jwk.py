"""JWKs: public, well formed, and one thumbprint for each key."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK

from did.errors import InvalidKey
from did.jwk import PRIVATE, from_jwk, thumbprint, to_jwk
from did.public_key import Curve, from_cryptography
from did.signers import memory


def key_of(curve):
    if curve is Curve.RSA:
        return from_cryptography(rsa.generate_private_key(65537, 2048).public_key())
    return memory.generate(curve).public_key


@pytest.fixture(params=list(Curve), scope="module")
def key(request):
    return key_of(request.param)


@given(st.integers(1, 2**200), st.sampled_from([Curve.ED25519, Curve.P256, Curve.P384]))
def test_a_key_comes_back_from_its_jwk(number, curve):
    key = memory.from_seed(curve, number.to_bytes(48 if curve is Curve.P384 else 32)).public_key
    assert from_jwk(to_jwk(key)) == key


def test_an_rsa_key_comes_back_too(key):
    assert from_jwk(to_jwk(key)) == key


def test_the_thumbprint_is_what_another_library_says(key):
    assert thumbprint(key) == JWK(**to_jwk(key)).thumbprint()


def test_the_thumbprint_of_rfc_8037_comes_out():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(from_jwk(jwk)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_members_that_say_nothing_of_the_key_are_passed_over(key):
    assert from_jwk(to_jwk(key) | {"kid": "key-1", "use": "sig", "alg": "ES256"}) == key


@pytest.mark.parametrize("member", sorted(PRIVATE))
def test_a_private_key_is_refused(key, member):
    with pytest.raises(InvalidKey, match="holds a private key"):
        from_jwk(to_jwk(key) | {member: "AA"})


MALFORMED = [
    lambda text: None,
    lambda text: 1,
    lambda text: "",
    lambda text: text + "=",
    lambda text: text + "\n",
    lambda text: text[:-1] + "+",
    lambda text: "AAAA" + text,
    lambda text: "A" * 100_000,
]


@pytest.mark.parametrize("change", MALFORMED)
def test_a_malformed_member_is_refused(key, change):
    jwk = to_jwk(key)
    for member in jwk.keys() & {"x", "y", "n", "e"}:
        with pytest.raises(InvalidKey):
            from_jwk(jwk | {member: change(jwk[member])})


@pytest.mark.parametrize("change", [lambda text: text[4:], lambda text: "_" * len(text)])
@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_a_coordinate_that_is_none_is_refused(curve, change):
    jwk = to_jwk(key_of(curve))
    for member in jwk.keys() & {"x", "y"}:
        with pytest.raises(InvalidKey):
            from_jwk(jwk | {member: change(jwk[member])})


def test_a_missing_member_is_refused(key):
    jwk = to_jwk(key)
    for missing in jwk:
        with pytest.raises(InvalidKey):
            from_jwk({member: jwk[member] for member in jwk if member != missing})


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": ["EC"]},
        {"kty": "oct", "x": "AA"},
        {"kty": "OKP", "crv": "X25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "Ed25519", "x": "AA"},
        {"kty": "EC", "crv": ["P-256"], "x": "AA", "y": "AA"},
    ],
)
def test_another_kind_of_key_is_refused(jwk):
    with pytest.raises(InvalidKey):
        from_jwk(jwk)


def test_a_coordinate_without_its_leading_zeros_is_refused():
    seed = next(
        seed.to_bytes(32)
        for seed in range(1, 10_000)
        if to_jwk(memory.from_seed(Curve.P256, seed.to_bytes(32)).public_key)["x"][:2] == "AA"
    )
    jwk = to_jwk(memory.from_seed(Curve.P256, seed).public_key)
    x = base64.urlsafe_b64decode(jwk["x"] + "==").lstrip(b"\0")
    short = base64.urlsafe_b64encode(x).rstrip(b"=").decode()
    with pytest.raises(InvalidKey, match="32 bytes each"):
        from_jwk(jwk | {"x": short})
