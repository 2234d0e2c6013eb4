"""The three ways to write a JWS, read into one shape.

Spec: RFC 7515 §3.1 (compact), §7.2.1 (general JSON), §7.2.2 (flattened JSON).
Shape: texts stay exactly as they came: signatures and timestamps are over these characters.
Stricter than the RFC: members it does not define are refused, for no signature covers them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badges.errors import MalformedCredential
from badges.proofs.jades.encoding import from_b64url
from badges.proofs.jades.header import read as read_header
from badges.strict_json import loads

__all__ = ["MAX_BYTES", "Jws", "SignaturePart", "is_sealed", "read", "sealed_text"]

MAX_BYTES = 40 * 2**20
"""Most bytes of a sealed file: the largest portals take 15 MB; pictures and PDFs included."""

MAX_SIGNATURES = 8
"""Most signatures we check in one file; an EDC has one."""

_COMPACT, _GENERAL, _FLATTENED = "compact", "general", "flattened"
_SIGNATURE = {"protected", "header", "signature"}


@dataclass(frozen=True, slots=True)
class SignaturePart:
    """One signature of a JWS."""

    protected: str
    """The protected header, still base64url."""

    signature: str
    """The signature value, still base64url."""

    header: Mapping[str, Any] = field(default_factory=dict)
    """The unprotected header."""


@dataclass(frozen=True, slots=True)
class Jws:
    """A JSON Web Signature as it came."""

    payload: str | None
    """The payload member as written; None or empty when the document lies elsewhere."""

    signatures: tuple[SignaturePart, ...]
    form: str
    """``general``, ``flattened`` or ``compact``."""


def is_sealed(document: object) -> bool:
    """Tell whether parsed JSON looks like a JWS rather than a credential."""
    if not isinstance(document, Mapping) or "@context" in document:
        return False
    return "signatures" in document or "protected" in document


def sealed_text(document: bytes | str | Mapping[str, Any]) -> str:
    """Return the text that stands inside a JWS, not yet believed.

    Raises:
        MalformedCredential: not a JWS, or the text is not in it.
    """
    jws = read(document)
    if not jws.payload:
        raise MalformedCredential("the sealed document is not in the file")
    if read_header(jws.signatures[0].protected).is_b64:
        return _text(from_b64url(jws.payload))
    return jws.payload


def read(document: bytes | str | Mapping[str, Any]) -> Jws:
    """Return the JWS in `document` (file content, or JSON already read).

    Raises:
        MalformedCredential: not a JWS, or one with parts that nobody signed.
    """
    if isinstance(document, Mapping):
        return _from_json(document)
    if len(document) > MAX_BYTES:
        raise MalformedCredential(f"the file is larger than {MAX_BYTES} bytes")
    text = _text(document).strip(" \t\r\n")
    if not text.startswith("{"):
        return _from_compact(text)
    found = loads(text, max_bytes=MAX_BYTES)
    if not isinstance(found, Mapping):
        raise MalformedCredential("a JWS is a JSON object")
    return _from_json(found)


def _text(document: bytes | str) -> str:
    if isinstance(document, str):
        return document
    try:
        return document.decode()
    except UnicodeDecodeError as error:
        raise MalformedCredential("the file is not UTF-8") from error


def _from_compact(text: str) -> Jws:
    parts = text.split(".")
    if len(parts) != 3:
        raise MalformedCredential("neither a JSON object nor three parts joined by dots")
    protected, payload, signature = parts
    return Jws(payload, (SignaturePart(protected, signature),), _COMPACT)


def _from_json(document: Mapping[str, Any]) -> Jws:
    payload = document.get("payload")
    if payload is not None and not isinstance(payload, str):
        raise MalformedCredential("payload must be a string")
    if "signatures" not in document:
        _only(document, _SIGNATURE | {"payload"})
        signature = {name: value for name, value in document.items() if name != "payload"}
        return Jws(payload, (_part(signature),), _FLATTENED)
    _only(document, {"payload", "signatures"})
    signatures = document["signatures"]
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise MalformedCredential(f"signatures must be a list of 1 to {MAX_SIGNATURES}")
    return Jws(payload, tuple(_part(each) for each in signatures), _GENERAL)


def _part(found: object) -> SignaturePart:
    if not isinstance(found, Mapping):
        raise MalformedCredential("a signature must be an object")
    _only(found, _SIGNATURE)
    protected, signature = found.get("protected"), found.get("signature")
    header = found.get("header", {})
    if not (isinstance(protected, str) and isinstance(signature, str)):
        raise MalformedCredential("a signature needs the strings protected and signature")
    if not isinstance(header, Mapping):
        raise MalformedCredential("header must be an object")
    return SignaturePart(protected, signature, header)


def _only(found: Mapping[str, Any], allowed: set[str]) -> None:
    extra = sorted(set(found) - allowed)
    if extra:
        raise MalformedCredential(f"members that no signature covers: {', '.join(extra)}")
