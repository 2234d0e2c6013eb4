"""A status list that was found good is good for whom, with which keys and when it was: no more."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from badges.verify import Outcome, Policy, sound_lists
from did.document import KeyEntry, build
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
LIST = "https://morgenau.example/status/1"


@pytest.fixture
def outcome(uni, badge, verify):
    """Tell what the list is found to say, after it was found good once."""
    assert verify(badge).finding("status").outcome is Outcome.PASSED

    def outcome(document=badge, **options):
        return verify(document, **options).finding("status").outcome

    return outcome


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        ({"seconds": -60}, Outcome.PASSED),
        ({"seconds": -61}, Outcome.UNKNOWN),  # before it was signed
        ({"days": 2, "seconds": 59}, Outcome.PASSED),
        ({"days": 2, "seconds": 60}, Outcome.UNKNOWN),
        ({"days": 900}, Outcome.UNKNOWN),
    ],
)
def test_its_dates_are_compared_with_each_time(outcome, shift, expected):
    assert outcome(now=NOW + timedelta(**shift)) is expected
    assert outcome() is Outcome.PASSED


def test_how_far_clocks_may_differ_is_asked_each_time(outcome):
    late = NOW + timedelta(days=2, seconds=30)
    assert outcome(now=late) is Outcome.PASSED
    assert outcome(now=late, policy=Policy(skew=timedelta(0))) is Outcome.UNKNOWN


def test_the_end_of_its_signature_is_its_end(uni, badge, verify):
    signed = uni.sign(uni.list_credential(), expires=NOW + timedelta(hours=1))
    uni.pages[LIST] = replace(uni.pages[LIST], body=json.dumps(signed).encode())
    for hours, expected in ((0, Outcome.PASSED), (2, Outcome.UNKNOWN), (0, Outcome.PASSED)):
        report = verify(badge, now=NOW + timedelta(hours=hours))
        assert report.finding("status").outcome is expected


@pytest.mark.parametrize("member", ["revoked", "expires"])
def test_a_key_that_ended_since_signs_it_no_more(uni, outcome, member):
    document = build(DID, [KeyEntry("key-1", uni.signer.public_key)])
    document["verificationMethod"][0][member] = "2026-11-01T18:00:00Z"
    uni.publish(document)
    assert outcome() is Outcome.PASSED
    assert outcome(now=NOW + timedelta(hours=6)) is Outcome.UNKNOWN


def test_with_another_key_under_the_same_name_it_is_forged(uni, outcome):
    known = uni.document.raw
    uni.publish(build(DID, [KeyEntry("key-1", generate(Curve.ED25519).public_key)]))
    assert outcome() is Outcome.UNKNOWN
    uni.publish(known)
    assert outcome() is Outcome.PASSED


def test_a_key_that_may_sign_nothing_any_more_does_not_sign_it(uni, outcome):
    document = build(DID, [KeyEntry("key-1", uni.signer.public_key)])
    del document["assertionMethod"]
    uni.publish(document)
    assert outcome() is Outcome.UNKNOWN


def test_without_the_document_of_its_key_nothing_is_known(uni, outcome):
    pages = {LIST: uni.pages[LIST]}
    assert outcome(pages=pages) is Outcome.UNKNOWN


def test_it_is_no_list_of_another_issuer(uni, badge, outcome):
    stranger = {**badge["issuer"], "id": "did:web:elsewhere.example"}
    assert outcome({**badge, "issuer": stranger}) is Outcome.UNKNOWN


def test_one_other_letter_in_it_is_another_list(uni, outcome):
    forged = uni.pages[LIST].body.replace(b'"ttl": 300000', b'"ttl": 300001')
    assert forged != uni.pages[LIST].body
    uni.pages[LIST] = replace(uni.pages[LIST], body=forged)
    assert outcome() is Outcome.UNKNOWN


def test_no_more_lists_are_remembered_than_are_kept_as_read():
    for number in range(sound_lists.MOST_LISTS * 2):
        sound_lists.remember(sound_lists.Mark(b"%d" % number, DID, ()), {})
    assert len(sound_lists._spans) == sound_lists.MOST_LISTS
