"""Published lists as tokens: the same bits, the other way round, signed once."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from badges.proofs import jws
from badges.status import bits as status_bits
from badges.status.bitstring import build_list
from badges.status.token import read_list_claim
from did.public_key import Curve
from did.signers import memory
from issuer.errors import NotFound
from issuer.status import files
from issuer.status.tokens import create_list_token, list_token

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://badges.example/status/ab"
SET = (0, 7, 8, 1000, 131_071)


@pytest.fixture
def document():
    bits = status_bits.new(131_072)
    for index in SET:
        bits[index // 8] |= 0x80 >> index % 8
    week = NOW + timedelta(days=7)
    made = build_list(URL, "did:web:x", "revocation", bits, valid_from=NOW, valid_until=week)
    return orjson.dumps(made)


def read(token):
    return jws.parse(
        token.decode(), types=frozenset({"statuslist+jwt"}), headers=frozenset({"kid"})
    )


def test_the_token_has_the_bits_of_the_list(document):
    signer = memory.generate(Curve.ED25519)
    found = read(create_list_token(document, signer))
    jws.verify(found, signer.public_key)
    claims = found.claims
    assert claims["sub"] == f"{URL}/token"
    assert claims["exp"] - claims["iat"] == 7 * 86_400
    told = [read_list_claim(claims["status_list"], index) for index in (*SET, 1, 9, 1001)]
    assert told == [1] * len(SET) + [0] * 3


def test_a_list_that_was_never_published_has_no_token(instance):
    assert list_token(instance, "ab") is None


@pytest.mark.parametrize("name", ["../x", "AB", "", "x" * 65])
def test_a_name_that_is_none_reads_no_file(instance, name):
    with pytest.raises(NotFound):
        list_token(instance, name)


def test_the_last_token_is_served_when_nothing_can_be_signed(instance, document):
    folder = instance.settings.published
    files.write(folder, "ab", document)
    files.write(folder, "ab", b"older\na.token.here", suffix=".jwt")
    assert list_token(instance, "ab") == b"a.token.here"  # did:web:x signs nothing here


def test_without_a_last_token_the_failure_is_told(instance, document):
    files.write(instance.settings.published, "ab", document)
    with pytest.raises(NotFound):
        list_token(instance, "ab")
