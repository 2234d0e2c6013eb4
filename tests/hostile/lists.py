"""Rows V10 and V16: what can be wrong with an entry, with a list, and with both together."""

import base64
import copy
import gzip
import zlib
from datetime import timedelta

from badges.errors import BadgeError
from badges.proofs import vc_jwt
from badges.status import bits as status_bits
from tests.hostile.genuine import presentation
from tests.hostile.words import CRED, SPELLINGS
from tests.hostile.world import CLEAR, NEVER_VALID, NOW, REVOKED, Hostile, at, encode, stamp

INDICES = (
    "",
    " ",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "0x7",
    "0o7",
    "0b1",
    "7abc",
    "7e0",
    "1_0",
    "1,000",
    "٧",  # noqa: RUF001
    "７",  # noqa: RUF001
    " 7",
    "7 ",
    "7\n",
    "07",
    "00",
    "NaN",
    "Infinity",
    "131072",
    "999999999",
    "9" * 40,
    "18446744073709551617",
    "4294967297",
    None,
    7,
    7.0,
    -1,
    True,
    ["7"],
    {"@value": "7"},
    [],
    {},
)
URLS = (
    "",
    "x",
    "#",
    "http://morgenau.example/status/revocation",
    "https://127.0.0.1/list",
    "https://[::1]/list",
    "https://10.0.0.1/list",
    "https://192.168.1.1/list",
    "https://169.254.169.254/latest",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://localhost/list",
    "https://morgenau.example:8443/status",
    "file:///etc/passwd",
    "data:application/json,{}",
    "ftp://morgenau.example/",
    "https://user:pw@morgenau.example/status",
    "https://morgenau.example/status/missing",
    "did:web:morgenau.example",
    "urn:uuid:1",
    "https://evil.example/status/revocation",
    "https://" + "a" * 3_000,
    None,
    5,
    [],
    {},
)


def lists(world):
    """Yield the files."""
    yield from _entries(world)
    yield from _credentials(world)
    yield from _respelled(world)
    yield from _encoded(world)
    yield from _answers(world)
    yield from _states(world)


def _with_entry(world, name, entry, allowed=None):
    """Sign a badge with this entry, by bytes: RDF would refuse half of them."""
    draft = world.uni.draft(credentialStatus=entry)
    try:
        signed = world.uni.sign(draft, "eddsa-jcs-2022")
    except BadgeError:
        signed = {**world.uni.badge("eddsa-jcs-2022"), "credentialStatus": entry}
    return Hostile(name, encode(signed), *([allowed] if allowed else []))


def _entries(world):
    entry = world.uni.entry()
    for number, index in enumerate(INDICES):
        yield _with_entry(world, f"v16-index-{number}", entry | {"statusListIndex": index})
    for number, url in enumerate(URLS):
        yield _with_entry(world, f"v16-url-{number}", entry | {"statusListCredential": url})
    purposes = ("suspension", "message", "refresh", "Revocation", "", None, 5, ["revocation"], {})
    for number, purpose in enumerate(purposes):
        yield _with_entry(world, f"v16-purpose-{number}", entry | {"statusPurpose": purpose})
    types = (
        "StatusList2021Entry",
        "SomethingStatus2030",
        "bitstringStatusListEntry",
        "",
        None,
        5,
        ["X"],
        [],
        "CredentialStatusList2017",
        "RevocationList2020Status",
    )
    for number, kind in enumerate(types):
        yield _with_entry(world, f"v16-type-{number}", entry | {"type": kind})
    for member in ("type", "statusPurpose", "statusListIndex", "statusListCredential"):
        left = {name: value for name, value in entry.items() if name != member}
        yield _with_entry(world, f"v16-without-{member}", left)
    sizes = (
        {"statusSize": 0},
        {"statusSize": -1},
        {"statusSize": 64},
        {"statusSize": "1"},
        {"statusSize": True},
        {"statusSize": 1.5},
        {"statusSize": 2},
        {"statusMessage": "x"},
    )
    for number, size in enumerate(sizes):
        yield _with_entry(world, f"v16-size-{number}", entry | size)
    whole = ("none", 5, True, {}, [[]], [None], [entry, None], [entry, {"type": "X"}], "")
    for number, status in enumerate(whole):
        yield _with_entry(world, f"v16-status-{number}", status)
    yield from _several(world, entry)


def _several(world, entry):
    gone = world.uni.entry(REVOKED)
    for order in ((entry, gone), (gone, entry)):
        both = [copy.deepcopy(one) | {"id": f"urn:x:{n}"} for n, one in enumerate(order)]
        yield _with_entry(world, f"v16-two-entries-{order[0] is gone}", both)
    many = [
        entry | {"id": f"urn:x:{n}", "statusListCredential": f"https://h{n}.example/"}
        for n in range(60)
    ]
    yield _with_entry(world, "v16-sixty-lists", many)


def _badge_with(world, credential):
    """A badge of an issuer whose list is what `credential` makes of it."""
    issuer = world.issuer()
    body = credential(issuer)
    world.put(issuer.list_url(), body)
    return encode(issuer.badge())


def _credentials(world):
    uni, thief = world.uni, world.thief

    def signed(issuer, /, **change):
        key = change.pop("key", None)
        made = issuer.list() | change
        try:
            return issuer.sign(made, key=key)
        except BadgeError:
            return issuer.sign(made, "eddsa-jcs-2022", key=key)

    def subject(issuer, /, **change):
        made = issuer.list()
        own = {k: v for k, v in (made["credentialSubject"] | change).items() if v is not ...}
        return issuer.sign({**made, "credentialSubject": own}, "eddsa-jcs-2022")

    made = {
        "unsigned": lambda i: i.list(),
        "no-proofs": lambda i: {**i.list(), "proof": []},
        "forged": lambda i: {**signed(i), "validUntil": stamp(days=99)},
        "by-the-thief": lambda i: thief.sign(i.list()),
        "of-the-thief": lambda i: thief.sign(thief.list(url=i.list_url())),
        "of-the-university": lambda i: uni.sign(uni.list(url=i.list_url())),
        "by-a-stranger": lambda i: signed(i, key=_stranger()),
        "expired": lambda i: signed(i, validFrom=stamp(days=-9), validUntil=stamp(minutes=-5)),
        "of-the-future": lambda i: signed(i, validFrom=stamp(days=1)),
        "unreadable-end": lambda i: signed(i, validUntil="never"),
        "unreadable-begin": lambda i: signed(i, validFrom=5),
        "other-id": lambda i: signed(i, id=i.list_url("other")),
        "number-id": lambda i: signed(i, id=5),
        "other-type": lambda i: signed(i, type=["VerifiableCredential"]),
        "old-type": lambda i: signed(i, type=["VerifiableCredential", "StatusList2021Credential"]),
        "no-type": lambda i: signed(i, type=[]),
        "issuer-text": lambda i: signed(i, issuer=thief.did),
        "issuer-list": lambda i: signed(i, issuer=[i.did, thief.did]),
        "issuer-none": lambda i: signed(i, issuer=None),
        "not-a-list": lambda i: i.badge(),
        "another-credential": lambda i: {"hello": "world"},
        "list": lambda i: [signed(i)],
        "text": lambda i: b'"list"',
        "null": lambda i: b"null",
        "html": lambda i: b"<html>",
        "nothing": lambda i: b"",
        "half": lambda i: encode(signed(i))[:-20],
        "doubled": lambda i: encode(signed(i))[:-1] + b', "validUntil": "2030-01-01T00:00:00Z"}',
        "deep": lambda i: b"[" * 100_000,
        "subjects": lambda i: signed(i, credentialSubject=[]),
        "subject-none": lambda i: signed(i, credentialSubject=None),
        "subject-text": lambda i: signed(i, credentialSubject="x"),
        "purpose-suspension": lambda i: subject(i, statusPurpose="suspension"),
        "purpose-none": lambda i: subject(i, statusPurpose=...),
        "purpose-null": lambda i: subject(i, statusPurpose=None),
        "purpose-number": lambda i: subject(i, statusPurpose=1),
        "type-other": lambda i: subject(i, type="StatusList2021"),
        "type-none": lambda i: subject(i, type=...),
        "list-none": lambda i: subject(i, encodedList=...),
        "list-null": lambda i: subject(i, encodedList=None),
        "list-number": lambda i: subject(i, encodedList=0),
        "list-list": lambda i: subject(i, encodedList=["u"]),
        "authentication": lambda i: i.sign(i.list(), purpose="authentication"),
        "proof-expired": lambda i: i.sign(i.list(), expires=NOW - timedelta(days=1)),
        "proof-future": lambda i: i.sign(i.list(), created=NOW + timedelta(days=1)),
        "token-none": lambda i: f"{i.token(draft=i.list()).rpartition('.')[0]}.".encode(),
        "token-of-the-thief": lambda i: thief.token(draft=thief.list(url=i.list_url())).encode(),
        "presentation": lambda i: presentation([signed(i)]),
    }
    for name, credential in made.items():
        yield Hostile(f"v16-list-{name}", _badge_with(world, credential))


def _stranger():
    from did.public_key import Curve
    from did.signers.memory import generate

    return generate(Curve.ED25519)


def _respelled(world):
    """Serve an old list, in which the revocation was not yet set, with its end re-spelled."""
    for spell in SPELLINGS:

        def stale(issuer, spell=spell):
            old = issuer.sign(
                issuer.list(validFrom=stamp(days=-9), validUntil=stamp(days=-5)),
                created=NOW - timedelta(days=9),
            )
            spell(old, old, "validUntil", CRED + "validUntil")
            return old

        yield Hostile(f"v16-stale-list-{spell.__name__}", _badge_with(world, stale))
    for spell in SPELLINGS:

        def stale_proof(issuer, spell=spell):
            old = issuer.sign(
                issuer.list(), created=NOW - timedelta(days=9), expires=NOW - timedelta(days=5)
            )
            iri = "https://w3id.org/security#expiration"
            spell(at(old, ("proof", 0)), old, "expires", iri)
            return old

        yield Hostile(f"v16-stale-proof-{spell.__name__}", _badge_with(world, stale_proof))


def _encoded(world):
    full = bytes(status_bits.MIN_ENTRIES // 8)
    gzipped = gzip.compress(full, mtime=0)

    def u(raw):
        return "u" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    texts = {
        "short": u(gzip.compress(bytes(8))),
        "one-bit-short": u(gzip.compress(full[:-1])),
        "empty": "",
        "only-u": "u",
        "no-header": u(gzipped)[1:],
        "z": "z" + u(gzipped)[1:],
        "m": "m" + base64.b64encode(gzipped).decode(),
        "padded": u(gzipped) + "=",
        "space": u(gzipped) + " ",
        "newline": u(gzipped) + "\n",
        "plus": u(gzipped)[:-1] + "+",
        "zlib": u(zlib.compress(full)),
        "raw": u(full),
        "deflate": u(zlib.compress(full)[2:-4]),
        "cut": u(gzipped[:-4]),
        "crc": u(gzipped[:-8] + b"\0\0\0\0" + gzipped[-4:]),
        "trailing": u(gzipped + b"x"),
        "two-members": u(gzipped + gzipped),
        "bomb": u(gzip.compress(bytes(64 * 2**20), compresslevel=9, mtime=0)),
        "bomb-of-members": u(gzip.compress(bytes(8 * 2**20), mtime=0) * 5),
        "many-members": u(gzip.compress(b"", mtime=0) * 5_000),
        "not-gzip": u(b"PK\3\4" + full[:64]),
        "bzip": u(b"BZh9" + full[:64]),
    }
    for name, text in texts.items():

        def made(issuer, text=text):
            listed = issuer.list()
            listed["credentialSubject"]["encodedList"] = text
            return issuer.sign(listed, "eddsa-jcs-2022")

        row = "v10" if "bomb" in name else "v16"
        yield Hostile(f"{row}-encoded-{name}", _badge_with(world, made))


def _answers(world):
    for status in (301, 302, 307, 401, 403, 404, 410, 429, 500, 502, 503):
        issuer = world.issuer()
        listed = issuer.sign(issuer.list())
        world.put(issuer.list_url(), listed, status=status)
        yield Hostile(f"v16-answer-{status}", encode(issuer.badge()))
    for name in ("missing-list", "missing-document-of-the-list"):
        issuer = world.issuer()
        if name == "missing-list":
            del world.pages[issuer.list_url()]
        else:
            world.put(issuer.list_url(), issuer.sign(issuer.list(), method=f"{issuer.did}:x#ed"))
        yield Hostile(f"v16-{name}", encode(issuer.badge()))


def _states(world):
    """Truly withdrawn, in every form: a verifier that says valid has not looked."""
    uni = world.uni
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        yield Hostile(f"v16-revoked-{suite}", encode(uni.badge(suite, index=REVOKED)))
        old = uni.sign(uni.old_draft(REVOKED), suite)
        yield Hostile(f"v16-revoked-{suite}-vcdm-1", encode(old))
    for typ in (vc_jwt.OPEN_BADGE, vc_jwt.JOSE):
        yield Hostile(
            f"v16-revoked-{typ.replace('+', '-')}",
            uni.token(typ, draft=uni.draft(REVOKED)).encode(),
        )
    suspended = uni.badge(credentialStatus=uni.entry(REVOKED, "suspension"))
    yield Hostile("v16-suspended", encode(suspended), NEVER_VALID)
    both = [uni.entry(CLEAR), uni.entry(REVOKED, "suspension") | {"id": "urn:x"}]
    yield Hostile("v16-clear-and-suspended", encode(uni.badge(credentialStatus=both)), NEVER_VALID)
