"""Keys in memory: they sign, speak under their name, and do not show themselves."""

import pytest

from did.errors import InvalidKey
from did.public_key import Curve
from did.signers import memory


@pytest.mark.parametrize(
    ("curve", "algorithm", "length"),
    [(Curve.ED25519, "EdDSA", 64), (Curve.P256, "ES256", 64), (Curve.P384, "ES384", 96)],
)
def test_a_signer_says_what_it_signs_with(curve, algorithm, length):
    signer = memory.generate(curve)
    assert signer.algorithm == algorithm
    assert len(signer.sign(b"message")) == length


def test_a_signer_speaks_for_its_own_did_key_unless_told_another():
    assert memory.generate(Curve.ED25519).verification_method.startswith("did:key:z6Mk")
    method = "did:web:uni.example#key-1"
    assert memory.generate(Curve.ED25519, method).verification_method == method


def test_two_keys_are_never_the_same():
    assert memory.generate(Curve.P256).public_key != memory.generate(Curve.P256).public_key


def test_a_seed_gives_the_same_key_again():
    assert memory.from_seed(Curve.P256, b"\1" * 32) == memory.from_seed(Curve.P256, b"\1" * 32)


def test_a_signer_does_not_show_its_secret():
    seed = bytes(range(32))
    shown = repr(memory.from_seed(Curve.ED25519, seed))
    assert "PrivateKey" not in shown
    assert seed.hex() not in shown


@pytest.mark.parametrize(
    ("curve", "seed"),
    [
        (Curve.ED25519, b""),
        (Curve.ED25519, bytes(31)),
        (Curve.ED25519, bytes(33)),
        (Curve.P256, bytes(32)),
        (Curve.P256, b"\1" * 31),
        (Curve.P256, b"\xff" * 32),
        (Curve.P384, b"\1" * 32),
        (Curve.P384, b"\xff" * 48),
        (Curve.RSA, bytes(32)),
    ],
)
def test_what_is_not_a_seed_is_refused(curve, seed):
    with pytest.raises(InvalidKey):
        memory.from_seed(curve, seed)


def test_no_new_rsa_keys_are_made():
    with pytest.raises(InvalidKey, match="only verified"):
        memory.generate(Curve.RSA)
