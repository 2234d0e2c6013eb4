"""Colours people can read: how much one stands out from another, and the nearest that does.

Spec: WCAG 2.2, relative luminance and contrast ratio (1.4.3: 4.5:1 for text).
Shape: a colour is ``#rrggbb``, in lower case.
"""

import colorsys
import re

__all__ = ["ENOUGH", "contrast", "mixed", "nearest", "read_colour"]

ENOUGH = 4.5
STEPS = 200
_COLOUR = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


def read_colour(text: str) -> str | None:
    """Return the colour that was typed (``#23408f``, ``23408F``, ``#abc``); None for no colour."""
    found = _COLOUR.fullmatch(text.strip().lower())
    if not found:
        return None
    digits = found[1]
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def contrast(one: str, other: str) -> float:
    """Return how much two colours differ in brightness: 1 (not at all) to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def nearest(colour: str, grounds: tuple[str, ...]) -> str:
    """Return the tone of a colour that is nearest to it and can be read on every ground."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    target = 0.0 if _luminance(grounds[0]) > 0.18 else 1.0
    for step in range(STEPS + 1):
        shifted = lightness + (target - lightness) * step / STEPS
        tone = _written(colorsys.hls_to_rgb(hue, shifted, saturation))
        if all(contrast(tone, ground) >= ENOUGH for ground in grounds):
            return tone
    return "#000000" if target == 0.0 else "#ffffff"


def mixed(colour: str, other: str, part: float) -> str:
    """Return a colour with so much of another in it (0 to 1)."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    red, green, blue = (a + (b - a) * part for a, b in pairs)
    return _written((red, green, blue))


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
