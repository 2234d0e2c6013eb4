"""A credential in a PNG.

Spec: Open Badges 3.0 §5.3.1; PNG (Third Edition) §5.3 (chunks), §11.3.3.4 (iTXt).
Shape: exactly one ``iTXt`` chunk with the keyword ``openbadgecredential``, uncompressed, before
       the end of the image; its text is the JSON or the token.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from badges.errors import NotBaked

__all__ = ["KEYWORD", "bake", "is_png", "unbake"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"

MAX_BYTES = 8 * 2**20
"""Largest picture we open."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    data: bytes

    def encode(self) -> bytes:
        checksum = zlib.crc32(self.kind + self.data)
        return (
            struct.pack(">I", len(self.data)) + self.kind + self.data + struct.pack(">I", checksum)
        )

    @property
    def holds_credential(self) -> bool:
        return self.kind == b"iTXt" and self.data.partition(b"\0")[0] == KEYWORD


def is_png(data: bytes) -> bool:
    """Tell whether `data` begins like a PNG."""
    return data.startswith(SIGNATURE)


def bake(picture: bytes, credential: str) -> bytes:
    """Return `picture` with `credential` in it, and no other.

    Raises:
        NotBaked: the picture is broken.
    """
    header, *rest = (chunk for chunk in _chunks(picture) if not chunk.holds_credential)
    # keyword, no compression (flag and method 0), no language, no translated keyword
    data = KEYWORD + b"\0\0\0\0\0" + credential.encode("utf-8")
    baked = (header, _Chunk(b"iTXt", data), *rest)
    return SIGNATURE + b"".join(chunk.encode() for chunk in baked)


def unbake(picture: bytes) -> str:
    """Return the credential in `picture`.

    Raises:
        NotBaked: none, several, a compressed one, or a broken picture.
    """
    found = [chunk for chunk in _chunks(picture) if chunk.holds_credential]
    if len(found) != 1:
        raise NotBaked(f"the picture holds {len(found) or 'no'} credentials, not one")
    return _text(found[0].data.partition(b"\0")[2])


def _text(rest: bytes) -> str:
    """Read an iTXt chunk after its keyword: flag, method, language, translation, text."""
    if rest[:2] != b"\0\0":
        raise NotBaked("the credential in the picture is compressed, which is not allowed")
    _, _, after_language = rest[2:].partition(b"\0")
    _, separator, text = after_language.partition(b"\0")
    if not separator:
        raise NotBaked("the text in the picture is cut off")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotBaked("the text in the picture is not UTF-8") from error


def _chunks(picture: bytes) -> Iterator[_Chunk]:
    """Take a PNG apart, to the end and not further.

    Raises:
        NotBaked: anything but whole chunks with right checksums, from IHDR to IEND.
    """
    if not is_png(picture) or len(picture) > MAX_BYTES:
        raise NotBaked("not a PNG, or too large a one")
    position, first = len(SIGNATURE), True
    while True:
        chunk, position = _chunk(picture, position)
        if first and chunk.kind != b"IHDR":
            raise NotBaked("the picture does not begin with its header")
        first = False
        yield chunk
        if chunk.kind == b"IEND":
            break
    if position != len(picture):
        raise NotBaked("something follows the end of the picture")


def _chunk(picture: bytes, position: int) -> tuple[_Chunk, int]:
    head = picture[position : position + 8]
    if len(head) < 8:
        raise NotBaked("the picture is cut off")
    (length,) = struct.unpack(">I", head[:4])
    end = position + 8 + length
    data, checksum = picture[position + 8 : end], picture[end : end + 4]
    if len(checksum) < 4:
        raise NotBaked("the picture is cut off")
    if struct.pack(">I", zlib.crc32(head[4:] + data)) != checksum:
        raise NotBaked("a checksum in the picture is wrong")
    return _Chunk(head[4:], data), end + 4
