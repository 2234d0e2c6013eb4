"""Base64 in its two JOSE spellings, and JSON without surprises: one text per value.

Spec: RFC 7515 §2 (base64url without padding), RFC 4648 §4 (base64 in ``x5c`` and tokens).
Why strict: a decoder that drops odd characters or spare bits lets a changed file verify.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Any

import orjson

from badges.errors import MalformedCredential

__all__ = ["from_b64", "from_b64url", "read_json", "to_b64", "to_b64url", "write_json"]


def to_b64url(octets: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def to_b64(octets: bytes) -> str:
    """Return base64 with padding."""
    return base64.b64encode(octets).decode()


def from_b64url(text: str) -> bytes:
    """Return the octets of base64url `text`.

    Raises:
        MalformedCredential: not base64url, or not the one spelling of these octets.
    """
    octets = _decode(text.translate(_URL) + "=" * (-len(text) % 4))
    if to_b64url(octets) != text:
        raise MalformedCredential("not the canonical base64url spelling")
    return octets


def from_b64(text: object) -> bytes:
    """Return the octets of base64 `text`.

    Raises:
        MalformedCredential: not base64, or not the one spelling of these octets.
    """
    if not isinstance(text, str):
        raise MalformedCredential("expected a base64 string")
    octets = _decode(text)
    if to_b64(octets) != text:
        raise MalformedCredential("not the canonical base64 spelling")
    return octets


def read_json(text: str | bytes) -> Any:
    """Return the JSON value in `text`; a name that stands twice is refused.

    Raises:
        MalformedCredential: not JSON, or ambiguous.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedCredential(f"not readable as JSON: {error}") from error


def write_json(value: object) -> bytes:
    """Return `value` as compact UTF-8."""
    return orjson.dumps(value)


_URL = str.maketrans("-_+/", "+/  ")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedCredential("not base64") from error


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name!r} stands twice")
        found[name] = value
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")
