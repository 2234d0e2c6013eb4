"""Genuine credentials of every form: whoever refuses one of these is too strict."""

import json
from datetime import timedelta

from badges import baking
from badges.proofs import sd_jwt, sd_jwt_vc, selective_disclosure, vc_jwt
from badges.status.token import pack_token, write_token
from did.jwk import to_jwk
from did.public_key import Curve
from did.signers.memory import generate
from tests.hostile.pictures import PNG, SVG
from tests.hostile.world import LEARNER, NOW, VALID, Hostile, encode

SUITES = (
    ("eddsa-rdfc-2022", "ed"),
    ("eddsa-jcs-2022", "ed"),
    ("ecdsa-rdfc-2019", "p256"),
    ("ecdsa-rdfc-2019", "p384"),
    ("ecdsa-jcs-2019", "p256"),
    ("ecdsa-jcs-2019", "p384"),
)
POINTERS = ("/issuer", "/validFrom", "/credentialStatus", "/id", "/name")


def genuine(world):
    """Yield the controls."""
    for name, data, suffix in _forms(world):
        yield Hostile(f"genuine-{name}", data, VALID, suffix)


def _forms(world):
    uni = world.uni
    for suite, key in SUITES:
        yield f"{suite}-{key}", encode(uni.sign(uni.draft(), suite, key)), "json"
        yield f"{suite}-{key}-vcdm-1", encode(uni.sign(uni.old_draft(), suite, key)), "json"
    badge = uni.badge()
    yield "indented", json.dumps(badge, indent=2).encode(), "json"
    yield "one-proof", encode({**badge, "proof": badge["proof"][0]}), "json"
    yield "proof-set", encode(uni.sign(badge, key="p256", suite="ecdsa-rdfc-2019")), "json"
    yield "with-a-stranger", encode(uni.sign(badge, key=generate(Curve.ED25519))), "json"
    yield "without-status", encode(uni.badge(credentialStatus=...)), "json"
    yield "without-end", encode(uni.badge(validUntil=...)), "json"
    yield "derived", encode(derived(uni)), "json"
    for typ in (vc_jwt.OPEN_BADGE, vc_jwt.JOSE):
        for key in ("ed", "p256", "p384"):
            yield f"{typ.replace('+', '-')}-{key}", uni.token(typ, key, bound(uni)).encode(), "jwt"
    old = vc_jwt.create(bound(uni, uni.old_draft()), uni.keys["ed"])
    yield "jwt-vcdm-1", old.encode(), "jwt"
    yield from _w3c_tokens(world)
    yield "enveloped", encode(enveloped(uni.token(vc_jwt.JOSE))), "json"
    yield "sd-jwt", diploma(world).encode(), "jwt"
    yield "baked-png", baking.bake(PNG, json.dumps(badge)), "png"
    yield "baked-svg", baking.bake(SVG, json.dumps(badge)), "svg"
    token = uni.token(draft=bound(uni))
    yield "baked-png-token", baking.bake(PNG, token), "png"
    yield "baked-svg-token", baking.bake(SVG, token), "svg"
    yield "presentation", encode(presentation([badge])), "json"
    yield "presentation-signed", encode(presented(world, [badge])), "json"


def _w3c_tokens(world):
    """What VC-JOSE-COSE allows beyond what we write."""
    uni = world.uni
    header = {"alg": "EdDSA", "typ": vc_jwt.JOSE, "kid": uni.keys["ed"].verification_method}
    end = int((NOW + timedelta(days=2)).timestamp())
    for name, more, claims in (
        ("no-claims", {}, {}),
        ("unregistered-header", {"honours": "first"}, {}),
        ("signature-ends-sooner", {"cty": "vc"}, {"exp": end, "iat": end}),
    ):
        yield f"vc-jwt-{name}", uni.raw_token(header | more, bound(uni) | claims).encode(), "jwt"
    shown = selective(world).encode()
    yield "vc-sd-jwt", shown, "jwt"
    hidden = shown.partition(b"~")
    yield "vc-sd-jwt-hidden", hidden[0] + hidden[1], "jwt"
    media = "application/vc+sd-jwt"
    yield "vc-sd-jwt-enveloped", encode(enveloped(shown.decode(), media)), "json"
    old = diploma(world, typ="vc+sd-jwt")
    yield "sd-jwt-vc-old-name", old.encode(), "jwt"


def selective(world, by=None, paths=(("name",),), header=None, **change):
    """A badge as ``vc+sd-jwt``, its name hidden and disclosed."""
    by = by or world.uni
    made = sd_jwt.conceal(bound(by) | change, paths, salt=lambda: "c2FsdA")
    head = {"alg": "EdDSA", "typ": "vc+sd-jwt", "kid": by.keys["ed"].verification_method}
    token = by.raw_token(head | (header or {}), made.payload)
    return "~".join((token, *made.disclosures, ""))


def bound(uni, draft=None):
    """A badge for one learner's key, as tokens need it."""
    draft = draft or uni.draft()
    return {**draft, "credentialSubject": {**draft["credentialSubject"], "id": LEARNER}}


def derived(uni):
    signer, line = uni.keys["p256"], generate(Curve.P256)
    base = selective_disclosure.add_base_proof(
        uni.draft(),
        signer,
        created=NOW,
        mandatory=POINTERS,
        hmac_key=bytes(range(32)),
        line_signer=line,
    )
    return selective_disclosure.derive_proof(base, ["/validUntil", "/credentialSubject"])


def enveloped(token, media="application/vc+jwt"):
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:{media},{token}",
        "type": "EnvelopedVerifiableCredential",
    }


def token_list(issuer, index=None, value=1, name="tokens", **change):
    """Publish a token status list and return its address."""
    bits = bytearray(4096)
    if index is not None:
        write_token(bits, index, value, size=2)
    url = issuer.list_url(name)
    claims = {
        "sub": url,
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(days=1)).timestamp()),
        "status_list": pack_token(bits, size=2),
    } | change
    header = {"typ": "statuslist+jwt", "alg": "EdDSA", "kid": issuer.keys["ed"].verification_method}
    issuer.world.put(url, issuer.raw_token(header, claims).encode())
    return url


def diploma(world, issuer=None, index=9, url=None, key="ed", **change):
    """An SD-JWT VC with one hidden claim."""
    issuer = issuer or world.uni
    envelope = {
        "vct": "https://morgenau.example/types/badge",
        "issued_at": NOW,
        "expires": NOW + timedelta(days=365),
        "holder_jwk": to_jwk(generate(Curve.P256).public_key),
        "status": (url or token_list(issuer), index),
    } | change
    claims = {"name": "Data analysis", "given_name": "Zoë"}
    return sd_jwt_vc.create(
        claims,
        issuer.keys[key],
        sd_jwt_vc.Envelope(**envelope),
        disclosable=[("given_name",)],
    )


def presentation(credentials, **change):
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(credentials),
    } | change


def presented(world, credentials, **options):
    """A presentation signed by a holder of its own."""
    holder = generate(Curve.ED25519)
    made = presentation(credentials, holder=holder.verification_method.partition("#")[0])
    options = {"purpose": "authentication", "challenge": "n-1", "key": holder} | options
    return world.uni.sign(made, **options)
