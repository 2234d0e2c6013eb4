"""Signers: raw signatures of one length, under one name."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from did.errors import InvalidKey
from did.multikey import encode
from did.public_key import Curve, from_cryptography
from did.signer import did_key_method, software
from did.signers import memory


@pytest.mark.parametrize(("curve", "length"), [(Curve.P256, 64), (Curve.P384, 96)])
def test_a_short_r_or_s_is_filled_up_with_zeros(curve, length):
    signer = memory.generate(curve)
    short = next(
        signature
        for signature in (signer.sign(b"message") for _ in range(10_000))
        if signature[0] == 0 or signature[length // 2] == 0
    )
    assert len(short) == length
    assert signer.public_key.verify(short, b"message")


def test_a_signature_is_the_one_that_every_library_makes():
    key = ed25519.Ed25519PrivateKey.generate()
    for message in (b"", b"message", bytes(range(256)) * 40):
        assert software(key).sign(message) == key.sign(message)


def test_a_did_key_is_named_twice_in_its_method():
    key = memory.generate(Curve.ED25519).public_key
    assert did_key_method(key) == f"did:key:{encode(key)}#{encode(key)}"


def test_an_rsa_key_has_no_did_key():
    key = from_cryptography(rsa.generate_private_key(65537, 2048).public_key())
    with pytest.raises(InvalidKey, match="use a JWK"):
        did_key_method(key)


def test_a_curve_we_do_not_know_does_not_sign():
    with pytest.raises(InvalidKey, match="unknown kind"):
        software(ec.generate_private_key(ec.SECP521R1()))
