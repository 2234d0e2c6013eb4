"""A logo as we keep it: a PNG drawn anew from the pixels of what was sent, and nothing else of it.

Spec: PNG, JPEG, WebP by Pillow; SVG by Typst (the extra ``learnseal[pdf]``), which fetches nothing.
"""

import io
import tempfile
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from issuer.errors import InvalidLogo

__all__ = ["MAX_BYTES", "read_logo"]

MAX_BYTES = 2**20
"""Most bytes of a file that is sent."""

MAX_PIXELS = 20_000_000
"""Most pixels of a picture: a few kB must not unfold into gigabytes."""

LEAST = 32
"""Fewest pixels of each side."""

MAX_SHAPE = 8
"""How many times as wide as high, or as high as wide, a logo may be."""

KEPT = (840, 240)
"""The box a logo is made to fit: twice what a page shows."""

UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def read_logo(octets: bytes) -> bytes:
    """Return a logo as a small PNG.

    Raises:
        InvalidLogo: too large, too small, no picture, or of a kind we do not read.
    """
    if len(octets) > MAX_BYTES:
        raise InvalidLogo("the file has more than 1 MB: send a smaller picture")
    if b"<svg" in octets[:4096].lower():
        octets = _drawn(octets)
    picture = _opened(octets)
    picture.thumbnail(KEPT, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _opened(octets: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(octets), formats=("PNG", "JPEG", "WEBP")) as found:
            width, height = found.size
            if width * height > MAX_PIXELS:
                raise InvalidLogo(f"{width} by {height} pixels are too many: make it smaller")
            if min(width, height) < LEAST:
                raise InvalidLogo(f"{width} by {height} pixels are too few: {LEAST} at least")
            if max(width, height) > MAX_SHAPE * min(width, height):
                raise InvalidLogo(f"{width} by {height} pixels are too long a strip: crop it")
            return ImageOps.exif_transpose(found).convert("RGBA")
    except UNREADABLE as error:
        raise InvalidLogo("this is no picture we can read: send PNG, JPEG, WebP or SVG") from error


def _drawn(octets: bytes) -> bytes:
    if b"<!DOCTYPE" in octets.upper() or b"<!ENTITY" in octets.upper():
        raise InvalidLogo("an SVG with a document type is not read: save it as plain SVG or PNG")
    if find_spec("typst") is None:
        raise InvalidLogo("this service cannot draw SVG: send the logo as PNG, JPEG or WebP")
    import typst  # noqa: PLC0415 - an optional extra of 80 MB

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "logo.svg").write_bytes(octets)
        page = "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        page += '#image("logo.svg", width: 420pt, alt: "logo")\n'
        (Path(folder) / "page.typ").write_text(page)
        try:
            drawn: bytes = typst.compile(
                str(Path(folder) / "page.typ"),
                root=folder,
                format="png",
                ppi=144.0,
                ignore_system_fonts=True,
            )
        except typst.TypstError as error:
            raise InvalidLogo("this SVG cannot be drawn: send the logo as PNG") from error
    return drawn
