"""The face of a badge: what its picture says, laid out once for PNG and SVG.

Shape: a square of 800 units; lines of text in the middle, each with its size and place. Fonts are
those of the page pictures (`issuer/edc/fonts`, SIL Open Font License).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, pi, sin

from PIL import ImageFont

__all__ = [
    "CENTRE",
    "GOLD",
    "INK",
    "LOBES",
    "MUTED",
    "PLAIN",
    "SEAL",
    "SIZE",
    "Face",
    "Line",
    "font",
    "lobes",
]

SIZE = 800
CENTRE = SIZE / 2
SEAL, GOLD, INK, MUTED = "#23408f", "#e0b04b", "#1b2335", "#525c70"
PLAIN = "#525c70"
"""The ring of what is a badge and no micro-credential."""

LOBES = 18
WIDTH = 500
"""Widest line that stays inside the ring."""

TITLE_SIZES = (62, 52, 44, 36)
MAX_LINES = 4
TITLE_HEIGHT = 190


@dataclass(frozen=True, slots=True)
class Line:
    """A centred line of text; `y` is its middle."""

    text: str
    size: int
    y: float
    colour: str
    weight: str


@dataclass(frozen=True, slots=True)
class Face:
    """What the picture says."""

    title: str
    organisation: str
    foot: str = ""
    """Credits and day, on one line."""

    is_badge: bool = False
    """No micro-credential: drawn without the seal's lobes, in grey."""

    @property
    def alternative(self) -> str:
        """The picture in words."""
        return ", ".join(filter(None, (self.title, self.organisation, self.foot)))

    @property
    def ring(self) -> str:
        """The colour around it."""
        return PLAIN if self.is_badge else SEAL

    def lines(self) -> Iterator[Line]:
        """Lay the words out."""
        size, rows = _title(self.title)
        top = 392 - (len(rows) - 1) * size * 0.58
        for number, row in enumerate(rows):
            yield Line(row, size, top + number * size * 1.16, INK, "Semibold")
        y = top + (len(rows) - 1) * size * 1.16 + size * 0.5 + 44
        for row in _wrap(self.organisation, font("Regular", 30), 2):
            yield Line(row, 30, y, MUTED, "Regular")
            y += 38
        if self.foot:
            yield Line(self.foot, 26, y + 14, self.ring, "Semibold")


def lobes() -> Iterator[tuple[float, float]]:
    """Give the middles of the seal's lobes."""
    for number in range(LOBES):
        angle = 2 * pi * number / LOBES
        yield CENTRE + 340 * cos(angle), CENTRE + 340 * sin(angle)


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Return one of the fonts of the page pictures."""
    file = resources.files("issuer.edc") / "fonts" / f"SourceSansPro-{weight}.ttf"
    layout = ImageFont.Layout.BASIC
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size, layout_engine=layout)


def _title(text: str) -> tuple[int, list[str]]:
    """Return the largest size at which a title fits, and its lines."""
    for size in TITLE_SIZES:
        rows = _wrap(text, font("Semibold", size), MAX_LINES + 1)
        if len(rows) <= MAX_LINES and len(rows) * size <= TITLE_HEIGHT:
            return size, rows
    size = TITLE_SIZES[-1]
    *rows, last = _wrap(text, font("Semibold", size), MAX_LINES)
    return size, [*rows, f"{last} …"]


def _wrap(text: str, face: ImageFont.FreeTypeFont, limit: int) -> list[str]:
    """Break a text into at most `limit` lines; a word that is too long is cut."""
    rows: list[str] = []
    for word in text.split():
        joined = f"{rows[-1]} {word}" if rows else word
        if rows and face.getlength(joined) <= WIDTH:
            rows[-1] = joined
            continue
        if len(rows) == limit:
            break
        while face.getlength(word) > WIDTH:
            word = word[:-2] + "…"  # noqa: PLW2901 - the word as it will be written
        rows.append(word)
    return rows
