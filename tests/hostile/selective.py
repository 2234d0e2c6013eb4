"""Rows V3 and V8: badges as ``vc+sd-jwt``, of which a thief shows what was not signed."""

import json

from tests.hostile.genuine import selective
from tests.hostile.tokens import headers
from tests.hostile.world import NOW, REVOKED, Hostile, b64, unb64

EARLIER = int(NOW.timestamp()) - 3_600


def selectives(world):
    """Yield the files."""
    whole = selective(world)
    token, disclosure, _ = whole.split("~")
    salt, name, _ = json.loads(unb64(disclosure))
    texts = {
        "other-value": f"{token}~{b64([salt, name, 'Master'])}~",
        "other-name": f"{token}~{b64([salt, 'validUntil', '2090-01-01T00:00:00Z'])}~",
        "invented": f"{token}~{disclosure}~{b64(['x', 'degree', 'Doctor'])}~",
        "twice": f"{token}~{disclosure}~{disclosure}~",
        "empty": f"{token}~~",
        "array-form": f"{token}~{b64([salt, 'Master'])}~",
        "unclosed": f"{token}~{disclosure}",
        "unsigned": f"{token.rpartition('.')[0]}.~{disclosure}~",
        "as-vc-jwt": token,
        "key-binding-junk": f"{whole}a.b.c",
        "key-binding-none": f"{whole}{b64({'alg': 'none'})}.{b64({})}.",
    }
    for what, text in texts.items():
        yield _file(what, text)
    for what, change in headers(world).items():
        if what not in {"unknown", "typ-sd"}:
            changed = {k: v for k, v in change.items() if v is not ...}
            gone = [k for k, v in change.items() if v is ...]
            yield _file(f"header-{what}", _without(world, selective(world, header=changed), gone))
    claims = {
        "iss": {"iss": "did:web:evil.example"},
        "sub": {"sub": "did:key:other"},
        "exp": {"exp": EARLIER},
        "exp-late": {"exp": 4102444800},
        "exp-text": {"exp": "never"},
        "vc": {"vc": {}},
        "status-text": {"credentialStatus": "none"},
        "until-text": {"validUntil": "never"},
        "issuer": {"issuer": "did:web:evil.example"},
        "revoked": {"credentialStatus": world.uni.entry(REVOKED)},
        "no-subject": {"credentialSubject": {}},
    }
    for what, change in claims.items():
        yield _file(f"claim-{what}", selective(world, **change))
    for path in (
        *(("@context",), ("@context", 1), ("issuer",), ("validUntil",), ("credentialStatus",)),
        *(("credentialStatus", "statusListIndex"), ("credentialStatus", "statusPurpose")),
    ):
        text = selective(world, paths=[path])
        yield _file(f"hides-{'-'.join(map(str, path))}", text, "v3")
    forged = selective(world, world.thief, issuer={"id": world.uni.did, "type": ["Profile"]})
    yield _file("by-the-thief", forged)


def _without(world, text, gone):
    """The same with members of the header left out."""
    if not gone:
        return text
    token, _, rest = text.partition("~")
    head, body, _ = token.split(".")
    header = {k: v for k, v in json.loads(unb64(head)).items() if k not in gone}
    return f"{world.uni.raw_token(header, unb64(body))}~{rest}"


def _file(what, text, row="v8"):
    return Hostile(f"{row}-vc-sd-jwt-{what}", text.encode(), suffix="jwt")
