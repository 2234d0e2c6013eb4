"""A QR code as an SVG that stands inside a page: large enough, quiet enough, with a title.

Spec: ISO/IEC 18004 (four modules of quiet zone); error correction M.
"""

import segno
from markupsafe import Markup, escape

__all__ = ["draw"]

SIZE = 300
"""Smallest width in CSS pixels; a phone at arm's length reads it."""


def draw(content: str, title: str) -> Markup:
    """Return `content` as an inline SVG, dark on white whatever the page's colours."""
    code = segno.make(content, error="m", micro=False)
    inner = code.svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    named = f'<svg role="img" width="{SIZE}" height="{SIZE}" aria-label="{escape(title)}" '
    return Markup(inner.replace("<svg ", named, 1))  # noqa: S704 - made of squares, title escaped
