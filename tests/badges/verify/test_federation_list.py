import json
from datetime import UTC, datetime, timedelta

import pytest

from badges import strict_json
from badges.errors import BadgeError, MalformedValue, ProofInvalid
from badges.proofs import jws
from badges.verify import parse_register
from badges.verify.federation_list import did_web_of, read_federation, read_keys
from did.errors import InvalidKey
from did.jwk import to_jwk
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANCHOR = "https://federation.example"
UNI = "https://uni.example/o/halvik"
SIGNER = generate(Curve.P256)
KEYS = {"k1": SIGNER.public_key}
ABOUT = {"organization_name": "Halvik", "homepage_uri": "https://uni.example", "logo_uri": "https://uni.example/l.png"}  # fmt: skip  # noqa: E501


def at(**shift):
    return int((NOW + timedelta(**shift)).timestamp())


def statement(signer=SIGNER, header=None, **change):
    claims = {
        "iss": ANCHOR,
        "sub": UNI,
        "iat": at(hours=-1),
        "exp": at(days=7),
        "jwks": {"keys": []},
        "metadata": {"federation_entity": ABOUT},
    } | change
    claims = {name: value for name, value in claims.items() if value is not ...}
    head = {"typ": "entity-statement+jwt", "kid": "k1"} | (header or {})
    head = {name: value for name, value in head.items() if value is not ...}
    return jws.create(head, strict_json.dumps(claims), signer)


def read(*tokens, keys=KEYS, now=NOW):
    return read_federation("\n".join(tokens).encode(), keys, now)


def test_a_member_is_listed_under_its_address_and_the_did_web_of_it():
    register = parse_register(json.dumps(read(statement())))
    for identity in (UNI, "did:web:uni.example:o:halvik"):
        listing = register.find(identity)
        assert (listing.name, listing.homepage) == ("Halvik", "https://uni.example")
        assert listing.until == NOW + timedelta(days=7)
    assert register.expires == NOW + timedelta(days=7)


def test_the_newest_statement_is_the_version_and_the_anchor_gives_the_name():
    other = statement(sub="https://b.example", iat=at(minutes=-1))
    own = statement(sub=ANCHOR, metadata={"federation_entity": {"organization_name": "EU Fed"}})
    made = read(statement(), other, own)
    assert (made["version"], made["name"], made["publisher"]) == (at(minutes=-1), "EU Fed", ANCHOR)
    assert ANCHOR not in [item["id"] for item in made["issuers"]]


def test_a_json_list_of_statements_and_of_a_resolver_does_as_well():
    tokens = [statement(header={"typ": "resolve-response+jwt"})]
    assert read_federation(json.dumps(tokens).encode(), KEYS, NOW)["issuers"]


def test_a_statement_that_has_ended_lists_nobody():
    made = read(statement(), statement(sub="https://old.example", exp=at(days=-1)))
    assert {item["id"] for item in made["issuers"]} == {UNI, "did:web:uni.example:o:halvik"}
    with pytest.raises(ProofInvalid, match="no statement"):
        read(statement(exp=at(seconds=-1)))


@pytest.mark.parametrize(
    "token",
    [
        statement(generate(Curve.P256)),
        statement(generate(Curve.ED25519)),
        statement(header={"kid": "k2"}),
        statement(header={"kid": ...}),
        statement(header={"typ": "JWT"}),
        statement(header={"typ": ...}),
        statement(header={"jwk": to_jwk(SIGNER.public_key)}),
        statement(header={"jku": "https://evil.example/jwks"}),
        statement(header={"trust_chain": []}),
        statement(crit=["https://claims.example/rule"]),
        statement(iat=at(minutes=2)),
        statement(iss="did:web:federation.example"),
        statement(iss=...),
        statement(sub=...),
        statement(sub=5),
        statement(iat=...),
        statement(exp=...),
        statement(exp="2030-01-01"),
        statement(exp=True),
        statement(exp=1e300),
        statement()[:-4] + "AAAA",
        "a.b",
        "a.b.c",
    ],
)
def test_what_the_anchor_did_not_plainly_sign_is_refused(token):
    with pytest.raises(BadgeError):
        read(token)
    with pytest.raises(BadgeError):
        read(statement(), token)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[]", b"[5]", b'["a.b.c"]', b"{}", b'[["x"]]', b"[" * 99]
)
def test_what_is_no_file_of_statements_is_refused(data):
    with pytest.raises(BadgeError):
        read_federation(data, KEYS, NOW)


def test_statements_of_two_anchors_do_not_mix():
    with pytest.raises(MalformedValue, match="several"):
        read(statement(), statement(iss="https://other.example"))


def test_keys_come_as_one_or_as_a_set():
    jwk = to_jwk(SIGNER.public_key)
    assert read_keys(json.dumps(jwk).encode()) == {"": SIGNER.public_key}
    named = {"keys": [jwk | {"kid": "k1"}]}
    assert read_keys(json.dumps(named).encode()) == KEYS
    assert read(statement(), keys={"": SIGNER.public_key})["issuers"]


@pytest.mark.parametrize(
    "keys",
    [[], 5, {"keys": []}, {"keys": [5]}, {"keys": {}}, {"kty": "oct", "k": "AA"},
     {"keys": [to_jwk(SIGNER.public_key)] * 2},
     to_jwk(SIGNER.public_key) | {"d": "AA"}],
)  # fmt: skip
def test_keys_that_are_none_are_refused(keys):
    with pytest.raises((BadgeError, InvalidKey)):
        read_keys(json.dumps(keys).encode())


@pytest.mark.parametrize(
    ("entity", "did"),
    [
        ("https://uni.example", "did:web:uni.example"),
        ("https://uni.example/", "did:web:uni.example"),
        ("https://Uni.example:8443/a/b", "did:web:uni.example%3A8443:a:b"),
        ("https://uni.example/?x", None),
        ("https://user@uni.example", None),
        ("http://uni.example", None),
    ],
)
def test_the_did_web_of_an_address(entity, did):
    assert did_web_of(entity) == did
