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

_DIGITS = base58.BITCOIN_ALPHABET.decode("ascii")
_PAIRS = [one + two for one in _DIGITS for two in _DIGITS]
"""All numbers of two digits: a signature takes half as many steps with them."""

_VALUES = {pair: value for value, pair in enumerate(_PAIRS)}

MAX_Z = 256
"""Most characters of base58 we decode: it is slow on long texts, and a signature has 132."""

MAX_U = 64 * 1024
"""Most characters of base64url: a selective-disclosure proof grows with its statements."""


def encode_z(content: bytes) -> str:
    """Write `content` in base58btc."""
    number, pairs = int.from_bytes(content), []
    while number:  # ten digits at a time leave small numbers, which are divided sooner
        number, chunk = divmod(number, 58**10)
        for _ in range(5):
            chunk, pair = divmod(chunk, 3364)
            pairs.append(_PAIRS[pair])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(pairs)).lstrip("1")


def decode_z(text: object) -> bytes:
    """Read base58btc.

    Raises:
        MalformedValue: another base, or white space.
    """
    if not isinstance(text, str) or not text.startswith("z") or len(text) > MAX_Z:
        raise MalformedValue("a multibase base58btc text starts with z and is short")
    number, value = 0, _VALUES
    body = "1" * (-(len(text) - 1) % 10) + text[1:]
    try:
        for at in range(0, len(body), 10):
            chunk = value[body[at : at + 2]] * 3364 + value[body[at + 2 : at + 4]]
            chunk = chunk * 3364 + value[body[at + 4 : at + 6]]
            chunk = chunk * 3364 + value[body[at + 6 : at + 8]]
            number = number * 58**10 + chunk * 3364 + value[body[at + 8 : at + 10]]
    except KeyError as error:
        raise MalformedValue("there is a character that is not base58btc") from error
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
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
