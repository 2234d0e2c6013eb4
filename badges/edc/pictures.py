"""Pictures given as data URLs: what an EDC can embed without fetching.

Spec: RFC 2397. Pictures elsewhere on the web are left out; the edge embeds them beforehand.
"""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

__all__ = ["EMBEDDABLE", "Picture", "picture_of"]

EMBEDDABLE = ("image/png", "image/jpeg")
"""Picture types Europass shows."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in base64."""

    content: str
    media_type: str

    @property
    def octets(self) -> bytes:
        """Return its bytes."""
        return base64.b64decode(self.content)

    @property
    def url(self) -> str:
        """Return it as a data URL."""
        return f"data:{self.media_type};base64,{self.content}"


def picture_of(url: str) -> Picture | None:
    """Return the picture in a data URL; nothing for any other URL or type."""
    head, comma, body = url.partition(",")
    if not (comma and head.startswith("data:")):
        return None
    media_type, *options = head.removeprefix("data:").split(";")
    if media_type not in EMBEDDABLE:
        return None
    try:
        packed = "base64" in options
        data = base64.b64decode(body, validate=True) if packed else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        return None
    return Picture(base64.b64encode(data).decode(), media_type)
