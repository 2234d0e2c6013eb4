"""Multikeys: one spelling for each key, and the official vectors."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from did import multikey
from did.errors import InvalidKey
from did.jwk import from_jwk
from did.public_key import Curve, PublicKey, from_cryptography
from did.signers import memory

ED25519 = "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"


@given(st.integers(1, 2**200), st.sampled_from([Curve.ED25519, Curve.P256, Curve.P384]))
def test_a_key_comes_back_from_its_text(number, curve):
    key = memory.from_seed(curve, number.to_bytes(48 if curve is Curve.P384 else 32)).public_key
    text = multikey.encode(key)
    assert text.startswith({"Ed25519": "z6Mk", "P-256": "zDn", "P-384": "z82L"}[curve])
    assert multikey.decode(text) == key


@given(st.text(max_size=90))
def test_any_text_is_a_key_or_refused(text):
    with pytest.raises(InvalidKey):
        multikey.decode(text)


@given(st.integers(0, len(ED25519) - 1), st.characters(codec="ascii"))
def test_a_changed_character_is_another_key_or_none(index, character):
    changed = ED25519[:index] + character + ED25519[index + 1 :]
    try:
        key = multikey.decode(changed)
    except InvalidKey:
        return
    assert (key == multikey.decode(ED25519)) is (changed == ED25519)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        ED25519[1:],
        ED25519 + "\n",
        " " + ED25519,
        ED25519 + " ",
        "z1" + ED25519[1:],
        ED25519[:-1],
        ED25519 + "1",
        ED25519.replace("k", "0"),
        "Z" + ED25519[1:],
        "u7QHXWpgBgrEKt9VL_tPJZAc6DuFy89qmIyWvAhpo9wdRGg",
        "m7QHXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg",
        "fed01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW",
        "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        "z" + "6" * 500_000,
    ],
)
def test_another_spelling_or_kind_is_refused(text):
    with pytest.raises(InvalidKey):
        multikey.decode(text)


def test_an_rsa_key_has_no_multikey():
    key = from_cryptography(rsa.generate_private_key(65537, 2048).public_key())
    with pytest.raises(InvalidKey, match="use a JWK"):
        multikey.encode(key)


def test_the_official_ed25519_seeds_give_their_dids(shared):
    vectors = json.loads((shared / "vectors/did-key/ed25519-x25519.json").read_text())
    assert len(vectors) == 5
    for did, vector in vectors.items():
        signer = memory.from_seed(Curve.ED25519, bytes.fromhex(vector["seed"]))
        assert signer.verification_method.startswith(f"{did}#")


def test_the_official_nist_keys_give_their_dids(shared):
    vectors = json.loads((shared / "vectors/did-key/nist-curves.json").read_text())
    known = []
    for did, vector in vectors.items():
        method = vector["verificationMethod"]
        if "publicKeyBase58" in method:
            point = multikey.base58.b58decode(method["publicKeyBase58"])
            key = PublicKey(Curve.P256, point)
        elif method["publicKeyJwk"]["crv"] == "P-521":
            with pytest.raises(InvalidKey, match="unknown EC curve"):
                from_jwk(method["publicKeyJwk"])
            continue
        else:
            key = from_jwk(method["publicKeyJwk"])
        known.append(key.curve)
        assert f"did:key:{multikey.encode(key)}" == did
    assert known == [Curve.P256, Curve.P256, Curve.P384, Curve.P384, Curve.P256]


def test_the_official_signatures_come_out_byte_for_byte(shared):
    folder = shared / "vectors/eddsa-rdfc-2022"
    pair = json.loads((folder / "keyPair.json").read_text())
    seed = multikey.base58.b58decode(pair["privateKeyMultibase"][1:])[2:]
    signer = memory.from_seed(Curve.ED25519, seed)
    hashed = bytes.fromhex((folder / "combinedHashDataInt.txt").read_text())

    assert multikey.encode(signer.public_key) == pair["publicKeyMultibase"]
    assert signer.sign(hashed).hex() == (folder / "sigHexDataInt.txt").read_text().strip()
