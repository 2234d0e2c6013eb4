"""Base64 in its two JOSE spellings: one text per value.

Spec: RFC 7515 §2 (base64url without padding), RFC 4648 §4 (base64 in ``x5c`` and tokens).
Why strict: a decoder that drops odd characters or spare bits lets a changed file verify.
"""

import base64
import binascii

from badges.errors import MalformedCredential

__all__ = ["from_b64", "from_b64url", "to_b64", "to_b64url"]


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


_URL = str.maketrans("-_+/", "+/  ")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedCredential("not base64") from error
