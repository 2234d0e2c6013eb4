"""Timestamps: asked, answered, and refused in every way they can be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import TimestampInvalid
from badges.proofs.jades.timestamp import read_response, request, verify_token
from issuer.signing.test_seal import ThrowawayTimestamps, make_test_seal

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MESSAGE = b"what is to be stamped"


@pytest.fixture(scope="module")
def seal():
    return make_test_seal("U", identifier="VATNL-1", country="NL", now=NOW, algorithm="ES256")


@pytest.fixture(scope="module")
def token(seal):
    return read_response(seal.timestamps.answer(request(MESSAGE, 7), NOW), MESSAGE, 7)


def test_a_timestamp_tells_its_time_and_who_made_it(seal, token):
    found = verify_token(token, MESSAGE)
    assert found.time == NOW
    assert found.authority == seal.timestamps.certificate
    assert found.nonce == 7


def test_refuses_other_content(token):
    with pytest.raises(TimestampInvalid, match="other content"):
        verify_token(token, MESSAGE + b"!")


def test_refuses_the_answer_to_another_request(seal):
    answer = seal.timestamps.answer(request(MESSAGE, 7), NOW)
    with pytest.raises(TimestampInvalid, match="nonce"):
        read_response(answer, MESSAGE, 8)


def test_refuses_a_rejection():
    answer = bytes.fromhex("30053003020102")  # a status of 2 and no token
    with pytest.raises(TimestampInvalid, match="rejection"):
        read_response(answer, MESSAGE, 7)


def test_refuses_a_signer_that_is_no_timestamp_authority(seal):
    impostor = ThrowawayTimestamps(seal.key.certificate_chain[0], seal.key.private_key)
    with pytest.raises(TimestampInvalid, match="another purpose"):
        read_response(impostor.answer(request(MESSAGE, 7), NOW), MESSAGE, 7)


def test_refuses_another_key(seal):
    wrong = ThrowawayTimestamps(seal.timestamps.certificate, seal.key.private_key)
    with pytest.raises(TimestampInvalid, match="signature does not fit"):
        read_response(wrong.answer(request(MESSAGE, 7), NOW), MESSAGE, 7)


def test_refuses_a_time_outside_the_authoritys_validity(seal):
    answer = seal.timestamps.answer(request(MESSAGE, 7), NOW + timedelta(days=200))
    with pytest.raises(TimestampInvalid, match="validity"):
        read_response(answer, MESSAGE, 7)


@given(st.binary(max_size=200))
def test_refuses_bytes_that_are_no_token(octets):
    with pytest.raises(TimestampInvalid):
        verify_token(octets, MESSAGE)


def test_every_truncation_is_refused(token):
    for length in range(0, len(token), 7):
        with pytest.raises(TimestampInvalid):
            verify_token(token[:length], MESSAGE)


def test_trailing_bytes_are_refused(token):
    with pytest.raises(TimestampInvalid):
        verify_token(token + b"\0", MESSAGE)
