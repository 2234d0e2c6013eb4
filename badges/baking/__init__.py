"""Credentials inside pictures: put in (bake) and taken out (unbake)."""

from badges.baking import png, svg
from badges.errors import NotBaked

__all__ = ["bake", "is_picture", "unbake"]


def is_picture(data: bytes) -> bool:
    """Tell whether `data` looks like a picture that can carry a credential."""
    return png.is_png(data) or svg.is_svg(data)


def bake(picture: bytes, credential: str) -> bytes:
    """Return `picture` with `credential` (JSON or token) in it; an old one is replaced.

    Raises:
        NotBaked: neither PNG nor SVG, or a broken one.
    """
    if png.is_png(picture):
        return png.bake(picture, credential)
    if svg.is_svg(picture):
        return svg.bake(picture, credential)
    raise NotBaked("the picture is neither PNG nor SVG")


def unbake(picture: bytes) -> str:
    """Return the one credential in `picture`.

    Raises:
        NotBaked: there is none, or several, or the picture is broken.
    """
    if png.is_png(picture):
        return png.unbake(picture)
    if svg.is_svg(picture):
        return svg.unbake(picture)
    raise NotBaked("the picture is neither PNG nor SVG")
