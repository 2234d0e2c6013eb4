"""A picture built of bands that are packed once and used again on the pages of others.

Spec: PNG (third edition) §10.1 (one zlib stream over all rows), RFC 1950 (its Adler-32 at the
       end), RFC 1951 (a stream may be cut where the packer was flushed in full).
Shape: a band is a strip as wide as the page, in the colours of one palette. Nine tenths of a page
       are the same for everybody who gets the achievement: only what names the learner is packed.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

__all__ = ["Band", "join", "pack"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ZLIB_HEAD, LAST_BLOCK = b"\x78\x9c", b"\x03\x00"
PALETTE_COLOURS = 3
"""PNG colour type: each pixel is the number of a colour."""

_MODULUS = 65521
_NOTHING = 1
"""The Adler-32 of no bytes."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a picture, packed."""

    width: int
    rows: int
    packed: bytes
    adler: int

    @property
    def length(self) -> int:
        """Return how many bytes were packed: each row begins with the number of its filter."""
        return self.rows * (self.width + 1)


def pack(drawn: Image.Image, palette: Image.Image) -> Band:
    """Pack a strip in the colours of `palette`."""
    coloured = drawn.quantize(palette=palette, dither=Image.Dither.NONE)
    filtered = Image.new("L", (drawn.width + 1, drawn.height))
    filtered.paste(Image.frombytes("L", coloured.size, coloured.tobytes()), (1, 0))
    raw = filtered.tobytes()
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH)
    return Band(drawn.width, drawn.height, packed, zlib.adler32(raw))


def join(bands: Sequence[Band], palette: Image.Image) -> bytes:
    """Return the PNG of bands, one under the other."""
    adler = _NOTHING
    for band in bands:
        adler = _adler_of_both(adler, band.adler, band.length)
    rows = sum(band.rows for band in bands)
    head = struct.pack(">IIBBBBB", bands[0].width, rows, 8, PALETTE_COLOURS, 0, 0, 0)
    stream = b"".join((ZLIB_HEAD, *(band.packed for band in bands), LAST_BLOCK))
    chunks = (
        (b"IHDR", head),
        (b"PLTE", bytes(palette.getpalette("RGB") or ())),
        (b"IDAT", stream + struct.pack(">I", adler)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def _adler_of_both(first: int, second: int, length: int) -> int:
    """Return the Adler-32 of two texts one after the other; `length` is that of the second."""
    low, high = first & 0xFFFF, first >> 16
    low_of_both = (low + (second & 0xFFFF) - 1) % _MODULUS
    high_of_both = (high + (second >> 16) + length * (low - 1)) % _MODULUS
    return high_of_both << 16 | low_of_both
