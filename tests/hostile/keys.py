"""Rows V4 to V7 and V18: whose key it is, what it was for, how it is written, and how many."""

import copy
import hashlib
import hmac
from dataclasses import replace

import base58

from badges.errors import BadgeError
from badges.proofs import data_integrity
from did.jwk import to_jwk
from did.multikey import encode as multikey
from did.public_key import Curve
from did.signers.memory import from_seed, generate
from tests.hostile.genuine import SUITES
from tests.hostile.world import (
    NOW,
    Hostile,
    edited,
    encode,
    stamp,
    with_proof,
    without,
)

L = 2**252 + 27742317777372353535851937790883648493
PUBLISHED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
SMALL_ORDER = [
    bytes(32),
    b"\1" + bytes(31),
    bytes(31) + b"\x80",
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]


def keys(world):
    """Yield the files."""
    yield from _documents(world)
    yield from _strangers(world)
    yield from _confused(world)
    yield from _encodings(world)
    yield from _sets(world)


def _spoilers(did):
    method = f"{did}#ed"

    def first(document):
        return document["verificationMethod"][0]

    other = multikey(generate(Curve.ED25519).public_key)
    return {
        "no-relationship": lambda d: d.pop("assertionMethod"),
        "empty-relationship": lambda d: d.update(assertionMethod=[]),
        "null-relationship": lambda d: d.update(assertionMethod=None),
        "another-relationship": lambda d: d.update(assertionMethod=[f"{did}#other"]),
        "only-authentication": lambda d: d.update(assertionMethod=[], authentication=[method]),
        "expired": lambda d: first(d).update(expires=stamp(days=-30)),
        "revoked": lambda d: first(d).update(revoked=stamp(days=-30)),
        "revoked-unreadable": lambda d: first(d).update(revoked="yes"),
        "expired-unreadable": lambda d: first(d).update(expires="2020"),
        "other-controller": lambda d: first(d).update(controller="did:web:evil.example"),
        "no-controller": lambda d: first(d).pop("controller"),
        "controllers": lambda d: first(d).update(controller=[did, "did:web:evil.example"]),
        "twice": lambda d: d["verificationMethod"].append(copy.deepcopy(first(d))),
        "twice-with-another": lambda d: d["verificationMethod"].insert(
            0, first(d) | {"publicKeyMultibase": other}
        ),
        "other-id": lambda d: d.update(id="did:web:evil.example"),
        "no-id": lambda d: d.pop("id"),
        "number-id": lambda d: d.update(id=5),
        "list-id": lambda d: d.update(id=[did]),
        "upper-id": lambda d: d.update(id=did.upper()),
        "no-methods": lambda d: d.update(verificationMethod=[]),
        "null-methods": lambda d: d.update(verificationMethod=None),
        "object-methods": lambda d: d.update(verificationMethod={}),
        "other-key": lambda d: first(d).update(publicKeyMultibase=other),
        "no-key": lambda d: first(d).pop("publicKeyMultibase"),
        "null-key": lambda d: first(d).update(publicKeyMultibase=None),
        "two-keys": lambda d: first(d).update(
            publicKeyJwk=to_jwk(generate(Curve.ED25519).public_key)
        ),
        "short-key": lambda d: first(d).update(
            publicKeyMultibase=first(d)["publicKeyMultibase"][:-1]
        ),
        "base64-key": lambda d: first(d).update(
            publicKeyMultibase="u" + first(d)["publicKeyMultibase"][1:]
        ),
        "fragment-id": lambda d: first(d).update(id=f"{method}x"),
        "did-as-method": lambda d: first(d).update(id=did),
    }


def _documents(world):
    """The university's signature is right, but its document does not stand behind the key."""
    for name in _spoilers("did:web:x.example"):
        issuer = world.issuer()
        badge = issuer.badge()
        document = copy.deepcopy(issuer.did_document())
        _spoilers(issuer.did)[name](document)
        issuer.publish(document)
        yield Hostile(f"v4-document-{name}", encode(badge))
    bodies = {
        "html": b"<html>404</html>",
        "empty": b"",
        "list": b"[]",
        "null": b"null",
        "half": b'{"id": ',
        "latin": '{"id": "é"}'.encode("latin-1"),
        "deep": b"[" * 5_000,
    }
    for name, body in bodies.items():
        issuer = world.issuer()
        badge = issuer.badge()
        world.put(f"https://{issuer.host}/.well-known/did.json", body)
        yield Hostile(f"v18-body-{name}", encode(badge))
    for status in (301, 302, 401, 403, 404, 410, 500, 503):
        issuer = world.issuer()
        badge = issuer.badge()
        world.put(
            f"https://{issuer.host}/.well-known/did.json", issuer.did_document(), status=status
        )
        yield Hostile(f"v18-status-{status}", encode(badge))
    for name in ("deactivated", "gone", "rotated"):
        issuer = world.issuer()
        badge = issuer.badge()
        del world.pages[f"https://{issuer.host}/.well-known/did.json"]
        if name == "deactivated":
            issuer.publish({"id": issuer.did, "deactivated": True})
        if name == "rotated":
            issuer.keys["ed"] = generate(Curve.ED25519, f"{issuer.did}#ed")
            issuer.publish(issuer.did_document())
        yield Hostile(f"v18-{name}", encode(badge))


def _strangers(world):
    """Somebody else's key, under every name it can be given."""
    uni, thief = world.uni, world.thief
    stolen = generate(Curve.ED25519)
    text = multikey(stolen.public_key)
    own = stolen.verification_method
    names = {
        "own-name": own,
        "fragment": f"{uni.did}#{text}",
        "fragment-of-key": f"{own.partition('#')[0]}#{uni.did}",
        "unlisted": f"{uni.did}#key-9",
        "no-fragment": uni.did,
        "empty-fragment": f"{uni.did}#",
        "victims-name": f"{uni.did}#ed",
        "path": f"{uni.did}:keys#{text}",
        "query": f"{uni.did}?versionId=1#ed",
        "space": f"{uni.did}#ed ",
        "upper": f"{uni.did.upper()}#ed",
        "thief": f"{thief.did}#{text}",
        "thief-listed": f"{thief.did}#ed",
        "subdomain": f"{uni.did}.evil.example#ed",
        "encoded": "did:web:morgenau.example%2Fevil#ed",
        "port": "did:web:morgenau.example%3A8443#ed",
        "https": "https://evil.example/keys/claims-the-university",
        "https-of-university": "https://morgenau.example/keys/nowhere",
        "data": f"data:application/json,{text}",
        "urn": "urn:uuid:1",
        "relative": "#ed",
        "nothing": "x",
        "jwk": "did:jwk:" + "eyJrdHkiOiJPS1AifQ" + "#0",
        "unknown-method": "did:example:123#ed",
        "script": "javascript:alert(1)",
        "file": "file:///etc/passwd",
        "loopback": "https://127.0.0.1/key",
    }
    world.put(
        names["https"],
        {
            "id": names["https"],
            "type": "Multikey",
            "controller": uni.did,
            "publicKeyMultibase": text,
        },
    )
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        for name, method in names.items():
            forged = _resigned(uni.draft(), stolen, suite, method)
            yield Hostile(f"v4-stranger-{suite}-{name}", encode(forged))
    issuers = {"text": uni.did, "object": {"id": uni.did, "type": ["Profile"], "name": "X"}}
    for name, issuer in issuers.items():
        forged = thief.sign(uni.draft(issuer=issuer))
        yield Hostile(f"v4-thief-for-{name}", encode(forged))
    yield Hostile("v4-two-issuers", encode(thief.sign(uni.draft(issuer=[uni.did, thief.did]))))
    yield Hostile("v4-published-key", encode(_published(world)))
    inner = {"publicKeyMultibase": text, "publicKeyJwk": to_jwk(stolen.public_key)}
    badge = uni.badge()
    for member, value in inner.items():
        method = {"id": f"{uni.did}#ed", "type": "Multikey", "controller": uni.did, member: value}
        yield Hostile(f"v4-inside-{member}", encode(with_proof(badge, verificationMethod=method)))
        yield Hostile(f"v4-beside-{member}", encode(with_proof(badge, **{member: value})))


def _resigned(draft, signer, suite, method):
    """Sign in the name of `method`, or as near to it as our own writer will go."""
    try:
        named = replace(signer, verification_method=method)
        return data_integrity.add_proof(draft, named, suite, created=NOW)
    except BadgeError:
        signed = data_integrity.add_proof(draft, signer, suite, created=NOW)
        return with_proof(signed, verificationMethod=method)


def _published(world):
    printed = from_seed(Curve.ED25519, PUBLISHED)
    did = printed.verification_method.partition("#")[0]
    draft = world.uni.draft(issuer={"id": did, "type": ["Profile"]}, credentialStatus=...)
    return data_integrity.add_proof(draft, printed, "eddsa-rdfc-2022", created=NOW)


PURPOSES = (
    "authentication",
    "keyAgreement",
    "capabilityInvocation",
    "capabilityDelegation",
    "assertion",
    "AssertionMethod",
    "",
    None,
    ["assertionMethod"],
    5,
    ...,
)
CRYPTOSUITES = (
    "eddsa-rdfc-2022",
    "eddsa-jcs-2022",
    "ecdsa-rdfc-2019",
    "ecdsa-jcs-2019",
    "ecdsa-sd-2023",
    "bbs-2023",
    "eddsa-2022",
    "EDDSA-RDFC-2022",
    "eddsa-rdfc-2022 ",
    "eddsa-rdfc-2023",
    "none",
    "",
    None,
    5,
    ["eddsa-rdfc-2022"],
    ...,
)
TYPES = (
    "Ed25519Signature2020",
    "Ed25519Signature2018",
    "JsonWebSignature2020",
    "DataIntegrity",
    "dataIntegrityProof",
    "",
    None,
    ["DataIntegrityProof"],
    5,
    "BbsBlsSignature2020",
    "https://w3id.org/security#DataIntegrityProof",
    {},
    ...,
)
OTHERS = {
    "created-future": {"created": stamp(days=2)},
    "created-text": {"created": "yesterday"},
    "created-date": {"created": "2026-11-01"},
    "created-number": {"created": 1_790_000_000},
    "created-null": {"created": None},
    "expires-past": {"expires": stamp(days=-2)},
    "expires-future": {"expires": stamp(days=2)},
    "expires-text": {"expires": "never"},
    "challenge": {"challenge": "x"},
    "domain": {"domain": "https://evil.example"},
    "nonce": {"nonce": "x"},
    "id": {"id": "urn:uuid:1"},
    "previous-missing": {"previousProof": "urn:uuid:2"},
    "previous-empty": {"previousProof": []},
    "previous-number": {"previousProof": 5},
    "context": {"@context": ["https://www.w3.org/ns/credentials/v2"]},
    "context-inline": {"@context": [{"proofValue": "https://evil.example/p"}]},
    "unknown-member": {"honours": "first"},
    "nested-proof": {"proof": {"type": "DataIntegrityProof"}},
}


def _confused(world):
    for suite, key in SUITES:
        badge = world.uni.badge(suite, key=key)
        now = badge["proof"][0]
        for member, number, value in _claimed():
            if value != now[member]:
                forged = with_proof(badge, **{member: value})
                yield Hostile(f"v5-{suite}-{key}-{member}-{number}", encode(forged))
        for name in ("ed", "p256", "p384"):
            if name != key:
                forged = with_proof(badge, verificationMethod=f"{world.uni.did}#{name}")
                yield Hostile(f"v5-{suite}-{key}-key-{name}", encode(forged))
        for member in ("verificationMethod", "proofValue", "created"):
            yield Hostile(
                f"v5-{suite}-{key}-no-{member}", encode(with_proof(badge, **{member: ...}))
            )
    yield from _options(world)


def _claimed():
    tables = {"proofPurpose": PURPOSES, "cryptosuite": CRYPTOSUITES, "type": TYPES}
    for member, values in tables.items():
        for number, value in enumerate(values):
            yield member, number, value


def _options(world):
    badge = world.uni.badge()
    for name, change in OTHERS.items():
        yield Hostile(f"v5-{name}", encode(with_proof(badge, **change)))
    for purpose in ("authentication", "capabilityInvocation"):
        signed = world.uni.sign(world.uni.draft(), purpose=purpose)
        yield Hostile(f"v5-signed-for-{purpose}", encode(signed))
        swapped = with_proof(signed, proofPurpose="assertionMethod")
        yield Hostile(f"v5-swapped-from-{purpose}", encode(swapped))


def _recodings(raw, text):
    half = len(raw) // 2
    r, s = raw[:half], raw[half:]
    z = lambda value: "z" + base58.b58encode(value).decode()  # noqa: E731 - short for a table
    yield from {
        "base64url": "u" + text[1:],
        "no-header": text[1:],
        "space-after": text + " ",
        "space-before": " " + text,
        "newline": text + "\n",
        "leading-one": "z1" + text[1:],
        "upper": text.upper(),
        "lower": text.lower(),
        "hex": "f" + raw.hex(),
        "empty": "",
        "only-header": "z",
        "long": "z" * 500_000,
        "list": [text],
        "object": {"@value": text},
        "null": None,
        "number": 5,
        "twice": z(raw + raw),
        "short": z(raw[:-1]),
        "longer": z(raw + b"\0"),
        "zero": z(bytes(len(raw))),
        "swapped-halves": z(s + r),
        "zero-r": z(bytes(half) + s),
        "zero-s": z(r + bytes(half)),
        "reversed": z(raw[::-1]),
        "first-bit": z(bytes([raw[0] ^ 1]) + raw[1:]),
        "last-bit": z(raw[:-1] + bytes([raw[-1] ^ 1])),
        "base58-flickr": "Z" + text[1:],
        "der": z(b"\x30\x44" + raw),
        "zero-zero": "z" + "1" * 64,
        "odd-letter": text[:-1] + "0",
        "nul": text + "\0",
        "accent": text[:-1] + "é",
        "mac": z(hmac.new(b"public", raw, hashlib.sha512).digest()),
    }.items()


def _encodings(world):
    for suite, key in SUITES:
        badge = world.uni.badge(suite, key=key)
        text = badge["proof"][0]["proofValue"]
        raw = base58.b58decode(text[1:])
        for name, value in _recodings(raw, text):
            yield Hostile(f"v6-{suite}-{key}-{name}", encode(with_proof(badge, proofValue=value)))
    badge = world.uni.badge()
    raw = base58.b58decode(badge["proof"][0]["proofValue"][1:])
    for factor in range(1, 8):
        more = int.from_bytes(raw[32:], "little") + factor * L
        if more < 2**256:
            text = "z" + base58.b58encode(raw[:32] + more.to_bytes(32, "little")).decode()
            yield Hostile(f"v6-s-plus-{factor}-l", encode(with_proof(badge, proofValue=text)))
    for number, point in enumerate(SMALL_ORDER):
        issuer = world.issuer()
        document = issuer.did_document()
        name = "z" + base58.b58encode(b"\xed\x01" + point).decode()
        document = edited(document, ("verificationMethod", 0, "publicKeyMultibase"), name)
        forged = issuer.badge()
        issuer.publish(document)
        zero = "z" + base58.b58encode(point + bytes(32)).decode()
        yield Hostile(f"v6-small-order-{number}", encode(with_proof(forged, proofValue=zero)))


def _sets(world):
    uni = world.uni
    badge = uni.badge()
    first = badge["proof"][0]
    other = uni.badge("eddsa-jcs-2022")["proof"][0]
    stranger = uni.sign(badge, key=generate(Curve.ED25519))["proof"][1]
    broken = {**first, "proofValue": other["proofValue"]}
    sets = {
        "good-and-broken": [first, broken],
        "broken-and-good": [broken, first],
        "only-a-stranger": [stranger],
        "stranger-broken": [first, {**stranger, "created": stamp(hours=-1)}],
        "unknown-kind": [first, {**first, "cryptosuite": "bbs-2023"}],
        "made-up-kind": [first, {**first, "cryptosuite": "sha1-rdfc"}],
        "without-value": [first, {k: v for k, v in first.items() if k != "proofValue"}],
        "null": [first, None],
        "text": [first, "proof"],
        "list": [first, [first]],
        "many": [first] * 17,
        "hundreds": [first] * 500,
        "same-id": [{**first, "id": "urn:x"}] * 2,
        "other-purpose": [first, {**first, "proofPurpose": "authentication"}],
        "own-previous": [{**first, "id": "urn:x", "previousProof": "urn:x"}],
        "empty": [],
        "empty-object": [{}],
    }
    for name, proofs in sets.items():
        yield Hostile(f"v7-{name}", encode({**badge, "proof": proofs}))
    for name, proof in {"none": None, "text": "x", "number": 5, "object": {}, "true": True}.items():
        yield Hostile(f"v7-{name}-proof", encode({**badge, "proof": proof}))
    yield Hostile("v7-no-proof", encode(without(badge, ("proof",))))
    chain = uni.sign(uni.draft(), proof_id="urn:uuid:a")
    chain = uni.sign(chain, "eddsa-rdfc-2022", previous="urn:uuid:a")
    yield Hostile("v7-chain-without-its-first", encode({**chain, "proof": chain["proof"][1:]}))
    touched = edited(chain, ("proof", 0, "created"), stamp(hours=-1))
    yield Hostile("v7-chain-with-a-touched-first", encode(touched))
    for name, change in {"name": "Master", "id": "urn:x", "validUntil": stamp(days=999)}.items():
        forged = {**uni.draft(**{name: change}), "proof": badge["proof"]}
        yield Hostile(f"v7-transplanted-{name}", encode(forged))
