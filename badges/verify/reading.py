"""From bytes to something to check: JSON, tokens, and pictures with a credential inside.

Spec: Open Badges 3.0 §5.3 (baking); VC-JOSE-COSE §3 (tokens); VCDM 2.0 §4.13 (envelopes).
Shape: reading never fails: what cannot be read is `Presented` with its problem.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from badges import strict_json
from badges.baking import is_picture, unbake
from badges.baking.svg import is_svg
from badges.credential import OBJECT, V2, contexts, many, types
from badges.errors import BadgeError, MalformedCredential
from badges.proofs import known_shapes, known_text, vc_jwt
from badges.proofs.jades import is_sealed
from badges.verify.presented import Form, Presented
from badges.verify.sealed_reading import read_sealed
from badges.verify.tokens import read_sd_jwt, type_of

__all__ = ["MAX_BYTES", "read", "read_document", "read_fetched", "read_one_of_many"]

MAX_BYTES = 8 * 2**20
"""Most bytes we look at: pictures included."""

MAX_REMEMBERED = 2**20
"""Most bytes of a fetched document that is kept as read."""

MAX_CREDENTIALS = 20
"""Most credentials in one presentation."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)
_ENVELOPES = {
    "EnvelopedVerifiableCredential": frozenset(
        {
            *("application/vc+jwt", "application/vc-ld+jwt", "application/jwt"),
            *("application/vc+sd-jwt", "application/dc+sd-jwt"),
        }
    ),
    "EnvelopedVerifiablePresentation": frozenset({"application/vp+jwt", "application/vp+sd-jwt"}),
}
"""Type of an envelope → the media types it may hold."""


def read_one_of_many(data: bytes) -> Presented:
    """Return what `data` holds; a badge like others before is read sooner, and keeps its text."""
    if data[:1] != b"{" or len(data) > strict_json.MAX_BYTES:
        return read(data)
    try:
        text = known_text.read(data)
        return replace(read_document(text.document), text=text)
    except BadgeError as error:
        return Presented(Form.NONE, problem=error)


def read(data: bytes) -> Presented:
    """Return what `data` holds."""
    try:
        return _read(data)
    except BadgeError as error:
        return Presented(Form.NONE, problem=error)


def read_fetched(body: bytes) -> Presented:
    """Return what a fetched document holds: one that many credentials point at is read once."""
    return _remembered(body) if len(body) <= MAX_REMEMBERED else read(body)


@lru_cache(maxsize=32)
def _remembered(body: bytes) -> Presented:
    return replace(read(body), source=body)


def _read(data: bytes) -> Presented:
    if len(data) > MAX_BYTES:
        raise MalformedCredential(f"more than {MAX_BYTES} bytes")
    text = data.strip()
    if not text:
        raise MalformedCredential("the file is empty")
    if text[:1] in b"{[":
        return read_document(known_shapes.loads(data, max_bytes=_most(data)))
    if is_picture(data):
        return _read_picture(data)
    return _read_token(_ascii(text))


def _read_picture(data: bytes) -> Presented:
    text = unbake(data).strip()
    inner = read_document(strict_json.loads(text)) if text[:1] == "{" else _read_token(text)
    return replace(inner, container="svg" if is_svg(data) else "png")


def _most(data: bytes) -> int:
    """Return how many bytes of JSON we read: sealed files carry pictures."""
    return MAX_BYTES if b'"payload"' in data else strict_json.MAX_BYTES


def _ascii(text: bytes) -> str:
    try:
        return text.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedCredential("neither JSON nor a token nor a picture we know") from error


def _read_token(text: str) -> Presented:
    if text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    if "~" in text:
        return _read_sd_jwt(text)
    if not _TOKEN.fullmatch(text):
        raise MalformedCredential("neither JSON nor a token nor a picture we know")
    if type_of(text) == vc_jwt.PRESENTATION:
        claims = vc_jwt.parse_presentation(text).claims
        return replace(_read_presentation(claims), token=text, container="jwt")
    parsed = vc_jwt.parse(text)
    return Presented(Form.VC_JWT, parsed.credential, token=text, container="jwt")


def _read_sd_jwt(text: str) -> Presented:
    form, document = read_sd_jwt(text)
    if form is Form.PRESENTATION:
        return replace(_read_presentation(document), token=text, container="jwt")
    return Presented(form, document, token=text, container="jwt")


def read_document(value: object) -> Presented:
    """Return what an already parsed JSON value holds.

    Raises:
        BadgeError: it is not a credential or a presentation.
    """
    if not isinstance(value, OBJECT):
        raise MalformedCredential("the file holds no single credential")
    if is_sealed(value):
        return read_sealed(value, read)
    kinds = types(value)
    if not kinds.isdisjoint(_ENVELOPES):
        return _read_envelope(value)
    if "VerifiablePresentation" in kinds:
        return _read_presentation(value)
    return Presented(Form.EMBEDDED if "proof" in value else Form.NONE, value)


def _read_envelope(value: Mapping[str, Any]) -> Presented:
    """Read the token in an envelope, which itself says nothing: nothing signs it (§4.13)."""
    if value.keys() != {"@context", "id", "type"} or contexts(value)[:1] != [V2]:
        raise MalformedCredential("an envelope has its context, its type and its id alone")
    kinds = types(value) & _ENVELOPES.keys()
    address = value["id"]
    if not isinstance(address, str) or not address.startswith("data:"):
        raise MalformedCredential("an enveloped credential has a data: address as its id")
    media_type, comma, token = address.removeprefix("data:").partition(",")
    media_type = media_type.partition(";")[0]
    if not comma or not all(media_type in _ENVELOPES[kind] for kind in kinds):
        raise MalformedCredential(f"an envelope of type {media_type[:80]!r} is not one we read")
    read_one = _read_token(token)
    if (read_one.form is Form.PRESENTATION) != ("EnvelopedVerifiablePresentation" in kinds):
        raise MalformedCredential("the envelope holds something else than its type says")
    return read_one


def _read_presentation(value: Mapping[str, Any]) -> Presented:
    credentials = many(value.get("verifiableCredential"))
    if len(credentials) > MAX_CREDENTIALS:
        raise MalformedCredential(f"a presentation of more than {MAX_CREDENTIALS} credentials")
    plain = contexts(value)[:1] != [V2]
    inner = tuple(_read_inner(one, tokens=plain) for one in credentials)
    return Presented(Form.PRESENTATION, value, inner=inner)


def _read_inner(value: object, *, tokens: bool) -> Presented:
    """Read one credential; a bare token is one only in the first data model (§4.13)."""
    try:
        if isinstance(value, str) and not tokens:
            raise MalformedCredential("put the token into an EnvelopedVerifiableCredential")
        inner = _read_token(value) if isinstance(value, str) else read_document(value)
    except BadgeError as error:
        return Presented(Form.NONE, problem=error)
    if inner.form is Form.PRESENTATION:
        return Presented(Form.NONE, problem=MalformedCredential("a presentation in another"))
    return inner
