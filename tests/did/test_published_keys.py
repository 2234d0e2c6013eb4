"""Published test keys are known by the key, in whatever form it comes."""

import json

import pytest

from did.jwk import from_jwk, to_jwk
from did.multikey import decode
from did.public_key import Curve
from did.published_keys import MULTIKEYS, is_published
from did.signers import memory

RFC_7515 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
RFC_7638 = {
    "kty": "RSA",
    "e": "AQAB",
    "n": (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_B"
        "JECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_F"
        "DW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4"
        "vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    ),
}


@pytest.mark.parametrize("multikey", MULTIKEYS)
def test_a_published_key_is_known_as_multikey_and_as_jwk(multikey):
    key = decode(multikey)
    assert is_published(key)
    assert is_published(from_jwk(to_jwk(key)))


def test_the_example_keys_of_jose_are_known():
    assert is_published(from_jwk(RFC_7638))
    assert is_published(from_jwk(RFC_7515))


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256, Curve.P384])
def test_a_new_key_is_nobodys(curve):
    assert not is_published(memory.generate(curve).public_key)


def test_every_key_of_the_official_vectors_is_known(shared):
    found = set()

    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get("publicKeyMultibase"), str):
                found.add(value["publicKeyMultibase"])
            for member in value.values():
                walk(member)
        elif isinstance(value, list):
            for member in value:
                walk(member)

    for path in [
        *(shared / "vectors").glob("eddsa-*/*Pair*.json"),
        *(shared / "openbadges/test-vectors").glob("*.json"),
    ]:
        walk(json.loads(path.read_text()))
    assert len(found) >= 6
    assert all(is_published(decode(multikey)) for multikey in found)
