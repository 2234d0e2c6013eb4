"""One target for each parser that reads what strangers send."""

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from badges import baking, strict_json
from badges.edc.mapping import edc_to_ob3
from badges.edc.read import read_edc
from badges.edc.rules import check_edc
from badges.errors import BadgeError
from badges.ob3.meaning import read_meaning
from badges.proofs import canon, jcs, multibase, vc_jwt
from badges.proofs.context_check import check_contexts
from badges.proofs.jades import NO_LIST, is_sealed, verify
from badges.status import bits
from badges.status.entry import parse_entry
from badges.status.token import pack_token, parse_reference, read_list_claim
from badges.verify import Case, Policy, check, needs, parse_register, read
from badges.verify.tokens import read_sd_jwt
from did import jwk, multikey, resolve
from did.document import DidDocument, parse_document
from did.errors import DidError
from did.url import parse as parse_url
from issuer.awarding.sheet import open_sheet
from issuer.errors import IssuerError
from issuer.oid4vci import messages
from issuer.oid4vci.refusal import Code
from tests.fuzz.driver import Target
from tests.hostile.genuine import bound, diploma, enveloped, presentation, selective
from tests.hostile.pictures import PNG, SVG
from tests.hostile.world import World, encode

__all__ = ["TARGETS"]

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LIST = Path(tempfile.gettempdir()) / "learnseal-fuzz.csv"
WORLD = World()
UNI = WORLD.uni
BADGE, TOKEN, DIPLOMA = UNI.badge(), UNI.token(draft=bound(UNI)), diploma(WORLD)
SELECTIVE = selective(WORLD)
EDC = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "id": "urn:credential:1",
    "issuer": {
        "id": "urn:epass:org:1",
        "legalName": {"en": ["University"]},
        "type": "Organisation",
    },
    "validFrom": "2026-11-01T12:00:00Z",
    "issuanceDate": "2026-11-01T12:00:00Z",
    "credentialSubject": {
        "id": "urn:epass:person:1",
        "type": "Person",
        "givenName": {"en": ["Zoë"]},
        "hasClaim": {
            "id": "urn:epass:learningAchievement:1",
            "type": "LearningAchievement",
            "title": {"en": ["Data"]},
            "awardedBy": {"type": "AwardingProcess", "awardingDate": "2026-11-01T12:00:00Z"},
            "specifiedBy": {"type": "Qualification", "title": {"en": ["Data"]}},
        },
    },
    "displayParameter": {"title": {"en": ["Data"]}, "primaryLanguage": {"id": "x"}},
}


def text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def a_graph(data: bytes) -> None:
    value = strict_json.loads(data)
    canon.canonicalize(value)
    check_contexts(value)


def a_scheme(data: bytes) -> None:
    jcs.canonicalize(strict_json.loads(data))


def lone_text(data: bytes) -> None:
    for decode in (multibase.decode_z, multibase.decode_u):
        try:
            decode(text(data))
        except BadgeError:
            continue
    multikey.decode(text(data))


def a_did(data: bytes) -> None:
    did = text(data)
    parse_url(did)
    location = resolve.location(did.partition("#")[0])
    resolve.resolve(did.partition("#")[0], {} if location is None else {location: b"{}"})


def a_did_document(data: bytes) -> None:
    document = DidDocument(parse_document(data))
    document.methods("assertionMethod")
    document.method(f"{document.id}#ed")
    document.authorised(f"{document.id}#ed", "assertionMethod", NOW)


def a_jwk(data: bytes) -> None:
    value = strict_json.loads(data)
    if isinstance(value, Mapping):
        jwk.thumbprint(jwk.from_jwk(value))


def a_token(data: bytes) -> None:
    vc_jwt.verify(text(data), UNI.keys["ed"].public_key)


def a_presentation_token(data: bytes) -> None:
    vc_jwt.parse_presentation(text(data))


def an_sd_jwt(data: bytes) -> None:
    read_sd_jwt(text(data))


def a_bitstring(data: bytes) -> None:
    bits.read(bits.expand(text(data)), 7)


def an_entry(data: bytes) -> None:
    value = strict_json.loads(data)
    if isinstance(value, Mapping):
        parse_entry(value)


def a_token_list(data: bytes) -> None:
    value = strict_json.loads(data)
    for reader in (lambda: read_list_claim(value, 9), lambda: parse_reference(value)):
        try:
            reader()
        except BadgeError:
            continue


def a_sheet(data: bytes) -> None:
    LIST.write_bytes(data)
    with open_sheet(LIST) as sheet:
        for _ in sheet.lines:
            pass


def a_request(data: bytes) -> None:
    members = messages.read_object(data, Code.INVALID_REQUEST)
    for parse in (
        messages.parse_credential_request,
        messages.parse_deferred_request,
        messages.parse_notification_request,
    ):
        try:
            parse(members)
        except IssuerError:
            continue


def a_seal(data: bytes) -> None:
    verify(data, NO_LIST, NOW)
    is_sealed(strict_json.loads(data))


def an_edc(data: bytes) -> None:
    value = strict_json.loads(data)
    check_edc(value)
    read_edc(value)
    edc_to_ob3(value)


def a_badge_to_show(data: bytes) -> None:
    value = strict_json.loads(data)
    if isinstance(value, Mapping):
        read_meaning(value)


def anything(data: bytes) -> None:
    presented = read(data)
    needs(presented, {})
    report = check(Case(presented, WORLD.pages, Policy(), NOW)).to_json("x")
    broken = [f for f in report["findings"] if f["code"] == "internal-error"]
    assert not broken, broken
    assert report["verdict"] in {"valid", "genuine_with_remarks", "not_valid", "could_not_check"}


DOCUMENT = json.dumps(UNI.did_document()).encode()
KEY = b"z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME"
DIDS = (b"did:key:" + KEY, b"did:web:uni.example", b"did:web:uni.example%3A8443:o:x#k",
        b"did:jwk:" + b"eyJrdHkiOiJPS1AiLCJjcnYiOiJFZDI1NTE5IiwieCI6IkFBIn0")  # fmt: skip
FORMS = (encode(BADGE), TOKEN.encode(), DIPLOMA.encode(), SELECTIVE.encode(),
         encode(presentation([BADGE])), encode(enveloped(TOKEN, "application/jwt")),
         encode(EDC))  # fmt: skip
SEALED = json.dumps({"payload": "e30", "protected": "eyJhbGciOiJFUzI1NiJ9", "signature": "AA",
                     "header": {"etsiU": []}}).encode()  # fmt: skip
LISTED = b"Given name;Family name;E-mail\r\nZo\xc3\xab;\xc3\x85ngstr\xc3\xb6m;zoe@example.org\r\n"
REQUEST = json.dumps({"credential_configuration_id": "x", "proofs": {"jwt": ["a.b.c"]}}).encode()

LISTS = (
    json.dumps(pack_token(bytearray(64), size=2)).encode(),
    b'{"status_list": {"idx": 9, "uri": "https://x.example/list"}}',
)
SHOWN = vc_jwt.create_presentation(
    presentation([TOKEN], holder=UNI.did),
    UNI.keys["ed"],
    audience="https://employer.example",
    nonce="n",
    issued_at=NOW,
).encode()
REGISTER = b'{"issuers": [{"id": "did:web:x.example", "since": "2026-01-01T00:00:00Z"}]}'

TARGETS = {
    target.name: target
    for target in (
        Target("strict JSON", strict_json.loads, (BadgeError,), FORMS),
        Target("JSON-LD gate", a_graph, (BadgeError,), (encode(BADGE),)),
        Target("JCS", a_scheme, (BadgeError,), (encode(BADGE),)),
        Target("multibase and multikey", lone_text, (DidError,), (KEY,)),
        Target("DID", a_did, (DidError,), DIDS),
        Target("DID document", a_did_document, (DidError,), (DOCUMENT,)),
        Target("JWK", a_jwk, (DidError, BadgeError), (b'{"kty": "OKP", "crv": "Ed25519"}',)),
        Target("VC-JWT", a_token, (BadgeError,), (TOKEN.encode(),)),
        Target("presentation token", a_presentation_token, (BadgeError,), (SHOWN,)),
        Target("SD-JWT", an_sd_jwt, (BadgeError,), (DIPLOMA.encode(), SELECTIVE.encode())),
        Target("bitstring", a_bitstring, (BadgeError,), (bits.pack(bits.new()).encode(),)),
        Target("status entry", an_entry, (BadgeError,), (encode(UNI.entry()),)),
        Target("token list", a_token_list, (BadgeError,), LISTS),
        Target("PNG", baking.png.unbake, (BadgeError,), (baking.bake(PNG, "{}"), PNG)),
        Target("SVG", baking.svg.unbake, (BadgeError,), (baking.bake(SVG, "{}"), SVG)),
        Target("award list", a_sheet, (IssuerError,), (LISTED,)),
        Target("OpenID4VCI body", a_request, (IssuerError,), (REQUEST,)),
        Target("JAdES", a_seal, (BadgeError,), (SEALED,)),
        Target("EDC", an_edc, (BadgeError,), (encode(EDC),)),
        Target("register", parse_register, (BadgeError,), (REGISTER,)),
        Target("badge to show", a_badge_to_show, (BadgeError,), (encode(BADGE),)),
        Target("verifier", anything, (), FORMS),
    )
}
"""Name → target."""
