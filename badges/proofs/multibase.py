"""Bytes as a self-describing text, in exactly one spelling.

Spec: Controlled Identifiers 1.0 §2.4 (multibase): ``z`` base58btc, ``u`` base64url unpadded.
A second spelling of the same signature would be a second credential; every text that is not what
we would write ourselves is refused.
"""

import base64
import binascii

import base58

from badges.errors import MalformedValue

__all__ = ["decode_u", "decode_z", "encode_u", "encode_z"]

MAX_Z = 256
"""Most characters of base58 we decode: it is slow on long texts, and a signature has 132."""

MAX_U = 64 * 1024
"""Most characters of base64url: a selective-disclosure proof grows with its statements."""


def encode_z(content: bytes) -> str:
    """Write `content` in base58btc."""
    return "z" + base58.b58encode(content).decode("ascii")


def decode_z(text: object) -> bytes:
    """Read base58btc.

    Raises:
        MalformedValue: another base, white space, or not the canonical spelling.
    """
    if not isinstance(text, str) or not text.startswith("z") or len(text) > MAX_Z:
        raise MalformedValue("a multibase base58btc text starts with z and is short")
    try:
        content = base58.b58decode(text[1:])
    except ValueError as error:
        raise MalformedValue("there is a character that is not base58btc") from error
    if encode_z(content) != text:
        raise MalformedValue("this is not the canonical base58btc spelling")
    return content


def encode_u(content: bytes) -> str:
    """Write `content` in base64url without padding."""
    return "u" + base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decode_u(text: object) -> bytes:
    """Read base64url without padding.

    Raises:
        MalformedValue: another base, padding, white space, or not the canonical spelling.
    """
    if not isinstance(text, str) or not text.startswith("u") or len(text) > MAX_U:
        raise MalformedValue("a multibase base64url text starts with u")
    body = text[1:]
    try:
        content = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise MalformedValue("there is a character that is not base64url") from error
    if encode_u(content) != text:
        raise MalformedValue("this is not the canonical base64url spelling")
    return content
