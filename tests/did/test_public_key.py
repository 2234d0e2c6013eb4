"""Public keys: strict at the door, strict with signatures."""

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from did.errors import InvalidKey
from did.public_key import Curve, L, P, PublicKey, from_cryptography
from did.signer import SoftwareSigner
from did.signers import memory

ORDER = {
    Curve.P256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    Curve.P384: int(
        "ffffffffffffffffffffffffffffffffffffffffffffffff"
        "c7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        16,
    ),
}
MESSAGE = b"what was signed"
SIGNING = [Curve.ED25519, Curve.P256, Curve.P384]
NIST = [Curve.P256, Curve.P384]

SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]
"""The eight points of small order, and spellings of them that are not canonical."""


@pytest.fixture(params=SIGNING)
def signer(request) -> SoftwareSigner:
    return memory.generate(request.param)


@given(st.binary(max_size=300), st.sampled_from(SIGNING))
def test_what_a_key_signs_its_public_half_verifies(message, curve):
    signer = memory.from_seed(curve, b"\7" * (48 if curve is Curve.P384 else 32))
    signature = signer.sign(message)
    assert signer.public_key.verify(signature, message)
    assert not signer.public_key.verify(signature, message + b".")


def test_another_key_does_not_verify(signer):
    other = memory.generate(signer.public_key.curve)
    assert not other.public_key.verify(signer.sign(MESSAGE), MESSAGE)


def test_no_single_changed_bit_verifies(signer):
    signature = signer.sign(MESSAGE)
    for bit in range(0, len(signature) * 8, 7):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not signer.public_key.verify(bytes(changed), MESSAGE)


@pytest.mark.parametrize(
    "change",
    [
        lambda signature: b"",
        lambda signature: signature[:-1],
        lambda signature: signature + b"\0",
        lambda signature: b"\0" + signature,
        lambda signature: signature + signature,
        lambda signature: bytes(len(signature)),
        lambda signature: b"\xff" * len(signature),
        lambda signature: signature.hex().encode(),
    ],
)
def test_a_signature_in_another_shape_is_wrong_not_an_error(signer, change):
    assert not signer.public_key.verify(change(signer.sign(MESSAGE)), MESSAGE)


def test_an_ed25519_signature_with_a_larger_s_is_refused():
    signer = memory.generate(Curve.ED25519)
    signature = signer.sign(MESSAGE)
    s = int.from_bytes(signature[32:], "little") + L
    assert not signer.public_key.verify(signature[:32] + s.to_bytes(32, "little"), MESSAGE)


@pytest.mark.parametrize("small", SMALL)
def test_an_ed25519_key_of_small_order_is_refused(small):
    with pytest.raises(InvalidKey, match=r"small order|canonical"):
        PublicKey(Curve.ED25519, bytes.fromhex(small))


@pytest.mark.parametrize("small", SMALL)
def test_an_ed25519_signature_of_small_order_is_refused(small):
    key = memory.generate(Curve.ED25519).public_key
    assert not key.verify(bytes.fromhex(small) + bytes(32), MESSAGE)


def test_bytes_that_are_no_point_are_not_an_ed25519_key():
    with pytest.raises(InvalidKey, match="not a point"):
        PublicKey(Curve.ED25519, (2).to_bytes(32, "little"))


@given(st.integers(0, 18))
def test_an_ed25519_key_has_one_spelling(offset):
    with pytest.raises(InvalidKey, match="canonical"):
        PublicKey(Curve.ED25519, (P + offset).to_bytes(32, "little"))


@pytest.mark.parametrize("curve", NIST)
@pytest.mark.parametrize("zero", ["r", "s", "both"])
def test_an_ecdsa_signature_with_a_zero_is_refused(curve, zero):
    signer = memory.generate(curve)
    signature = signer.sign(MESSAGE)
    half = len(signature) // 2
    r = bytes(half) if zero in ("r", "both") else signature[:half]
    s = bytes(half) if zero in ("s", "both") else signature[half:]
    assert not signer.public_key.verify(r + s, MESSAGE)


@pytest.mark.parametrize("curve", NIST)
def test_an_ecdsa_signature_past_the_order_is_refused(curve):
    signer = memory.generate(curve)
    signature = signer.sign(MESSAGE)
    half = len(signature) // 2
    assert not signer.public_key.verify(signature[:half] + ORDER[curve].to_bytes(half), MESSAGE)


@pytest.mark.parametrize("curve", NIST)
def test_a_der_signature_is_not_a_raw_one(curve):
    private_key = ec.generate_private_key(ec.SECP256R1() if curve is Curve.P256 else ec.SECP384R1())
    der = private_key.sign(MESSAGE, ec.ECDSA(hashes.SHA256()))
    assert not from_cryptography(private_key.public_key()).verify(der, MESSAGE)


def test_the_hash_can_be_chosen_where_a_suite_asks_for_it():
    private_key = ec.generate_private_key(ec.SECP256R1())
    key = from_cryptography(private_key.public_key())
    r, s = decode_dss_signature(private_key.sign(MESSAGE, ec.ECDSA(hashes.SHA384())))
    signature = r.to_bytes(32) + s.to_bytes(32)
    assert key.verify(signature, MESSAGE, hash_name="sha384")
    assert not key.verify(signature, MESSAGE)


def test_ed25519_lets_nobody_choose_its_hash():
    signer = memory.generate(Curve.ED25519)
    with pytest.raises(ValueError, match="own hash"):
        signer.public_key.verify(signer.sign(MESSAGE), MESSAGE, hash_name="sha256")


@pytest.mark.parametrize("curve", NIST)
@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"",
        lambda raw: raw[1:],
        lambda raw: raw + b"\0",
        lambda raw: b"\4" + raw[1:],
        lambda raw: b"\0" + raw[1:],
        lambda raw: raw[:1] + b"\xff" * (len(raw) - 1),
    ],
)
def test_a_nist_key_is_a_compressed_point_of_its_curve(curve, change):
    raw = memory.generate(curve).public_key.raw
    with pytest.raises(InvalidKey):
        PublicKey(curve, change(raw))


@given(st.binary(max_size=64), st.sampled_from(list(Curve)))
def test_bytes_are_a_key_or_refused_and_nothing_else(raw, curve):
    try:
        key = PublicKey(curve, raw)
    except InvalidKey:
        return
    assert key.raw == raw


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def test_an_rsa_signature_is_verified(rsa_key):
    key = from_cryptography(rsa_key.public_key())
    signature = rsa_key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    assert key.verify(signature, MESSAGE)
    assert not key.verify(signature, b"other")
    assert not key.verify(b"\0" + signature, MESSAGE)


def test_an_rsa_pss_signature_is_not_rs256(rsa_key):
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    signature = rsa_key.sign(MESSAGE, pss, hashes.SHA256())
    assert not from_cryptography(rsa_key.public_key()).verify(signature, MESSAGE)


def test_a_short_rsa_key_is_refused():
    with pytest.raises(InvalidKey, match="2048"):
        from_cryptography(rsa.generate_private_key(65537, 1024).public_key())  # noqa: S505 - too short on purpose


@pytest.mark.parametrize("change", [lambda der: b"", lambda der: der[:-1], lambda der: der + b"\0"])
def test_an_rsa_key_is_one_exact_structure(rsa_key, change):
    der = from_cryptography(rsa_key.public_key()).raw
    with pytest.raises(InvalidKey):
        PublicKey(Curve.RSA, change(der))


def test_the_structure_of_another_key_is_not_an_rsa_key():
    der = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(InvalidKey, match="not an RSA key"):
        PublicKey(Curve.RSA, der)


@pytest.mark.parametrize(
    "key",
    [
        x25519.X25519PrivateKey.generate().public_key(),
        ec.generate_private_key(ec.SECP256K1()).public_key(),
        ec.generate_private_key(ec.SECP521R1()).public_key(),
        "not a key",
    ],
)
def test_other_kinds_of_key_are_refused(key):
    with pytest.raises(InvalidKey, match="unknown kind"):
        from_cryptography(key)
