"""A credential in an SVG.

Spec: Open Badges 3.0 §5.3.2.
Shape: one ``<openbadges:credential>`` right after ``<svg …>``; a token stands in its ``verify``
       attribute, JSON in its body. No document type, no entities, no endless nesting: what is
       taken out is text, and the drawing around it is never executed here.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from badges.errors import NotBaked

__all__ = ["NAMESPACE", "bake", "is_svg", "unbake"]

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"

MAX_BYTES = 8 * 2**20
"""Largest picture we open."""

MAX_DEPTH = 100
"""Deepest nesting we follow."""

_ELEMENT = f"{NAMESPACE} credential"
_ROOT = "http://www.w3.org/2000/svg svg"
_START = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!--|svg|[A-Za-z][\w.-]*:svg|!DOCTYPE)")
_TAG_END = re.compile(rb"""(?:[^'">]|"[^"]*"|'[^']*')*?(?P<end>/?>)""", re.DOTALL)


@dataclass(slots=True)
class _Walk:
    """One way through a drawing, and what was met."""

    picture: bytes
    parser: Any
    depth: int = 0
    root: int = -1
    """Byte position of the root's start tag."""

    inside: bool = False
    verify: list[str | None] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Byte positions of each credential element and of what follows it."""

    opened: int = -1

    def refuse(self, *_: object) -> NoReturn:
        """Stop at what a drawing does not need and an attacker does."""
        raise NotBaked("the picture has a document type or entities, which are dangerous")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Meet a start tag."""
        self.depth += 1
        if self.depth == 1:
            self.root = self.parser.CurrentByteIndex
        if self.depth > MAX_DEPTH or (self.depth == 1 and name != _ROOT):
            raise NotBaked("the picture is not an SVG, or nested too deeply")
        if self.inside:
            raise NotBaked("there are tags inside the credential")
        if name == _ELEMENT:
            self.inside, self.opened = True, self.parser.CurrentByteIndex
            self.verify.append(attributes.get("verify"))
            self.bodies.append("")

    def end(self, name: str) -> None:
        """Meet an end tag."""
        self.depth -= 1
        if name == _ELEMENT:
            self.inside = False
            after = _after(self.picture, self.opened, self.parser.CurrentByteIndex)
            self.spans.append((self.opened, after))

    def text(self, content: str) -> None:
        """Meet text."""
        if self.inside:
            self.bodies[-1] += content


def is_svg(data: bytes) -> bool:
    """Tell whether `data` begins like an SVG."""
    return _START.match(data[:1024]) is not None and b"svg" in data[:4096]


def bake(picture: bytes, credential: str) -> bytes:
    """Return `picture` with `credential` in it, and no other.

    Raises:
        NotBaked: the picture is broken.
    """
    seen = _walk(picture)
    for start, end in reversed(seen.spans):
        picture = picture[:start] + picture[end:]
    match = _TAG_END.match(picture, seen.root)
    if match is None:
        raise NotBaked("the picture's first tag does not end")
    tag, rest = picture[seen.root : match.start("end")], picture[match.end("end") :]
    if b"xmlns:openbadges=" not in tag:
        tag = tag.rstrip() + f' xmlns:openbadges="{NAMESPACE}"'.encode()
    name = tag[1:].split(None, 1)[0]
    closing = b"</" + name + b">" if match["end"] == b"/>" else b""
    return picture[: seen.root] + tag + b">" + _element(credential) + closing + rest


def _element(credential: str) -> bytes:
    if not credential.lstrip().startswith("{"):
        return f"<openbadges:credential verify={quoteattr(credential)}/>".encode()
    body = credential.replace("]]>", "]]]]><![CDATA[>")
    return f"<openbadges:credential><![CDATA[{body}]]></openbadges:credential>".encode()


def unbake(picture: bytes) -> str:
    """Return the credential in `picture`.

    Raises:
        NotBaked: none, several, or a broken or dangerous picture.
    """
    seen = _walk(picture)
    if len(seen.bodies) != 1:
        raise NotBaked(f"the picture holds {len(seen.bodies) or 'no'} credentials, not one")
    body, token = seen.bodies[0].strip(), seen.verify[0]
    if bool(body) == bool(token):
        raise NotBaked("the credential in the picture is empty, or there twice")
    return body or str(token)


def _walk(picture: bytes) -> _Walk:
    if len(picture) > MAX_BYTES:
        raise NotBaked("too large a picture")
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    walk = _Walk(picture, parser)
    parser.StartDoctypeDeclHandler = walk.refuse
    parser.EntityDeclHandler = walk.refuse
    parser.ExternalEntityRefHandler = walk.refuse
    parser.StartElementHandler = walk.begin
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        parser.Parse(picture, True)
    except expat.ExpatError as error:
        raise NotBaked("the picture is not well-formed XML") from error
    return walk


def _after(picture: bytes, start: int, index: int) -> int:
    """Return the byte position after the element that began at `start` and ends at `index`."""
    opening = _TAG_END.match(picture, start)
    if opening is None:
        raise NotBaked("the picture is cut off")
    return opening.end() if opening["end"] == b"/>" else picture.index(b">", index) + 1
