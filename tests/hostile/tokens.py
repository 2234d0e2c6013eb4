"""Row V8: tokens, in the forms of Open Badges, of VC-JOSE-COSE and of SD-JWT VC."""

import hashlib
import hmac
import json
import struct

from badges.proofs import sd_jwt, vc_jwt
from did.jwk import to_jwk
from did.public_key import Curve
from did.signers.memory import generate
from tests.hostile.genuine import bound, diploma, enveloped, token_list
from tests.hostile.world import NEVER_VALID, NOW, Hostile, b64, encode, stamp, unb64

L = 2**252 + 27742317777372353535851937790883648493


def tokens(world):
    """Yield the files."""
    for typ in (vc_jwt.OPEN_BADGE, vc_jwt.JOSE):
        for key in ("ed", "p256"):
            yield from _jwt(world, typ, key)
    yield from _envelopes(world)
    yield from _sd_jwt(world)


def parts(token):
    head, body, signature = token.split(".")
    return json.loads(unb64(head)), json.loads(unb64(body)), signature


def headers(world):
    """Changes of a header that no reader may fall for; what is `...` is left out."""
    thief = to_jwk(generate(Curve.ED25519).public_key)
    did = world.uni.did
    return {
        "alg-none": {"alg": "none"},
        "alg-None": {"alg": "None"},
        "alg-nOnE": {"alg": "nOnE"},
        "alg-empty": {"alg": ""},
        "alg-hs256": {"alg": "HS256"},
        "alg-hs512": {"alg": "HS512"},
        "alg-rs256": {"alg": "RS256"},
        "alg-ps256": {"alg": "PS256"},
        "alg-es384": {"alg": "ES384"},
        "alg-es256k": {"alg": "ES256K"},
        "alg-null": {"alg": None},
        "alg-list": {"alg": ["EdDSA"]},
        "alg-number": {"alg": 5},
        "alg-gone": {"alg": ...},
        "alg-space": {"alg": "EdDSA "},
        "typ-lower": {"typ": "jwt"},
        "typ-at": {"typ": "at+jwt"},
        "typ-vp": {"typ": "vp+jwt"},
        "typ-null": {"typ": None},
        "typ-list": {"typ": ["JWT"]},
        "typ-sd": {"typ": "dc+sd-jwt"},
        "typ-status": {"typ": "statuslist+jwt"},
        "typ-proof": {"typ": "openid4vci-proof+jwt"},
        "crit": {"crit": ["exp"]},
        "crit-empty": {"crit": []},
        "crit-null": {"crit": None},
        "crit-b64": {"crit": ["b64"], "b64": False},
        "b64": {"b64": False},
        "b64-true": {"b64": True},
        "jku": {"jku": "https://evil.example/keys"},
        "x5u": {"x5u": "https://evil.example/c"},
        "x5c": {"x5c": ["MIIB"]},
        "x5t": {"x5t": "AAAA"},
        "zip": {"zip": "DEF"},
        "enc": {"enc": "A128GCM"},
        "epk": {"epk": {}},
        "iss": {"iss": "did:web:evil.example"},
        "jwk-thief": {"jwk": thief},
        "jwk-text": {"jwk": "x"},
        "jwk-empty": {"jwk": {}},
        "jwk-private": {"jwk": thief | {"d": b64(bytes(32))}},
        "kid-gone": {"kid": ...},
        "kid-null": {"kid": None},
        "kid-number": {"kid": 5},
        "kid-empty": {"kid": ""},
        "kid-list": {"kid": [f"{did}#ed"]},
        "kid-path": {"kid": "../../etc/passwd"},
        "kid-sql": {"kid": "' OR 1=1 --"},
        "kid-thief": {"kid": "did:web:evil.example#ed"},
        "kid-unlisted": {"kid": f"{did}#none"},
        "kid-https": {"kid": "https://evil.example/key"},
        "kid-file": {"kid": "file:///dev/null"},
        "kid-loopback": {"kid": "https://127.0.0.1/key"},
        "kid-relative": {"kid": "#none"},
        "kid-fragment-key": {"kid": f"{did}#z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME"},
        "cty-jwt": {"cty": "JWT"},
        "unknown": {"honours": "first"},
    }


CLAIMS = {
    "iss-thief": {"iss": "did:web:evil.example"},
    "iss-null": {"iss": None},
    "iss-list": {"iss": []},
    "sub": {"sub": "did:key:other"},
    "jti": {"jti": "urn:uuid:other"},
    "nbf": {"nbf": 1},
    "nbf-text": {"nbf": "1"},
    "nbf-null": {"nbf": None},
    "nbf-true": {"nbf": True},
    "nbf-huge": {"nbf": 10**15},
    "exp-late": {"exp": 4102444800},
    "exp-text": {"exp": "never"},
    "exp-negative": {"exp": -1},
    "vc": {"vc": {"type": ["VerifiableCredential"]}},
    "vp": {"vp": {}},
    "no-type": {"type": ["VerifiableCredential2"]},
    "no-context": {"@context": []},
    "issuer-thief": {"issuer": "did:web:evil.example"},
    "issuer-null": {"issuer": None},
    "status-text": {"credentialStatus": "none"},
    "status-list": {"credentialStatus": [5]},
    "from-text": {"validFrom": "now"},
    "until-text": {"validUntil": "never"},
    "until-date": {"validUntil": "2027-01-01"},
}


def _jwt(world, typ, key):
    uni = world.uni
    token = uni.token(typ, key, bound(uni))
    header, payload, signature = parts(token)
    name = f"v8-{typ.replace('+', '-')}-{key}"
    for what, change in headers(world).items():
        changed = {k: v for k, v in (header | change).items() if v is not ...}
        if (typ, what) != (vc_jwt.JOSE, "unknown"):  # that one is genuine: see `genuine`
            yield _file(f"{name}-{what}", uni.raw_token(changed, payload, key))
    for what, change in CLAIMS.items():
        yield _file(f"{name}-{what}", uni.raw_token(header, payload | change, key))
    for what, text in _texts(token, header, payload, signature):
        yield _file(f"{name}-{what}", text)
    thief = world.thief.keys[key]
    yield _file(f"{name}-by-the-thief", uni.raw_token(header, payload, thief))
    own = header | {"kid": thief.verification_method}
    yield _file(f"{name}-by-the-thief-openly", uni.raw_token(own, payload, thief))
    public = uni.keys[key].public_key
    secrets = {"raw": public.raw, "jwk": json.dumps(to_jwk(public)).encode(), "empty": b""}
    for what, secret in secrets.items():
        text = f"{b64(header | {'alg': 'HS256'})}.{b64(payload)}"
        mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        yield _file(f"{name}-hmac-{what}", f"{text}.{b64(mac)}")


def _file(name, text, allowed=None):
    data = text if isinstance(text, bytes) else text.encode()
    return Hostile(name, data, *([allowed] if allowed else []), suffix="jwt")


def _texts(token, header, payload, signature):
    """Other bytes around, in and instead of the three parts."""
    head, body, _ = token.split(".")
    raw = unb64(signature)
    half = len(raw) // 2
    doubled = json.dumps(payload)[:-1] + ', "name": "Master of Science"}'
    general = {"protected": head, "signature": signature}
    latin = json.dumps(payload, ensure_ascii=False).encode("latin-1", "replace")
    escaped = json.dumps(payload)[:-1] + ', "\\u006eame": "Master of Science"}'
    yield from {
        "unsigned": f"{head}.{body}.",
        "two-parts": f"{head}.{body}",
        "four-parts": f"{token}.x",
        "five-parts": f"{token}.x.y",
        "padded": token + "==",
        "no-head": f".{body}.{signature}",
        "no-body": f"{head}..{signature}",
        "newline": f"{head}.\n{body}.{signature}",
        "space": f"{head}. {body}.{signature}",
        "plus": f"{head}.{body}.{signature[:-1]}+",
        "another-last": f"{head}.{body}.{_other_last(signature)}",
        "cut": f"{head}.{body}.{signature[:-4]}",
        "longer": f"{head}.{body}.{signature}AAAA",
        "zero": f"{head}.{body}.{b64(bytes(64))}",
        "swapped": f"{head}.{body}.{b64(raw[half:] + raw[:half])}",
        "der": f"{head}.{body}.{b64(_der(raw))}",
        "flipped": f"{head}.{body}.{b64(bytes([raw[0] ^ 1]) + raw[1:])}",
        "name": f"{head}.{b64({**payload, 'name': 'Master of Science'})}.{signature}",
        "doubled": f"{head}.{b64(doubled.encode())}.{signature}",
        "escaped": f"{head}.{b64(escaped.encode())}.{signature}",
        "head-doubled": f"{_doubled(header)}.{body}.{signature}",
        "head-list": f"{b64([header])}.{body}.{signature}",
        "head-text": f"{b64('x')}.{body}.{signature}",
        "body-list": f"{head}.{b64([payload])}.{signature}",
        "body-null": f"{head}.{b64(None)}.{signature}",
        "latin": f"{head}.{b64(latin)}.{signature}",
        "json-form": json.dumps({"payload": body, "protected": head, "signature": signature}),
        "general-form": json.dumps({"payload": body, "signatures": [general]}),
        "in-a-list": json.dumps([token]),
        "quoted-twice": json.dumps(json.dumps(token)),
        "bearer": f"Bearer {token}",
        "with-nul": token + "\0",
    }.items()


def _doubled(header):
    return b64(json.dumps(header)[:-1].encode() + b', "alg": "none"}')


def _other_last(signature):
    """Change bits of the last letter that decode to nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return signature[:-1] + letters[letters.index(signature[-1]) ^ 1]


def _der(raw):
    half = len(raw) // 2
    numbers = b"".join(struct.pack("BB", 2, half) + part for part in (raw[:half], raw[half:]))
    return struct.pack("BB", 0x30, len(numbers)) + numbers


def _envelopes(world):
    token = world.uni.token(vc_jwt.JOSE)
    head, _body, signature = token.split(".")
    _, payload, _ = parts(token)
    forged = f"{head}.{b64({**payload, 'name': 'Eve'})}.{signature}"
    ids = {
        "forged": f"data:application/vc+jwt,{forged}",
        "html": f"data:text/html,{token}",
        "https": "https://evil.example/token",
        "only-data": "data:",
        "null": None,
        "number": 5,
        "no-comma": "data:application/vc+jwt",
        "nothing": "data:application/vc+jwt,",
        "base64": f"data:application/vc+jwt;base64,{b64(token.encode())}x",
        "vc": f"data:application/vc,{b64(payload)}",
        "spaces": f"data:application/vc+jwt, {forged}",
        "nested": "data:application/vc+jwt," + json.dumps(enveloped(token)),
        "plain": f"data:application/vc,{json.dumps(world.uni.draft())}",
    }
    for name, address in ids.items():
        yield Hostile(f"v8-envelope-{name}", encode({**enveloped(token), "id": address}))
    two = {**enveloped(token), "type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]}
    yield Hostile("v8-envelope-forged-two-types", encode(two | {"id": ids["forged"]}))


def _sd_jwt(world):
    uni = world.uni
    genuine = diploma(world)
    token, disclosure, _ = genuine.split("~")
    header, payload, _signature = parts(token)
    salt, claim, _ = json.loads(unb64(disclosure))
    texts = {
        "other-value": f"{token}~{b64([salt, claim, 'Eve'])}~",
        "other-name": f"{token}~{b64([salt, 'family_name', 'Eve'])}~",
        "invented": f"{token}~{disclosure}~{b64(['x', 'degree', 'Doctor'])}~",
        "twice": f"{token}~{disclosure}~{disclosure}~",
        "empty": f"{token}~~",
        "array-form": f"{token}~{b64([salt, 'Eve'])}~",
        "four": f"{token}~{b64([salt, claim, 'Eve', 1])}~",
        "not-json": f"{token}~{b64(b'x')}~",
        "object": f"{token}~{b64({'a': 1})}~",
        "disclosed-iss": f"{token}~{b64([salt, 'iss', 'did:web:evil.example'])}~",
        "exp": f"{token}~{b64([salt, 'exp', 1])}~",
        "sd": f"{token}~{b64([salt, '_sd', []])}~",
        "dots": f"{token}~{b64([salt, '...', 'x'])}~",
        "unclosed": f"{token}~{disclosure}",
        "padded": f"{token}~{disclosure}==~",
        "spaces": f"{token}~ {disclosure}~",
        "many": f"{token}~" + f"{disclosure}~" * 2_000,
        "unsigned": f"{token.rpartition('.')[0]}.~{disclosure}~",
        "key-binding-junk": f"{genuine}a.b.c",
        "key-binding-none": f"{genuine}{b64({'alg': 'none'})}.{b64({})}.",
    }
    for name, text in texts.items():
        yield _file(f"v8-sd-jwt-{name}", text)
    yield _file("v8-sd-jwt-key-binding-thief", _bound_by_a_thief(genuine))
    odd = {k: v for k, v in headers(world).items() if not k.startswith("typ-sd")}
    for name, change in odd.items():
        changed = {k: v for k, v in (header | change).items() if v is not ...}
        yield _file(f"v8-sd-jwt-{name}", f"{uni.raw_token(changed, payload)}~{disclosure}~")
    claims = {
        "iss-thief": {"iss": "did:web:evil.example"},
        "iss-https": {"iss": "https://evil.example"},
        "no-vct": {"vct": ...},
        "vct-list": {"vct": ["x"]},
        "exp-text": {"exp": "never"},
        "exp-true": {"exp": True},
        "nbf-text": {"nbf": "1"},
        "sd-alg": {"_sd_alg": "md5"},
        "sd-alg-none": {"_sd_alg": "none"},
        "sd-text": {"_sd": "x"},
        "sd-numbers": {"_sd": [5]},
        "status-text": {"status": "valid"},
        "status-null": {"status": None},
        "status-other": {"status": {"other": 1}},
        "status-empty": {"status": {}},
        "status-index": {"status": {"status_list": {"idx": "9", "uri": uni.list_url("tokens")}}},
        "status-negative": {"status": {"status_list": {"idx": -1, "uri": uni.list_url("tokens")}}},
        "status-float": {"status": {"status_list": {"idx": 9.0, "uri": uni.list_url("tokens")}}},
        "status-uri": {"status": {"status_list": {"idx": 9, "uri": 5}}},
        "cnf-text": {"cnf": "x"},
    }
    for name, change in claims.items():
        changed = {k: v for k, v in (payload | change).items() if v is not ...}
        yield _file(f"v8-sd-jwt-claim-{name}", f"{uni.raw_token(header, changed)}~{disclosure}~")
    for name, change in {"nbf": {"nbf": int(NOW.timestamp()) + 3_600}}.items():
        yield _file(f"v19-sd-jwt-{name}", f"{uni.raw_token(header, payload | change)}~")
    late = f"{uni.raw_token(header, payload | {'exp': int(NOW.timestamp()) - 3_600})}~"
    yield _file("v19-sd-jwt-exp", late, NEVER_VALID)
    yield from _token_lists(world)


def _bound_by_a_thief(genuine):
    thief = generate(Curve.P256)
    read = sd_jwt.parse(genuine)
    bound = sd_jwt.create_key_binding(
        read, thief, audience="https://employer.example", nonce="n", issued_at=NOW
    )
    return "~".join((bound.token, *bound.disclosures, bound.key_binding))


def _token_lists(world):
    later, earlier = int(NOW.timestamp()) + 86_400, int(NOW.timestamp()) - 86_400
    lists = {
        "sub": {"sub": "https://evil.example/list"},
        "no-sub": {"sub": None},
        "iat-none": {"iat": None},
        "iat-later": {"iat": later},
        "iat-text": {"iat": "now"},
        "exp": {"exp": earlier},
        "exp-text": {"exp": "never"},
        "exp-null-list": {"status_list": None},
        "bits-3": {"status_list": {"bits": 3, "lst": "eNpjAAAAAQAB"}},
        "bits-text": {"status_list": {"bits": "2", "lst": "eNpjAAAAAQAB"}},
        "bits-true": {"status_list": {"bits": True, "lst": "eNpjAAAAAQAB"}},
        "bits-float": {"status_list": {"bits": 2.0, "lst": "eNpjAAAAAQAB"}},
        "lst-junk": {"status_list": {"bits": 2, "lst": "!!"}},
        "lst-empty": {"status_list": {"bits": 2, "lst": ""}},
        "lst-gzip": {"status_list": {"bits": 2, "lst": "H4sIAAAAAAAAA2NgAAAAAP__"}},
        "lst-short": {"status_list": {"bits": 2, "lst": "eNpjAAAAAQAB"}},
        "lst-number": {"status_list": {"bits": 2, "lst": 5}},
    }
    for name, change in lists.items():
        issuer = world.issuer()
        token_list(issuer, **change)
        yield _file(f"v16-token-list-{name}", diploma(world, issuer, url=issuer.list_url("tokens")))
    for value in (1, 2, 3):
        issuer = world.issuer()
        url = token_list(issuer, 9, value)
        yield _file(f"v16-token-list-value-{value}", diploma(world, issuer, url=url), NEVER_VALID)
    issuer = world.issuer()
    world.put(issuer.list_url("tokens"), b"not a token", status=200)
    yield _file("v16-token-list-none", diploma(world, issuer, url=issuer.list_url("tokens")))
    other = token_list(world.thief, name="tokens")
    yield _file("v16-token-list-of-a-thief", diploma(world, issuer, url=other))
    yield _file("v16-token-list-missing", diploma(world, issuer, url=issuer.list_url("nowhere")))
    yield _file("v16-token-list-http", diploma(world, issuer, url="http://127.0.0.1/list"))
    yield _file("v16-token-list-stamp", diploma(world, issuer, url=f"urn:{stamp()}"))
