"""The ``proofValue`` of selective disclosure: what the issuer signs, and what the holder shows.

Spec: Data Integrity ECDSA Cryptosuites 1.0 §3.5.2 to §3.5.8 (serialize and parse).
Shape: ``u`` + base64url of a three-byte header and a CBOR list. One value has one spelling.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cbor2

from badges.errors import MalformedValue
from badges.proofs import multibase

__all__ = ["BaseValue", "DerivedValue", "parse_base", "parse_derived"]

BASE_HEADER = b"\xd9\x5d\x00"
DERIVED_HEADER = b"\xd9\x5d\x01"
P256_MULTICODEC = b"\x80\x24"

SIGNATURE_LENGTH = 64
KEY_LENGTH = 35
"""A P-256 Multikey: two bytes of multicodec and the compressed point."""

HMAC_LENGTH = 32
MAX_STATEMENTS = 5_000
"""Most statements that one proof signs singly."""


@dataclass(frozen=True, slots=True)
class BaseValue:
    """What the issuer gives to the holder, who never shows it."""

    signature: bytes
    public_key: bytes
    """The key made for this one document, as Multikey bytes."""

    hmac_key: bytes
    signatures: tuple[bytes, ...]
    """One for each line that the holder may leave out, in the order of the lines."""

    mandatory_pointers: tuple[str, ...]

    def serialize(self) -> str:
        """Write it (§3.5.2)."""
        parts = [
            self.signature,
            self.public_key,
            self.hmac_key,
            list(self.signatures),
            list(self.mandatory_pointers),
        ]
        return multibase.encode_u(BASE_HEADER + cbor2.dumps(parts))


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """What the holder shows: the signatures of the lines that are left."""

    signature: bytes
    public_key: bytes
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    """Number of the canonical label → the HMAC that stands for it in the signed lines."""

    mandatory: tuple[int, ...]
    """Indexes of the lines that the holder could not leave out."""

    def serialize(self) -> str:
        """Write it (§3.5.7)."""
        parts = [
            self.signature,
            self.public_key,
            list(self.signatures),
            dict(sorted(self.labels.items())),
            list(self.mandatory),
        ]
        return multibase.encode_u(DERIVED_HEADER + cbor2.dumps(parts))


def parse_base(text: object) -> BaseValue:
    """Read a base proof (§3.5.3).

    Raises:
        MalformedValue: it is not written as it must be.
    """
    signature, public_key, hmac_key, signatures, pointers = _parts(text, BASE_HEADER)
    if not isinstance(pointers, list) or not all(isinstance(item, str) for item in pointers):
        raise MalformedValue("the mandatory pointers of a proof are texts")
    return BaseValue(
        _bytes(signature, SIGNATURE_LENGTH),
        _key(public_key),
        _bytes(hmac_key, HMAC_LENGTH),
        _signatures(signatures),
        tuple(pointers),
    )


def parse_derived(text: object) -> DerivedValue:
    """Read a derived proof (§3.5.8).

    Raises:
        MalformedValue: it is not written as it must be.
    """
    signature, public_key, signatures, labels, mandatory = _parts(text, DERIVED_HEADER)
    if not isinstance(labels, dict) or len(labels) > MAX_STATEMENTS:
        raise MalformedValue("the labels of a proof are a map")
    named = {_number(number): _bytes(label, HMAC_LENGTH) for number, label in labels.items()}
    if len(set(named.values())) != len(named):
        raise MalformedValue("two nameless objects have the same label")
    if not isinstance(mandatory, list) or len(mandatory) > MAX_STATEMENTS:
        raise MalformedValue("the mandatory indexes of a proof are a list")
    indexes = tuple(_number(number) for number in mandatory)
    if len(set(indexes)) != len(indexes):
        raise MalformedValue("a mandatory index is named twice")
    return DerivedValue(
        _bytes(signature, SIGNATURE_LENGTH),
        _key(public_key),
        _signatures(signatures),
        named,
        indexes,
    )


def _parts(text: object, header: bytes) -> list[Any]:
    content = multibase.decode_u(text)
    if not content.startswith(header):
        kind = "base" if header == BASE_HEADER else "derived"
        raise MalformedValue(f"this is not a {kind} proof")
    body = content[len(header) :]
    try:
        parts = cbor2.loads(body)
        same = cbor2.dumps(parts) == body
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise MalformedValue("the proof value is not CBOR") from error
    if not same or not isinstance(parts, list) or len(parts) != 5:
        raise MalformedValue("the proof value is not a list of five parts in its one spelling")
    return parts


def _bytes(value: object, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise MalformedValue(f"a part of the proof value is not {length} bytes long")
    return value


def _key(value: object) -> bytes:
    key = _bytes(value, KEY_LENGTH)
    if not key.startswith(P256_MULTICODEC):
        raise MalformedValue("the key of the proof is not a P-256 key")
    return key


def _signatures(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MAX_STATEMENTS:
        raise MalformedValue("the signatures of a proof are a list")
    return tuple(_bytes(item, SIGNATURE_LENGTH) for item in value)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MAX_STATEMENTS:
        raise MalformedValue("a number in the proof value is out of range")
    return value
