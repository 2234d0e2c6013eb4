"""Badges as signed tokens: row V8 of the threat model, and SD-JWT VC with token status lists."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from badges import seal
from badges.proofs import jws, sd_jwt, sd_jwt_vc, vc_jwt
from badges.status.token import pack_token, write_token
from badges.verify import Form, Policy, Verdict, read
from did.jwk import to_jwk
from did.public_key import Curve
from did.signers.memory import generate

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DID = "did:web:morgenau.example"
METHOD = f"{DID}#key-1"
HOLDER = "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME"


@pytest.fixture
def bound(draft):
    subject = {**draft["credentialSubject"], "id": HOLDER}
    return {**draft, "credentialSubject": subject}


@pytest.fixture(params=[vc_jwt.OPEN_BADGE, vc_jwt.JOSE])
def token(request, uni, bound):
    sealable = seal.prepare(bound, issuer_document=uni.document, method=METHOD, now=NOW)
    return seal.sign_jwt(sealable, uni.signer, typ=request.param)


def b64(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def parts(token):
    head, body, signature = token.split(".")
    decode = lambda t: json.loads(base64.urlsafe_b64decode(t + "=" * (-len(t) % 4)))  # noqa: E731
    return decode(head), decode(body), signature


def signed(uni, header, payload):
    text = f"{b64(header)}.{b64(payload)}"
    return f"{text}.{b64(uni.signer.sign(text.encode()))}"


def test_a_token_of_the_issuer_is_valid(token, verify):
    report = verify(token.encode())
    assert report.verdict is Verdict.VALID
    assert report.credential["form"] == "vc-jwt"
    assert report.credential["name"] == "Data analysis"


def test_v8_a_changed_payload_is_never_valid(token, verify):
    head, _, signature = token.split(".")
    _, payload, _ = parts(token)
    forged = f"{head}.{b64({**payload, 'name': 'Master of Science'})}.{signature}"
    report = verify(forged.encode())
    assert report.verdict is Verdict.NOT_VALID
    assert report.credential["protected"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": "RS256"},
        {"alg": "PS256"},
        {"alg": None},
        {"alg": ["EdDSA"]},
        {"typ": "jwt"},
        {"typ": "at+jwt"},
        {"typ": "vp+jwt"},
        {"typ": None},
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"]},
        {"b64": False},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MIIB"]},
        {"zip": "DEF"},
        {"kid": "did:web:evil.example#key-1"},
        {"kid": "https://evil.example/key"},
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"kid": 5},
        {"kid": ""},
        {"kid": f"{DID}#key-2"},
        {"cty": "jwt"},
    ],
    ids=str,
)
def test_v8_no_trick_in_the_header_is_ever_valid(uni, token, verify, change):
    header, payload, _ = parts(token)
    forged = signed(uni, header | change, payload)
    assert verify(forged.encode()).verdict in {Verdict.NOT_VALID, Verdict.COULD_NOT_CHECK}


@pytest.mark.parametrize("kid", ["key-1", "#key-1"])
def test_a_kid_that_is_no_address_is_the_name_of_a_key_of_the_issuer(uni, token, verify, kid):
    header, payload, _ = parts(token)
    assert verify(signed(uni, header | {"kid": kid}, payload).encode()).verdict is Verdict.VALID


@pytest.mark.parametrize("kid", ["key-2", "#key-2", "key", "key-1#key-1", "key-1/", "/key-1", "#"])
def test_v8_a_kid_that_names_no_key_of_the_issuer_is_never_valid(uni, token, verify, kid):
    header, payload, _ = parts(token)
    assert verify(signed(uni, header | {"kid": kid}, payload).encode()).verdict in {
        Verdict.NOT_VALID,
        Verdict.COULD_NOT_CHECK,
    }


def test_v8_no_signature_is_never_valid(token, verify):
    head, body, _ = token.split(".")
    for forged in (f"{head}.{body}.", f"{head}.{body}", f"{b64({'alg': 'none'})}.{body}."):
        assert verify(forged.encode()).verdict is Verdict.NOT_VALID


def test_v8_a_secret_made_of_the_public_key_is_never_valid(uni, token, verify):
    import hashlib
    import hmac

    header, payload, _ = parts(token)
    text = f"{b64(header | {'alg': 'HS256'})}.{b64(payload)}"
    mac = hmac.new(uni.signer.public_key.raw, text.encode(), hashlib.sha256).digest()
    assert verify(f"{text}.{b64(mac)}".encode()).verdict is Verdict.NOT_VALID


def test_v8_a_key_in_the_header_counts_only_if_the_issuer_lists_it(uni, bound, verify):
    payload = vc_jwt.credential_to_payload(bound)
    own = {"alg": "EdDSA", "typ": "JWT", "jwk": to_jwk(uni.signer.public_key)}
    assert verify(signed(uni, own, payload).encode()).verdict is Verdict.VALID
    thief = type("T", (), {"signer": generate(Curve.ED25519)})()
    stolen = own | {"jwk": to_jwk(thief.signer.public_key)}
    report = verify(signed(thief, stolen, payload).encode())
    assert report.verdict is Verdict.NOT_VALID
    both = stolen | {"kid": METHOD}
    assert verify(signed(thief, both, payload).encode()).verdict is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "did:web:other.example"},
        {"sub": "did:key:other"},
        {"jti": "urn:uuid:other"},
        {"nbf": 1},
        {"exp": 4102444800},
        {"exp": "never"},
        {"nbf": None},
        {"iss": None},
        {"vp": {}},
    ],
    ids=str,
)
def test_v8_claims_that_contradict_the_credential_are_never_valid(uni, token, verify, change):
    header, payload, _ = parts(token)
    assert verify(signed(uni, header, payload | change).encode()).verdict is Verdict.NOT_VALID


def test_v8_doubled_members_are_never_valid(uni, token, verify):
    header, payload, _ = parts(token)
    doubled = json.dumps(payload)[:-1] + ', "name": "Master of Science"}'
    text = f"{b64(header)}.{b64(doubled.encode())}"
    forged = f"{text}.{b64(uni.signer.sign(text.encode()))}"
    assert verify(forged.encode()).verdict is Verdict.NOT_VALID


def test_a_token_wrapped_in_quotes_or_in_an_envelope_is_read(token, verify):
    header, _, _ = parts(token)
    assert verify(json.dumps(token).encode()).verdict is Verdict.VALID
    media = "application/vc+jwt" if header["typ"] == "vc+jwt" else "application/jwt"
    envelope = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:{media},{token}",
        "type": "EnvelopedVerifiableCredential",
    }
    assert verify(envelope).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "id_",
    [
        "data:text/html,<script>",
        "https://x.example/token",
        "data:",
        None,
        5,
        "data:application/jwt",
    ],
)
def test_an_envelope_of_something_else_is_not_read(verify, id_):
    envelope = {"id": id_, "type": ["EnvelopedVerifiableCredential"]}
    assert verify(envelope).verdict is Verdict.NOT_VALID


@pytest.fixture
def wallet():
    return generate(Curve.P256)


def token_list(uni, index=None, value=1, **change):
    bits = bytearray(4096)
    if index is not None:
        write_token(bits, index, value, size=2)
    url = "https://morgenau.example/tokens/1"
    claims = {
        "sub": url,
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(days=1)).timestamp()),
        "status_list": pack_token(bits, size=2),
    } | change
    text = jws.create(
        {"typ": "statuslist+jwt", "kid": METHOD}, json.dumps(claims).encode(), uni.signer
    )
    page = next(iter(uni.pages.values()))
    uni.pages[url] = replace(page, body=text.encode(), content_type="application/statuslist+jwt")
    return url


@pytest.fixture
def diploma(uni, wallet):
    url = token_list(uni)
    envelope = sd_jwt_vc.Envelope(
        vct="https://morgenau.example/types/badge",
        issued_at=NOW,
        expires=NOW + timedelta(days=365),
        holder_jwk=to_jwk(wallet.public_key),
        status=(url, 9),
    )
    return sd_jwt_vc.create(
        {"name": "Data analysis", "given_name": "Zoë"},
        uni.signer,
        envelope,
        disclosable=[("given_name",)],
    )


def test_an_sd_jwt_of_the_issuer_is_valid(diploma, verify):
    report = verify(diploma.encode())
    assert report.verdict is Verdict.VALID
    assert report.credential["claims"]["given_name"] == "Zoë"


@pytest.mark.parametrize(("value", "code"), [(1, "revoked"), (2, "suspended"), (3, "suspended")])
def test_v16_a_token_list_withdraws(uni, diploma, verify, value, code):
    token_list(uni, 9, value)
    report = verify(diploma.encode())
    assert report.finding("status").code == code
    assert report.verdict in {Verdict.NOT_VALID, Verdict.GENUINE_WITH_REMARKS}


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "https://morgenau.example/tokens/2"},
        {"iat": None},
        {"iat": int((NOW + timedelta(days=1)).timestamp())},
        {"exp": int((NOW - timedelta(days=1)).timestamp())},
        {"exp": "tomorrow"},
        {"status_list": None},
        {"status_list": {"bits": 2, "lst": "!!"}},
    ],
    ids=str,
)
def test_v16_a_token_list_that_cannot_be_relied_on_never_clears(uni, diploma, verify, change):
    token_list(uni, **change)
    assert verify(diploma.encode()).verdict is Verdict.COULD_NOT_CHECK


def test_v16_an_index_past_the_end_of_a_token_list_is_a_range_error(uni, diploma, verify):
    token_list(uni, status_list=pack_token(bytes(1), size=2))
    assert verify(diploma.encode()).finding("status").code == "RANGE_ERROR"


def test_v16_an_unreachable_token_list_is_neither_green_nor_red(uni, diploma, verify):
    pages = {url: page for url, page in uni.pages.items() if "tokens" not in url}
    assert verify(diploma.encode(), pages=pages).verdict is Verdict.COULD_NOT_CHECK


def test_v8_a_changed_disclosure_is_never_valid(diploma, verify):
    token, disclosure, _ = diploma.split("~")
    salt, name, _ = json.loads(base64.urlsafe_b64decode(disclosure + "=="))
    forged = f"{token}~{b64([salt, name, 'Eve'])}~"
    assert verify(forged.encode()).verdict is Verdict.NOT_VALID
    assert verify(f"{token}~".encode()).verdict is Verdict.VALID


def shown(diploma, holder, nonce="n-0S6", audience="https://employer.example"):
    bound = sd_jwt.create_key_binding(
        sd_jwt.parse(diploma), holder, audience=audience, nonce=nonce, issued_at=NOW
    )
    return "~".join((bound.token, *bound.disclosures, bound.key_binding)).encode()


ASKED = Policy(challenge="n-0S6", domain="https://employer.example")


def test_an_sd_jwt_shown_by_its_holder_is_valid(diploma, wallet, verify):
    assert verify(shown(diploma, wallet)).verdict is Verdict.VALID
    assert verify(shown(diploma, wallet), policy=ASKED).verdict is Verdict.VALID


def test_v8_an_sd_jwt_shown_by_a_thief_is_never_valid(diploma, verify):
    assert verify(shown(diploma, generate(Curve.P256))).verdict is Verdict.NOT_VALID


def test_v8_an_sd_jwt_that_answers_another_request_is_never_valid(diploma, wallet, verify):
    for text in (
        shown(diploma, wallet, nonce="old"),
        shown(diploma, wallet, audience="https://evil.example"),
        diploma.encode(),
        f"{diploma}a.b.c".encode(),
    ):
        assert verify(text, policy=ASKED).verdict is Verdict.NOT_VALID


def test_an_expired_sd_jwt_is_a_remark(diploma, verify, uni):
    token_list(uni, exp=None)
    later = NOW + timedelta(days=400)
    assert verify(diploma.encode(), now=later).finding("dates").code == "expired"


@pytest.mark.parametrize(
    "text", ["a.b", "a.b.c", "....", "a~b", "~", "~~", "eyJ.eyJ.~", "a.b.c~d~"]
)
def test_v11_what_is_no_token_is_read_as_a_problem(text):
    presented = read(text.encode())
    assert presented.form is Form.NONE
    assert presented.problem is not None
