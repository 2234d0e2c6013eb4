"""Draw the face of a badge: as PNG and as SVG, ready to be baked.

Spec: Open Badges 3.0 §5.3 (PNG and SVG); WCAG 2.2 §1.1.1 (the SVG carries its words as title).
"""

import io
from functools import cache

from markupsafe import escape
from PIL import Image, ImageDraw, PngImagePlugin

from issuer.claiming.face import CENTRE, GOLD, MUTED, PLAIN, SEAL, SIZE, Face, font, lobes

__all__ = ["draw_png", "draw_svg"]

TICK = ((360, 218), (388, 246), (442, 190))
FINE = 2
"""Drawn this much larger, then made small: smooth edges."""


def draw_png(face: Face) -> bytes:
    """Return the picture as PNG, with its words beside it."""
    image = _blank(is_badge=face.is_badge).copy()
    pen = ImageDraw.Draw(image)
    for line in face.lines():
        pen.text(
            (CENTRE, line.y), line.text, anchor="mm", fill=line.colour,
            font=font(line.weight, line.size),
        )  # fmt: skip
    words = PngImagePlugin.PngInfo()
    words.add_itxt("Description", face.alternative)
    out = io.BytesIO()
    image.quantize(96).save(out, "PNG", pnginfo=words, compress_level=6)
    return out.getvalue()


@cache
def _blank(*, is_badge: bool = False) -> Image.Image:
    """Draw the seal without words; it is the same for everybody."""
    image = Image.new("RGBA", (SIZE * FINE, SIZE * FINE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    ring, rim = (PLAIN, PLAIN) if is_badge else (SEAL, GOLD)
    for x, y in [] if is_badge else [*lobes()]:
        pen.circle((x * FINE, y * FINE), 58 * FINE, fill=ring)
    middle = (CENTRE * FINE, CENTRE * FINE)
    pen.circle(middle, 346 * FINE, fill=ring)
    pen.circle(middle, 312 * FINE, fill="white", outline=rim, width=8 * FINE)
    pen.circle((CENTRE * FINE, 218 * FINE), 58 * FINE, fill=ring)
    tick = [(x * FINE, y * FINE) for x, y in TICK]
    pen.line(tick, fill="white", width=13 * FINE, joint="curve")
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def draw_svg(face: Face) -> bytes:
    """Return the picture as SVG."""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}"'
        f' height="{SIZE}" role="img"><title>{escape(face.alternative)}</title>'
    )
    around, rim = ([], PLAIN) if face.is_badge else ([*lobes()], GOLD)
    parts = [
        opening,
        f'<g fill="{face.ring}"><circle cx="400" cy="400" r="346"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="58"/>' for x, y in around),
        f'</g><circle cx="400" cy="400" r="308" fill="#fff" stroke="{rim}" stroke-width="8"/>',
        f'<circle cx="400" cy="218" r="58" fill="{face.ring}"/>',
        '<path d="M{} {}L{} {}L{} {}" fill="none"'.format(*(n for point in TICK for n in point)),
        ' stroke="#fff" stroke-width="13" stroke-linecap="round" stroke-linejoin="round"/>',
        f'<g text-anchor="middle" fill="{MUTED}"',
        ' font-family="Source Sans Pro, Source Sans 3, Helvetica, Arial, sans-serif">',
    ]
    for line in face.lines():
        weight = ' font-weight="600"' if line.weight == "Semibold" else ""
        parts.append(
            f'<text x="400" y="{line.y + line.size * 0.33:.1f}" font-size="{line.size}"'
            f'{weight} fill="{line.colour}">{escape(line.text)}</text>'
        )
    return ("".join(parts) + "</g></svg>").encode()
