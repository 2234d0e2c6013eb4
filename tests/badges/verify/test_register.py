import json
from datetime import UTC, datetime, timedelta

import pytest

from badges.errors import BadgeError, MalformedCredential, MalformedValue, ProofInvalid
from badges.verify import Policy, parse_register
from badges.verify.keys import KeyRing
from badges.verify.signed_register import read_signed_register, sign_register
from did.errors import DidError
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
RING = KeyRing({}, Policy(), NOW)
PLAIN = {"name": "Alliance", "version": 3, "issuers": ["did:web:a.example"]}


def test_a_plain_list_of_dids_is_a_register():
    register = parse_register('["did:web:a.example", {"id": "did:web:b.example", "name": "B"}]')
    assert register.find("did:web:b.example").name == "B"
    assert register.find("did:web:c.example") is None


def test_a_listing_has_a_time():
    text = json.dumps(
        [{"id": "urn:a", "since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}]
    )
    listing = parse_register(text).find("urn:a")
    assert not listing.covers(datetime(2025, 12, 31, tzinfo=UTC))
    assert listing.covers(datetime(2026, 1, 15, tzinfo=UTC))
    assert not listing.covers(datetime(2026, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "5", "{}", '{"issuers": {}}', '{"issuers": [5]}', '{"issuers": [{}]}',
        '{"issuers": [{"id": 5}]}', '["urn:a", "urn:a"]', '[{"id": "urn:a", "name": 5}]',
        '[{"id": "urn:a", "since": "yesterday"}]', '{"issuers": [], "expires": "soon"}',
        '{"issuers": [], "issuers": []}',
    ],
)  # fmt: skip
def test_what_is_not_a_register_is_refused(text):
    with pytest.raises((MalformedCredential, MalformedValue)):
        parse_register(text)


@pytest.fixture
def publisher():
    return generate(Curve.ED25519)


@pytest.fixture
def signed(publisher):
    return sign_register(PLAIN, publisher, issued=NOW, expires=NOW + timedelta(days=30))


def did(signer):
    return signer.verification_method.partition("#")[0]


def read(document, by, ring=RING, newest=0):
    return read_signed_register(
        json.dumps(document).encode(), publisher=did(by), ring=ring, newest=newest
    )


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256])
def test_a_signed_register_is_read(curve):
    signer = generate(curve)
    document = sign_register(PLAIN, signer, issued=NOW, expires=NOW + timedelta(days=30))
    assert read(document, signer).find("did:web:a.example")


@pytest.mark.parametrize(
    "change",
    [
        {"issuers": ["did:web:evil.example"]},
        {"version": 4},
        {"expires": "2099-01-01T00:00:00Z"},
        {"publisher": "did:web:other.example"},
        {"proof": []},
        {"proof": None},
        {"name": "Other"},
    ],
    ids=str,
)
def test_a_changed_register_is_refused(signed, publisher, change):
    with pytest.raises(BadgeError):
        read(signed | change, publisher)


def test_a_register_by_somebody_else_is_refused(signed, publisher):
    other = generate(Curve.ED25519)
    with pytest.raises(ProofInvalid, match="not published"):
        read(signed, other)
    forged = sign_register(PLAIN, other, issued=NOW, expires=NOW + timedelta(days=30))
    with pytest.raises((ProofInvalid, DidError)):
        read(forged | {"publisher": did(publisher)}, publisher)


def test_an_older_register_is_refused(signed, publisher):
    assert read(signed, publisher, newest=3)
    with pytest.raises(ProofInvalid, match="older"):
        read(signed, publisher, newest=4)


@pytest.mark.parametrize("days", [-1, 31])
def test_a_register_out_of_its_time_is_refused(signed, publisher, days):
    ring = KeyRing({}, Policy(), NOW + timedelta(days=days))
    with pytest.raises(ProofInvalid):
        read(signed, publisher, ring)


@pytest.mark.parametrize("version", [None, 0, -1, "3", True, 1.5])
def test_a_register_needs_a_version_that_can_rise(publisher, version):
    with pytest.raises(MalformedValue):
        sign_register(
            PLAIN | {"version": version}, publisher, issued=NOW, expires=NOW + timedelta(days=1)
        )


def test_a_register_that_ends_before_it_begins_is_not_signed(publisher):
    with pytest.raises(MalformedValue):
        sign_register(PLAIN, publisher, issued=NOW, expires=NOW)
