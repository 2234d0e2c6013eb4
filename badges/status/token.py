"""The bits of a token status list, the kind that SD-JWT credentials point at.

Spec: IETF Token Status List, §4 (compressed byte array), §5.1 (``statuslist+jwt``), §8.3 (rules).
Shape: entries of 1, 2, 4 or 8 bits; entry 0 is in the right-most bits of byte 0.
On the wire: base64url without padding of the zlib of those bytes.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badges.errors import MalformedValue, RangeError, StatusVerification
from badges.status import bits as status_bits

__all__ = [
    "INVALID",
    "SUSPENDED",
    "VALID",
    "TokenEntry",
    "pack_token",
    "parse_reference",
    "read_list_claim",
    "read_token",
    "write_token",
]

VALID, INVALID, SUSPENDED = 0, 1, 2
"""The values the specification registers (§7.1)."""

_SIZES = (1, 2, 4, 8)
_FAST = 1


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """Where to look."""

    index: int
    uri: str


def read_token(bits: bytes | bytearray, index: int, *, size: int) -> int:
    """Return the value of entry `index`.

    Raises:
        RangeError: the list has no such entry.
        MalformedValue: entries of another size than 1, 2, 4 or 8 bits.
    """
    position = _position(bits, index, size)
    return bits[position // 8] >> position % 8 & ((1 << size) - 1)


def write_token(bits: bytearray, index: int, value: int, *, size: int) -> None:
    """Set entry `index` to `value`, in place.

    Raises:
        RangeError: the list has no such entry, or the value needs more bits.
    """
    position = _position(bits, index, size)
    if not 0 <= value < 2**size:
        raise RangeError(f"value {value} does not fit in {size} bits")
    mask = (2**size - 1) << position % 8
    bits[position // 8] = bits[position // 8] & ~mask & 0xFF | value << position % 8


def _position(bits: bytes | bytearray, index: int, size: int) -> int:
    if size not in _SIZES:
        raise MalformedValue(f"entries of {size} bits; the specification knows 1, 2, 4 and 8")
    if not 0 <= index < len(bits) * 8 // size:
        raise RangeError(f"index {index} of {len(bits) * 8 // size} entries")
    return index * size


def pack_token(bits: bytes | bytearray, *, size: int) -> dict[str, Any]:
    """Return the ``status_list`` claim for these bits."""
    packed = base64.urlsafe_b64encode(zlib.compress(bytes(bits), _FAST))
    return {"bits": size, "lst": packed.rstrip(b"=").decode()}


def read_list_claim(claim: object, index: int) -> int:
    """Return the value of entry `index` of a ``status_list`` claim.

    Raises:
        StatusVerification: not a status list.
        RangeError: the list has no such entry.
    """
    size = claim.get("bits") if isinstance(claim, Mapping) else None
    lst = claim.get("lst") if isinstance(claim, Mapping) else None
    if type(size) is not int or size not in _SIZES or not isinstance(lst, str):
        raise StatusVerification("the token holds no status list")
    plain = status_bits.inflate(status_bits.unarmour(lst), zlib.MAX_WBITS)
    return read_token(plain, index, size=size)


def parse_reference(status: object) -> TokenEntry:
    """Read the ``status`` claim of a credential.

    Raises:
        MalformedValue: no whole number ``idx`` of 0 or more, or no ``uri``.
    """
    entry = status.get("status_list") if isinstance(status, Mapping) else None
    index = entry.get("idx") if isinstance(entry, Mapping) else None
    uri = entry.get("uri") if isinstance(entry, Mapping) else None
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise MalformedValue("status_list.idx is not a whole number of 0 or more")
    if not isinstance(uri, str) or not uri:
        raise MalformedValue("status_list.uri is missing")
    return TokenEntry(index, uri)
