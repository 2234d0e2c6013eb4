"""Bytes as a self-describing text, in exactly one spelling.

Spec: Controlled Identifiers 1.0 §2.4 (multibase): ``z`` base58btc, ``u`` base64url unpadded.
A second spelling of the same signature would be a second credential; every text that is not what
we would write ourselves is refused.
"""

import base64
import binascii

import base58  # the alphabet; its own loops take five times as long

from badges.errors import MalformedValue

__all__ = ["decode_u", "decode_z", "encode_u", "encode_z"]

_DIGITS = base58.BITCOIN_ALPHABET
_PAIRS = [chr(one) + chr(two) for one in _DIGITS for two in _DIGITS]
"""All numbers of two digits: a signature takes half as many steps with them."""

_VALUES = bytes.maketrans(_DIGITS, bytes(range(58)))

_10, _11, _22, _44, _88 = 58**10, 58**11, 58**22, 58**44, 58**88
_5 = 58**5
"""The most digits that are one machine word to Python."""

MAX_Z = 256
"""Most characters of base58 we decode: it is slow on long texts, and a signature has 132."""

MAX_U = 64 * 1024
"""Most characters of base64url: a selective-disclosure proof grows with its statements."""


def encode_z(content: bytes) -> str:
    """Write `content` in base58btc."""
    number, pairs = int.from_bytes(content), _PAIRS
    text = ""
    while number:  # once for a signature; halved until it is small, as that is divided sooner
        number, part = divmod(number, _88)
        pieces = list[str]()
        for half in divmod(part, _44):
            for quarter in divmod(half, _22):
                for eighth in divmod(quarter, _11):
                    high, low = divmod(eighth, _5)
                    high, third = divmod(high, 3364)
                    low, sixth = divmod(low, 3364)
                    pieces += (
                        pairs[high // 3364],
                        pairs[high % 3364],
                        pairs[third],
                        pairs[low // 3364][1],
                        pairs[low % 3364],
                        pairs[sixth],
                    )
        text = "".join(pieces) + text
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + "1" * zeros + text.lstrip("1")


def decode_z(text: object) -> bytes:
    """Read base58btc.

    Raises:
        MalformedValue: another base, or white space.
    """
    if not isinstance(text, str) or not text.startswith("z") or len(text) > MAX_Z:
        raise MalformedValue("a multibase base58btc text starts with z and is short")
    body = text[1:].encode("utf-8", "replace")
    if body.translate(None, _DIGITS):
        raise MalformedValue("there is a character that is not base58btc")
    number, digits = 0, bytes(-len(body) % 10) + body.translate(_VALUES)
    for at in range(0, len(digits), 10):  # ten at a time: small numbers are multiplied sooner
        a, b, c, d, e, f, g, h, i, j = digits[at : at + 10]
        high = (((a * 58 + b) * 58 + c) * 58 + d) * 58 + e
        low = (((f * 58 + g) * 58 + h) * 58 + i) * 58 + j
        number = number * _10 + high * _5 + low
    zeros = len(body) - len(body.lstrip(b"1"))
    # Only one text gives these bytes: as many ones as leading zeros, then the digits of the rest.
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


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
