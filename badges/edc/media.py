"""The pictures and files an EDC carries: are they what they claim, and small enough?

Spec: ELM MediaObject (content in base64, encoding and file type as codes).
The size limit is ours: the Europass issuer takes files of 5 to 15 MB.
"""

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from badges.edc.nodes import identifier

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_TOTAL_BYTES",
    "Pixels",
    "wrong_file_type",
    "wrong_media",
]

MAX_BYTES = 5 * 2**20
"""Most bytes of one picture or file."""

MAX_TOTAL_BYTES = 15 * 2**20
"""Most bytes of a whole credential."""

MAX_PIXELS = 40_000_000
"""Most pixels of a picture: a few kB must not unfold into gigabytes."""

UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises for a picture it will not open."""

PICTURES: Mapping[str, tuple[bytes, ...]] = {
    "PNG": (b"\x89PNG",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF8",),
    "TIFF": (b"II*\0", b"MM\0*"),
}
"""File-type codes of pictures → how such a file begins."""


@dataclass(slots=True)
class Pixels:
    """How many pixels of one credential we are still willing to unfold."""

    left: int = 100_000_000


def wrong_media(media: Mapping[str, Any], pixels: Pixels) -> str:
    """Say what is wrong with the content of a media object, or nothing."""
    content = media.get("content")
    if not isinstance(content, str):
        return ""
    if len(content) * 3 // 4 > MAX_BYTES:
        size = len(content) * 3 / 4 / 2**20
        return f"is {size:.1f} MB; make it smaller than {MAX_BYTES // 2**20} MB"
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return "is not base64; embed the file again"
    return _wrong_picture(data, pixels) if _file_type(media) in PICTURES else ""


def wrong_file_type(media: Mapping[str, Any]) -> str:
    """Say whether a picture is of another file type than it says."""
    stated = _file_type(media)
    content = media.get("content")
    if stated not in PICTURES or not isinstance(content, str):
        return ""
    try:
        start = base64.b64decode(content[:16], validate=True)
    except (binascii.Error, ValueError):
        return ""
    found = next((name for name, magic in PICTURES.items() if start.startswith(magic)), stated)
    return "" if found == stated else f"is a {found} picture but says {stated}; correct the type"


def _file_type(media: Mapping[str, Any]) -> str:
    return identifier(media.get("contentType")).rpartition("/")[2]


def _wrong_picture(data: bytes, pixels: Pixels) -> str:
    try:
        with Image.open(io.BytesIO(data), formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return f"is {picture.width} by {picture.height} pixels; make it smaller"
            pixels.left -= picture.width * picture.height
            if pixels.left < 0:
                return "is one too many: all pictures together are too large; leave some out"
            picture.load()
    except UNREADABLE:
        return "cannot be read as a picture; export it again as PNG or JPEG"
    return ""
