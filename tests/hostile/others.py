"""Rows V15, V17, V19 and V20: whom to believe, endorsements, clocks and presentations."""

from datetime import timedelta

from badges.errors import BadgeError
from badges.proofs import vc_jwt
from did.public_key import Curve
from did.signers.memory import generate
from tests.hostile.genuine import presentation, presented
from tests.hostile.world import (
    NEVER_VALID,
    NOW,
    REFUSED,
    REVOKED,
    VALID,
    Hostile,
    edited,
    encode,
    stamp,
    with_proof,
    without,
)

DATES = (
    "",
    " ",
    "now",
    "never",
    "soon",
    "2026",
    "2026-11",
    "2026-11-01",
    "2026-11-01T12:00",
    "2026-11-01T12:00:00",
    "2026-11-01 12:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-11-01T25:00:00Z",
    "2026-11-01T12:60:00Z",
    "2026-11-01T12:00:00ZZ",
    "+02026-11-01T12:00:00Z",
    "-2026-11-01T12:00:00Z",
    "02026-11-01T12:00:00Z",
    "12026-11-01T12:00:00Z",
    "0000-00-00T00:00:00Z",
    "2026-11-01T12:00:00+25:00",
    "2026-11-01T12:00:00+0100",
    "2026-11-01T12:00:00 Z",
    "20261101T120000Z",
    "Sun, 01 Nov 2026 12:00:00 GMT",
    "1793534400",
    "२०२६-११-०१T१२:००:००Z",  # noqa: RUF001
    "2026-W44-7T12:00:00Z",
    "2026-11-01T12:00:00Z\n",
    "\t2026-11-01T12:00:00Z",
    "2026-11-01T12:00:00.Z",
    1793534400,
    None,
    True,
    [],
    {},
    ["2026-11-01T12:00:00Z", "2030-11-01T12:00:00Z"],
    {"@value": "2030-11-01T12:00:00Z"},
)


def others(world):
    """Yield the files."""
    yield from _impersonation(world)
    yield from _endorsements(world)
    yield from _clocks(world)
    yield from _presentations(world)
    yield from _wholes(world)


def _impersonation(world):
    """Right signatures by wrong people: never the name they give themselves."""
    badge = world.thief.badge()
    subject = badge["credentialSubject"]
    names = {"name": "Universitat Morgenau", "url": "https://morgenau.example"}
    claims = world.uni.draft(issuer={"id": world.thief.did, "type": ["Profile"], **names})
    for key in ("ed", "p256"):
        forged = world.uni.sign(claims, "ecdsa-rdfc-2019" if key == "p256" else "eddsa-rdfc-2022")
        yield Hostile(f"v15-signed-by-another-{key}", encode(forged))
    swapped = edited(badge, ("issuer", "id"), world.uni.did)
    yield Hostile("v15-issuer-swapped", encode(swapped))
    hosts = (
        "rnorgenau.example",
        "morgenau.example.evil.example",
        "mоrgenau.example",  # noqa: RUF001 - a Cyrillic letter is the point
        "xn--mrgenau-nbh.example",
        "MORGENAU.example",
        "morgenau.example.",
        "morgenau%2Eexample",
        "morgenau.example:",
        "morgenau.example#",
        "morgenau.example?",
    )
    for number, host in enumerate(hosts):
        forged = edited(world.uni.badge(), ("issuer", "id"), f"did:web:{host}")
        yield Hostile(f"v15-look-alike-{number}", encode(forged))
    for number, issuer in enumerate(
        (None, 5, [], {}, [{}], "", {"id": None}, {"id": 5}, {"name": "X"})
    ):
        yield Hostile(f"v15-issuer-{number}", encode({**world.uni.badge(), "issuer": issuer}))
    for path in (("credentialSubject",), ("issuer",), ("validFrom",), ("type",), ("@context",)):
        yield Hostile(f"v15-without-{path[0]}", encode(without(world.uni.badge(), path)))
    yield Hostile("v15-other-subject", encode({**world.uni.badge(), "credentialSubject": subject}))


def _endorsement(world, signer=None, **change):
    agency = signer or generate(Curve.ED25519)
    draft = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:00000000-0000-4000-8000-00000000eeee",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Quality checked",
        "issuer": {"id": agency.verification_method.partition("#")[0], "type": ["Profile"]},
        "validFrom": stamp(days=-30),
        "credentialSubject": {
            "id": "https://morgenau.example/achievements/data",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Reviewed in 2025.",
        },
    } | change
    return world.uni.sign(draft, key=agency)


def _endorsed(world, *endorsements, member="endorsement", suite="eddsa-rdfc-2022"):
    draft = world.uni.draft()
    draft["credentialSubject"]["achievement"][member] = list(endorsements)
    try:
        return encode(world.uni.sign(draft, suite))
    except BadgeError:
        return encode(world.uni.sign(draft, "eddsa-jcs-2022"))


def _endorsements(world):
    good = _endorsement(world)
    yield Hostile("genuine-endorsed", _endorsed(world, good), VALID)
    other = good["credentialSubject"] | {"id": "https://morgenau.example/achievements/other"}
    made = {
        "tampered": {**good, "name": "Doubted"},
        "comment": edited(good, ("credentialSubject", "endorsementComment"), "Splendid"),
        "unsigned": without(good, ("proof",)),
        "empty-proof": {**good, "proof": []},
        "expired": _endorsement(world, validUntil=stamp(days=-2)),
        "not-yet": _endorsement(world, validFrom=stamp(days=2)),
        "of-another": _endorsement(world, credentialSubject=other),
        "for-another": {**good, "credentialSubject": other},
        "issuer-swapped": edited(good, ("issuer", "id"), world.uni.did),
        "as-the-university": _endorsement(world, issuer={"id": world.uni.did, "type": ["Profile"]}),
        "purpose": with_proof(good, proofPurpose="authentication"),
        "suite": with_proof(good, cryptosuite="ecdsa-rdfc-2019"),
        "not-an-endorsement": _endorsement(world, type=["VerifiableCredential"]),
        "with-status": _endorsement(world, credentialStatus=world.thief.entry(REVOKED)),
        "proof-expired": with_proof(good, expires=stamp(days=-2)),
        "two-proofs": {
            **good,
            "proof": [good["proof"][0], {**good["proof"][0], "proofValue": "z1"}],
        },
        "text": "endorsed",
        "number": 5,
        "list": [good],
        "empty": {},
        "null": None,
    }
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        for name, endorsement in made.items():
            data = _endorsed(world, endorsement, suite=suite)
            yield Hostile(f"v17-{suite}-{name}", data, NEVER_VALID)
            data = _endorsed(world, good, endorsement, suite=suite)
            yield Hostile(f"v17-{suite}-{name}-second", data, NEVER_VALID)
    agency = generate(Curve.ED25519)
    draft = without(_endorsement(world, agency), ("proof",))
    token = vc_jwt.create(draft, agency)
    head, body, signature = token.split(".")
    tokens = {
        "cut": token[:-4],
        "none": f"{head}.{body}.",
        "junk": "a.b.c",
        "empty": "",
        "number": 5,
        "swapped": f"{body}.{head}.{signature}",
        "object": {"token": token},
    }
    for name, text in tokens.items():
        data = _endorsed(world, text, member="endorsementJwt")
        yield Hostile(f"v17-token-{name}", data, NEVER_VALID)
    many = _endorsed(world, *[_endorsement(world, agency, id=f"urn:x:{n}") for n in range(12)])
    yield Hostile("v17-too-many", many, NEVER_VALID)


def _clocks(world):
    uni = world.uni
    edges = {
        "begins-59": ({"validFrom": stamp(seconds=59)}, VALID),
        "begins-61": ({"validFrom": stamp(seconds=61)}, REFUSED),
        "begins-tomorrow": ({"validFrom": stamp(days=1)}, REFUSED),
        "ends-59": ({"validUntil": stamp(seconds=-59)}, VALID),
        "ends-61": ({"validUntil": stamp(seconds=-61)}, NEVER_VALID),
        "ended-long-ago": ({"validUntil": "2026-10-31T12:00:00Z"}, NEVER_VALID),
        "ends-before-it-begins": ({"validUntil": stamp(days=-3)}, REFUSED),
        "other-zone": ({"validUntil": "2026-11-01T13:00:00+02:00"}, NEVER_VALID),
        "far-zone": ({"validUntil": "2026-11-02T01:58:00+14:00"}, NEVER_VALID),
        "fraction": ({"validUntil": "2026-11-01T11:58:59.999999Z"}, NEVER_VALID),
    }
    for name, (change, allowed) in edges.items():
        prefix = "genuine" if allowed is VALID else "v19"
        for suite in ("eddsa-rdfc-2022", "ecdsa-jcs-2019"):
            yield Hostile(
                f"{prefix}-clock-{suite}-{name}", encode(uni.badge(suite, **change)), allowed
            )
            old = uni.sign(uni.old_draft(**change), suite)
            yield Hostile(f"{prefix}-clock-{suite}-{name}-vcdm-1", encode(old), allowed)
    for member in ("validFrom", "validUntil"):
        for number, text in enumerate(DATES):
            if text is None and member == "validUntil":
                continue
            try:
                signed = uni.badge("eddsa-jcs-2022", **{member: text})
            except BadgeError:
                signed = {**uni.badge("eddsa-jcs-2022"), member: text}
            yield Hostile(f"v19-{member}-{number}", encode(signed))
    later = uni.sign(uni.draft(), created=NOW + timedelta(days=1))
    yield Hostile("v19-signed-tomorrow", encode(later))
    ended = uni.sign(uni.draft(), expires=NOW - timedelta(minutes=5))
    yield Hostile("v19-proof-ended", encode(ended))


def _presentations(world):
    badge = world.uni.badge()
    forged = {**badge, "name": "Master of Science"}
    inner = {
        "forged": [forged],
        "good-and-forged": [badge, forged],
        "forged-and-good": [forged, badge],
        "revoked": [world.uni.badge(index=REVOKED)],
        "thief": [world.thief.sign(world.uni.draft())],
        "none": [],
        "null": [None],
        "number": [5],
        "text": ["x"],
        "empty": [{}],
        "many": [badge] * 21,
        "presentation": [presentation([badge])],
        "list": [[badge]],
        "token": ["a.b.c"],
        "unsigned": [world.uni.draft()],
    }
    for name, credentials in inner.items():
        yield Hostile(f"v20-presentation-{name}", encode(presentation(credentials)))
        yield Hostile(f"v20-presented-{name}", _presented(world, credentials))
    good = presented(world, [badge])
    made = {
        "expired": presented(world, [world.uni.badge(validUntil=stamp(days=-1))]),
        "assertion": presented(world, [badge], purpose="assertionMethod"),
        "proof-expired": presented(world, [badge], expires=NOW - timedelta(days=1)),
        "holder-swapped": {**good, "holder": world.uni.did},
        "holder-number": {**good, "holder": 5},
        "one-more": {**good, "verifiableCredential": [badge, badge]},
        "challenge": with_proof(good, challenge="n-2"),
        "broken": with_proof(good, proofValue="z1"),
        "type": {**good, "type": ["Presentation"]},
        "context": {**good, "@context": []},
        "both-types": {**good, "type": ["VerifiablePresentation", "VerifiableCredential"]},
        "member": {**good, "honours": "first"},
        "proofs": {**good, "proof": good["proof"] * 17},
    }
    for name, document in made.items():
        allowed = NEVER_VALID if name == "expired" else REFUSED
        yield Hostile(f"v20-presented-{name}", encode(document), allowed)
    report = {
        "input": "x",
        "verdict": "valid",
        "summary": "Valid.",
        "findings": [],
        "credential": badge,
        "checked_at": stamp(),
    }
    yield Hostile("v20-our-own-report", encode(report))
    yield Hostile("v20-a-verdict-inside", encode({**forged, "verdict": "valid"}))
    yield Hostile("v20-verified-flag", encode({**forged, "verified": True, "results": []}))


def _presented(world, credentials):
    try:
        return encode(presented(world, credentials))
    except BadgeError:
        good = presented(world, [world.uni.badge()])
        return encode({**good, "verifiableCredential": credentials})


def _wholes(world):
    """Every member of a genuine badge changed, taken away, or exchanged with a stranger's."""
    for suite in ("eddsa-rdfc-2022", "ecdsa-sd-2023"):
        badge = world.uni.badge() if suite != "ecdsa-sd-2023" else _derived(world)
        stranger = world.thief.badge()
        for path, value in list(leaves(badge)):
            name = "-".join(map(str, path)).replace("@", "").replace("/", "")
            if isinstance(value, str):
                yield Hostile(f"v6-{suite}-edit-{name}", encode(edited(badge, path, value + "x")))
            yield Hostile(f"v6-{suite}-cut-{name}", encode(without(badge, path)))
        for member in badge.keys() & stranger.keys():
            if badge[member] != stranger[member]:
                swapped = {**badge, member: stranger[member]}
                yield Hostile(f"v6-{suite}-swap-{member.strip('@')}", encode(swapped))


def _derived(world):
    from tests.hostile.genuine import derived

    return derived(world.uni)


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from leaves(member, (*path, position))
    else:
        yield path, value
