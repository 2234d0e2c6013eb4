"""A public key as one short text: Multikey, the part after ``did:key:``.

Spec: Controlled Identifiers v1.0 §2.2.2 (Multikey), §2.4 (multibase base58btc).
Shape: ``z`` + base58btc of a two-byte multicodec prefix and the key.
"""

from functools import lru_cache
from typing import Final

import base58
from multiformats import varint

from did.errors import InvalidKey
from did.public_key import Curve, PublicKey

__all__ = ["decode", "encode"]

CODES: Final = {Curve.ED25519: 0xED, Curve.P256: 0x1200, Curve.P384: 0x1201}
"""The multicodec code of each kind of public key."""

PREFIXES: Final = {curve: varint.encode(code) for curve, code in CODES.items()}

MAX_LENGTH = 80
"""Longest text we decode: a P-384 key has 70 characters, and base58 is slow on long ones."""


def encode(key: PublicKey) -> str:
    """Return the Multikey text of `key`, e.g. ``z6Mk…``.

    Raises:
        InvalidKey: Multikey has no form for it (RSA): publish it as a JWK.
    """
    if key.curve not in PREFIXES:
        raise InvalidKey(f"{key.curve} keys have no Multikey form: use a JWK")
    return "z" + base58.b58encode(PREFIXES[key.curve] + key.raw).decode("ascii")


@lru_cache(maxsize=1024)  # one issuer signs thousands, and base58 is slow
def decode(text: str) -> PublicKey:
    """Return the public key that `text` spells.

    Raises:
        InvalidKey: another base, another kind of key, a wrong length, or not a key at all.
    """
    if not text.startswith("z") or len(text) > MAX_LENGTH:
        raise InvalidKey("a Multikey is base58btc: it starts with z and is short")
    content = _base58(text[1:])
    for curve, prefix in PREFIXES.items():
        if content.startswith(prefix):
            return PublicKey(curve, content[len(prefix) :])
    raise InvalidKey("unknown kind of Multikey: use Ed25519, P-256 or P-384")


def _base58(text: str) -> bytes:
    """Decode strictly: the library forgives white space at the end."""
    try:
        content = base58.b58decode(text)
    except ValueError as error:
        raise InvalidKey("the Multikey has a character that is not base58btc") from error
    if base58.b58encode(content).decode("ascii") != text:
        raise InvalidKey("the Multikey is not in its canonical form")
    return content
