"""The bits of a status list: make, set, read, pack, unpack.

Spec: W3C Bitstring Status List v1.0, §3.3 (generate) and §3.4 (expand).
Shape: entries of 1 to 8 bits; entry 0 starts at the left-most bit of byte 0.
On the wire: ``u`` + base64url without padding of the gzip of those bytes.
"""

import base64
import binascii
import gzip
import zlib

from badges.errors import MalformedValue, RangeError, StatusListTooShort, StatusVerification

__all__ = [
    "MAX_BYTES",
    "MIN_ENTRIES",
    "expand",
    "inflate",
    "new",
    "pack",
    "read",
    "unarmour",
    "write",
]

MIN_ENTRIES = 131_072
"""Fewest entries a list may have, so that an index hides in a crowd (§3.2)."""

MAX_BYTES = 16 * 2**20
"""Most bytes we expand: a few kB of gzip must not become gigabytes of zeros."""

MAX_SIZE = 8
"""Most bits one entry may have."""

_FAST = 1
"""Gzip level: lists are mostly zeros, so higher levels cost time and save nothing."""

_GZIP = zlib.MAX_WBITS | 16
"""Window bits that make zlib read gzip and nothing else."""


def new(entries: int = MIN_ENTRIES, *, size: int = 1) -> bytearray:
    """Return an all-clear list of `entries` entries of `size` bits.

    Raises:
        StatusListTooShort: fewer than `MIN_ENTRIES`.
    """
    if entries < MIN_ENTRIES:
        raise StatusListTooShort(f"{entries} entries; a list has at least {MIN_ENTRIES}")
    return bytearray((entries * size + 7) // 8)


def read(bits: bytes | bytearray, index: int, *, size: int = 1) -> int:
    """Return the value of entry `index`.

    Raises:
        RangeError: the list has no such entry.
    """
    start = _start(bits, index, size)
    pair = int.from_bytes(bits[start // 8 : start // 8 + 2].ljust(2, b"\0"))
    return pair >> (16 - start % 8 - size) & ((1 << size) - 1)


def write(bits: bytearray, index: int, value: int, *, size: int = 1) -> None:
    """Set entry `index` to `value`, in place.

    Raises:
        RangeError: the list has no such entry, or the value needs more bits.
    """
    start = _start(bits, index, size)
    if not 0 <= value < 2**size:
        raise RangeError(f"value {value} does not fit in {size} bits")
    for offset in range(size):
        mask = 0x80 >> (start + offset) % 8
        if value >> (size - 1 - offset) & 1:
            bits[(start + offset) // 8] |= mask
        else:
            bits[(start + offset) // 8] &= ~mask & 0xFF


def _start(bits: bytes | bytearray, index: int, size: int) -> int:
    if not 1 <= size <= MAX_SIZE:
        raise MalformedValue(f"entries of {size} bits; we read 1 to {MAX_SIZE}")
    if not 0 <= index < len(bits) * 8 // size:
        raise RangeError(f"index {index} of {len(bits) * 8 // size} entries")
    return index * size


def pack(bits: bytes | bytearray) -> str:
    """Return the wire form: the same bits give the same text."""
    packed = gzip.compress(bytes(bits), compresslevel=_FAST, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def expand(encoded: str) -> bytes:
    """Return the bits of a wire form.

    Raises:
        StatusVerification: not ``u`` + base64url of one gzip stream, or too large.
    """
    if not encoded.startswith("u"):
        raise StatusVerification("the list is not multibase base64url (no leading 'u')")
    return inflate(unarmour(encoded[1:]), _GZIP)


def unarmour(text: str) -> bytes:
    """Decode base64url without padding, strictly.

    Raises:
        StatusVerification: any other character, or padding.
    """
    try:
        if not text.isascii() or set(text) & set("+/="):
            raise StatusVerification("the list is not base64url without padding")
        standard = text.translate(str.maketrans("-_", "+/"))
        return base64.b64decode(standard + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise StatusVerification("the list is not base64url") from error


def inflate(packed: bytes, window_bits: int) -> bytes:
    """Decompress one whole stream, never past `MAX_BYTES`.

    Raises:
        StatusVerification: broken, cut off, followed by something, or too large.
    """
    machine = zlib.decompressobj(window_bits)
    try:
        plain = machine.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise StatusVerification("the list cannot be decompressed") from error
    if len(plain) > MAX_BYTES:
        raise StatusVerification(f"the list expands past {MAX_BYTES} bytes")
    if not machine.eof or machine.unused_data:
        raise StatusVerification("the compressed list is cut off or followed by other bytes")
    return plain
