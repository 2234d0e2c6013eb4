"""Issuers with an https address: which keys on their server are theirs (row V4)."""

import json
from dataclasses import replace

import pytest

from badges import seal
from badges.proofs import vc_jwt
from badges.verify import Outcome, Verdict
from did.jwk import to_jwk
from did.multikey import encode
from did.public_key import Curve
from did.signers.memory import generate
from tests.badges.verify.conftest import NOW, Page

ISSUER = "https://college.example/issuer"
KEY = "https://college.example/keys/1"
JWKS = "https://college.example/.well-known/jwks.json"
LEARNER = "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME"


class Server:
    """An https issuer, its key, and what its server answers."""

    def __init__(self, draft, verify):
        self.signer = generate(Curve.ED25519)
        self.draft = {**draft, "issuer": {**draft["issuer"], "id": ISSUER}}
        del self.draft["credentialStatus"]
        self.pages = {}
        self.verify = verify

    def put(self, url, value):
        self.pages[url] = Page(json.dumps(value).encode())

    def jwk(self, signer=None, **change):
        return to_jwk((signer or self.signer).public_key) | change

    def entry(self, method=KEY, **change):
        key = encode(self.signer.public_key)
        entry = {"id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": key}
        return entry | change

    def embedded(self, method=KEY):
        signer = replace(self.signer, verification_method=method)
        signed = seal.data_integrity.add_proof(self.draft, signer, seal.SUITE, created=NOW)
        return self.verify(signed, pages=self.pages)

    def token(self, typ=vc_jwt.OPEN_BADGE, **header):
        subject = {**self.draft["credentialSubject"], "id": LEARNER}
        signer = replace(self.signer, verification_method=header.pop("kid", KEY))
        made = vc_jwt.create({**self.draft, "credentialSubject": subject}, signer, typ=typ)
        return self.verify(made.encode(), pages=self.pages)

    def inline_token(self):
        """A token that names its key by ``jwk`` alone."""
        subject = {**self.draft["credentialSubject"], "id": LEARNER}
        payload = vc_jwt.credential_to_payload({**self.draft, "credentialSubject": subject})
        header = {"alg": "EdDSA", "typ": "JWT", "jwk": self.jwk()}
        text = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(payload).encode())}"
        token = f"{text}.{_b64(self.signer.sign(text.encode()))}"
        return self.verify(token.encode(), pages=self.pages)


def _b64(data):
    from badges.proofs.jws import b64url_encode

    return b64url_encode(data)


@pytest.fixture
def server(draft, verify):
    return Server(draft, verify)


def issuer(report):
    return report.finding("issuer")


def test_a_token_whose_key_the_jwks_lists_is_the_issuers(server):
    server.put(KEY, server.jwk())
    server.put(JWKS, {"keys": [server.jwk(generate(Curve.P256)), server.jwk(kid=KEY, iss=ISSUER)]})
    assert server.token().verdict is Verdict.VALID


def test_the_kid_may_point_into_the_jwks_itself(server):
    server.put(JWKS, {"keys": [server.jwk(kid="key-1")]})
    assert server.token(kid=f"{JWKS}#key-1").verdict is Verdict.VALID


def test_a_kid_that_is_no_address_is_the_name_of_a_key_in_the_jwks(server):
    server.put(JWKS, {"keys": [server.jwk(kid="key-1"), server.jwk(generate(Curve.P256), kid="k")]})
    assert server.token(kid="key-1").verdict is Verdict.VALID
    for other in ("k", "key-2", "", " ", "../key-1", "key-1?"):
        assert server.token(kid=other).verdict is not Verdict.VALID


def test_a_key_in_the_token_counts_when_the_jwks_lists_it(server):
    server.put(JWKS, {"keys": [server.jwk(kid="any")]})
    assert server.inline_token().verdict is Verdict.VALID


def test_a_key_in_the_token_without_a_list_to_look_it_up_in_stays_open(server):
    assert server.inline_token().verdict is Verdict.COULD_NOT_CHECK


@pytest.mark.parametrize("list_of", ["another key", "another issuer", "nothing", "a broken key"])
@pytest.mark.parametrize("form", ["token", "inline_token", "embedded"])
def test_v4_a_key_that_the_jwks_does_not_list_is_not_the_issuers(server, form, list_of):
    server.put(KEY, server.jwk() if form == "token" else server.entry())
    keys = {
        "another key": [server.jwk(generate(Curve.ED25519), kid=KEY)],
        "another issuer": [server.jwk(kid=KEY, iss="https://college.example/other")],
        "nothing": [],
        "a broken key": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": KEY}, 5],
    }
    server.put(JWKS, {"keys": keys[list_of]})
    report = getattr(server, form)()
    assert report.verdict is Verdict.NOT_VALID
    assert issuer(report).code == "INVALID_VERIFICATION_METHOD"


def test_a_key_elsewhere_counts_when_the_issuers_document_lists_it(server):
    server.put(KEY, server.entry())
    server.put(ISSUER, {"id": ISSUER, "assertionMethod": [server.entry()]})
    assert server.embedded().verdict is Verdict.VALID


def test_v4_a_key_elsewhere_that_the_issuers_document_leaves_out_is_not_its(server):
    server.put(KEY, server.entry())
    server.put(ISSUER, {"id": ISSUER, "verificationMethod": [], "assertionMethod": []})
    assert server.embedded().verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("form", ["token", "embedded"])
def test_a_key_that_nobody_lists_or_contradicts_is_a_remark(server, form):
    server.put(KEY, server.jwk() if form == "token" else server.entry())
    report = getattr(server, form)()
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert issuer(report).code == "issuer-key-unconfirmed"


def test_a_profile_without_keys_contradicts_nothing(server):
    server.put(KEY, server.entry())
    server.put(ISSUER, {"id": ISSUER, "type": "Profile", "name": "College"})
    assert issuer(server.embedded()).code == "issuer-key-unconfirmed"


def test_an_issuer_that_is_a_key_document_itself_is_found(server):
    server.put(ISSUER, server.entry(ISSUER))
    assert server.embedded(f"{ISSUER}").verdict is Verdict.VALID


def test_the_one_key_of_the_issuers_document_is_found_under_a_fragment(server):
    server.put(ISSUER, server.entry(ISSUER))
    assert server.embedded(f"{ISSUER}#key").verdict is Verdict.VALID


def test_v4_a_fragment_that_is_a_key_is_not_that_key(server):
    other = generate(Curve.ED25519)
    server.put(ISSUER, server.entry(ISSUER))
    server.signer = other
    report = server.embedded(f"{ISSUER}#{encode(other.public_key)}")
    assert report.verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "change",
    [
        {"id": "https://college.example/other"},
        {"assertionMethod": []},
        {"assertionMethod": None},
        {"verificationMethod": []},
    ],
    ids=str,
)
def test_v4_a_document_that_does_not_quite_list_the_key_is_refused(server, change):
    method = f"{ISSUER}#key-1"
    document = {"verificationMethod": [server.entry(method)], "assertionMethod": [method]}
    server.put(ISSUER, {"id": ISSUER} | document | change)
    assert server.embedded(method).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("member", ["expires", "revoked"])
@pytest.mark.parametrize(
    ("date", "holds"),
    [
        ("2026-12-01T00:00:00Z", True),
        ("2026-11-01T13:00:01+01:00", True),
        ("2026-11-01T12:00:00Z", False),
        ("2020-01-01T00:00:00Z", False),
        ("2026-12-01T00:00:00", False),
        ("2026-12-01", False),
        ("never", False),
        (1_800_000_000, False),
    ],
    ids=str,
)
def test_v4_a_key_document_counts_until_its_end(server, member, date, holds):
    server.put(ISSUER, server.entry(ISSUER, **{member: date}))
    assert (server.embedded(ISSUER).verdict is Verdict.VALID) is holds
    server.put(KEY, server.entry())
    server.put(ISSUER, {"id": ISSUER, "assertionMethod": [server.entry(**{member: date})]})
    assert (server.embedded().verdict is Verdict.VALID) is holds


@pytest.mark.parametrize("member", ["secretKeyMultibase", "privateKeyJwk"])
def test_v4_a_key_document_that_shows_its_secret_is_burnt(server, member):
    server.put(ISSUER, server.entry(ISSUER, **{member: "z3u2en7t5LR2WtQH5"}))
    assert server.embedded(ISSUER).verdict is Verdict.NOT_VALID


def test_v4_a_key_document_with_two_keys_is_refused(server):
    other = server.jwk(generate(Curve.ED25519))
    server.put(ISSUER, server.entry(ISSUER, publicKeyJwk=other))
    assert server.embedded(ISSUER).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize("kid", ["https://evil.example/keys/1", "https://college.example:444/k"])
def test_v4_a_key_on_another_server_never_speaks_for_the_issuer(server, kid):
    server.put(kid, server.jwk(iss=ISSUER))
    server.put("https://evil.example/.well-known/jwks.json", {"keys": [server.jwk(kid=kid)]})
    assert server.token(kid=kid).verdict is Verdict.NOT_VALID


def test_v4_one_kid_twice_in_a_set_is_refused(server):
    server.put(JWKS, {"keys": [server.jwk(kid="k"), server.jwk(generate(Curve.P256), kid="k")]})
    assert server.token(kid=f"{JWKS}#k").verdict is Verdict.NOT_VALID


def test_v4_a_private_key_in_the_set_is_burnt(server):
    server.put(JWKS, {"keys": [server.jwk(kid="k", d="AAAA")]})
    report = server.token(kid=f"{JWKS}#k")
    assert report.finding("proof").outcome is Outcome.FAILED
