"""Selective disclosure: what is hidden stays hidden, what is shown was signed."""

import json
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedCredential, ProofInvalid
from badges.proofs import jws, sd_jwt
from did.public_key import Curve
from did.signers import memory

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CLAIMS = {
    "given_name": "Ana",
    "address": {"city": "Porto", "country": "PT"},
    "skills": ["Python", "SQL", {"name": "GIS"}],
    "plain": 1,
}


def salts():
    numbers = count()
    return lambda: f"salt-{next(numbers):04d}-0123456789abcdef"


def conceal(*paths, claims=CLAIMS, **options):
    return sd_jwt.conceal(claims, paths, salt=salts(), **options)


def disclosure(*parts):
    return jws.b64url_encode(json.dumps(list(parts)).encode())


def digest(text):
    return sd_jwt._digest(text, "sha-256")


def test_the_digest_is_the_one_the_rfc_prints():
    text = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest(text) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


PATHS = [
    ("given_name",),
    ("address",),
    ("address", "city"),
    ("skills",),
    ("skills", 0),
    ("skills", 2),
    ("skills", 2, "name"),
]


@given(st.sets(st.sampled_from(PATHS)), st.integers(0, 3))
def test_everything_disclosed_gives_the_claims_back(paths, decoys):
    concealed = conceal(*paths, decoys=decoys)
    assert sd_jwt.reveal(concealed.payload, concealed.disclosures) == CLAIMS
    assert len(concealed.disclosures) == len(paths)


@given(st.sets(st.sampled_from(PATHS), min_size=1))
def test_nothing_disclosed_shows_nothing_hidden(paths):
    concealed = conceal(*paths)
    shown = json.dumps(sd_jwt.reveal(concealed.payload, ()))
    for path in paths:
        value = CLAIMS
        for step in path:
            value = value[step]
        assert json.dumps(value) not in shown
    assert '"plain"' in shown


def test_an_element_of_an_array_can_be_left_out():
    concealed = conceal(("skills", 0), ("skills", 1))
    sql = [one for one in concealed.disclosures if b"SQL" in jws.b64url_decode(one)]
    assert sd_jwt.reveal(concealed.payload, sql)["skills"] == ["SQL", {"name": "GIS"}]


def test_digests_are_ordered_so_that_their_place_tells_nothing():
    concealed = conceal(("given_name",), ("plain",), ("address",), decoys=4)
    assert concealed.payload["_sd"] == sorted(concealed.payload["_sd"])
    assert len(concealed.payload["_sd"]) == 7


def test_the_claims_given_are_not_changed():
    before = json.dumps(CLAIMS)
    conceal(*PATHS)
    assert json.dumps(CLAIMS) == before


def test_the_holder_shows_a_nested_claim_with_its_parents():
    concealed = conceal(("address",), ("address", "city"), ("given_name",))
    whole = sd_jwt.SdJwt("h.p.s", concealed.disclosures, None)
    shown = sd_jwt.present(whole, lambda path: path == ("address", "city"), concealed.payload)
    claims = sd_jwt.reveal(concealed.payload, shown.disclosures)
    assert claims["address"] == {"city": "Porto", "country": "PT"}
    assert "given_name" not in claims


@pytest.mark.parametrize("path", [("nobody",), ("skills", 9), ("plain", "x"), ("given_name", 0)])
def test_refuses_to_hide_what_is_not_there(path):
    with pytest.raises(MalformedCredential, match="no claim"):
        conceal(path)


@pytest.mark.parametrize("claims", [{"_sd": []}, {"a": {"...": 1}}, {"a": [{"_sd_alg": "x"}]}])
def test_refuses_reserved_names_in_claims(claims):
    with pytest.raises(MalformedCredential, match="reserved"):
        conceal(claims=claims)


@pytest.mark.parametrize("text", ["", "h.p.s", "h.p.s~~", "h.p.s~~d~", "h.p.s~d~~kb"])
def test_refuses_what_is_no_sd_jwt(text):
    with pytest.raises(MalformedCredential):
        sd_jwt.parse(text)


def test_refuses_a_flood_of_disclosures():
    with pytest.raises(MalformedCredential, match="too many"):
        sd_jwt.parse("h.p.s" + "~d" * (sd_jwt.MAX_DISCLOSURES + 1) + "~")


def test_parts_come_back_as_they_were():
    read = sd_jwt.parse("h.p.s~d1~d2~k.b.s")
    assert read == sd_jwt.SdJwt("h.p.s", ("d1", "d2"), "k.b.s")
    assert read.bound == "h.p.s~d1~d2~"
    assert sd_jwt.parse("h.p.s~").disclosures == ()


FORGED = disclosure("salt", "given_name", "Eve")


@pytest.mark.parametrize(
    ("payload", "disclosures", "reason"),
    [
        ({}, [FORGED], "no digest"),
        ({"_sd": [digest(FORGED)] * 2}, [FORGED], "twice"),
        ({"_sd": [digest(FORGED)]}, [FORGED, FORGED], "same disclosure"),
        ({"_sd": [digest(FORGED)], "given_name": "Ana"}, [FORGED], "there already"),
        ({"_sd": [7]}, [], "no text"),
        ({"_sd": "x"}, [], "array of digests"),
        ({"a": {"...": "x"}}, [], "outside of an array"),
        ({"a": [{"...": "x", "b": 1}]}, [], "stands alone"),
        ({"a": [{"...": digest(FORGED)}]}, [FORGED], "wrong kind"),
        ({"_sd_alg": "md5"}, [], "_sd_alg"),
        ({"_sd_alg": ["sha-256"]}, [], "_sd_alg"),
        ({"_sd": [digest(disclosure("s", "_sd", []))]}, [disclosure("s", "_sd", [])], "reserved"),
        ({"_sd": [digest(disclosure("s", "...", 1))]}, [disclosure("s", "...", 1)], "reserved"),
        ({"_sd": [digest(disclosure("s", 1))]}, [disclosure("s", 1)], "wrong kind"),
        ({"a": [{"_sd": ["x"]}, {"_sd": ["x"]}]}, [], "twice"),
    ],
)
def test_refuses_disclosures_that_do_not_fit(payload, disclosures, reason):
    with pytest.raises(ProofInvalid, match=reason):
        sd_jwt.reveal(payload, disclosures)


@pytest.mark.parametrize(
    "text", ["!", disclosure(), disclosure("s"), disclosure(1, "a", 2), disclosure(*"abcd"), "e30"]
)
def test_refuses_what_is_no_disclosure(text):
    with pytest.raises((MalformedCredential, ProofInvalid)):
        sd_jwt.reveal({}, [text])


@pytest.fixture(scope="module")
def presented():
    """Return a presentation with a key binding, and the holder's key."""
    issuer, holder = memory.generate(Curve.ED25519), memory.generate(Curve.P256)
    concealed = conceal(("given_name",))
    token = jws.create({"typ": "x"}, json.dumps(concealed.payload).encode(), issuer)
    plain = sd_jwt.SdJwt(token, concealed.disclosures, None)
    bound = sd_jwt.create_key_binding(plain, holder, audience="v", nonce="n", issued_at=NOW)
    return bound, holder.public_key


def test_the_key_binding_proves_the_holder(presented):
    bound, key = presented
    claims = sd_jwt.verify_key_binding(bound, key, audience="v", nonce="n")
    assert claims["iat"] == int(NOW.timestamp())


@pytest.mark.parametrize(("audience", "nonce"), [("w", "n"), ("v", "m")])
def test_a_key_binding_for_another_request_is_refused(presented, audience, nonce):
    bound, key = presented
    with pytest.raises(ProofInvalid, match="another"):
        sd_jwt.verify_key_binding(bound, key, audience=audience, nonce=nonce)


def test_a_key_binding_does_not_survive_a_removed_disclosure(presented):
    bound, key = presented
    fewer = sd_jwt.SdJwt(bound.token, (), bound.key_binding)
    with pytest.raises(ProofInvalid, match="sd_hash"):
        sd_jwt.verify_key_binding(fewer, key, audience="v", nonce="n")


def test_a_key_binding_by_another_key_is_refused(presented):
    bound, _ = presented
    other = memory.generate(Curve.P256).public_key
    with pytest.raises(ProofInvalid):
        sd_jwt.verify_key_binding(bound, other, audience="v", nonce="n")


def test_a_missing_key_binding_is_refused(presented):
    bound, key = presented
    naked = sd_jwt.SdJwt(bound.token, bound.disclosures, None)
    with pytest.raises(ProofInvalid, match="no key-binding"):
        sd_jwt.verify_key_binding(naked, key, audience="v", nonce="n")


def test_letters_outside_of_base64url_are_refused():
    with pytest.raises(MalformedCredential, match="letters"):
        sd_jwt.parse("eyJ.e30.AA~\u017f~")
