"""A credential as it came: questions that readers ask of it, whatever its version.

Spec: VCDM 2.0 §4 and VCDM 1.1 §4 (the members have other names there).
Shape: the document stays the mapping that was read; nothing here changes or rebuilds it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

__all__ = [
    "OBJECT",
    "V1",
    "V2",
    "contexts",
    "issuer_id",
    "many",
    "may_be_unsafe",
    "may_hold_unsafe",
    "node_id",
    "subjects",
    "texts",
    "types",
    "unsafe_character",
    "valid_from",
    "valid_until",
    "version",
]

_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)
"""Control characters but tab and line ends, lone surrogates and noncharacters."""

_ESCAPES = frozenset({b"u", b"b", b"f"})
"""What follows the backslash where JSON writes a control character, but for tab and line ends."""

OBJECT = (dict, Mapping)
"""What a JSON object may be, for `isinstance`: asking an abstract class takes five times as long,
and nearly every object is a plain ``dict``."""

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"

_VERSIONS = {V2: 2, V1: 1}


def many(value: object) -> list[Any]:
    """Return a value that may be one, several or absent as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def node_id(value: object) -> str | None:
    """Return the id of something given by its id or as an object with one."""
    found = value.get("id") if isinstance(value, OBJECT) else value
    return found if isinstance(found, str) else None


def contexts(document: Mapping[str, Any]) -> list[Any]:
    """Return the ``@context`` entries, in order."""
    return many(document.get("@context"))


def types(node: object) -> frozenset[str]:
    """Return the types of a document or of any node in it."""
    found = many(node.get("type")) if isinstance(node, OBJECT) else []
    return frozenset([name for name in found if isinstance(name, str)])


def version(document: Mapping[str, Any]) -> int | None:
    """Return 2 or 1 for the data model the document says it follows, None for neither."""
    found = contexts(document)
    first = found[0] if found else None
    return _VERSIONS.get(first) if isinstance(first, str) else None


def issuer_id(credential: Mapping[str, Any]) -> str | None:
    """Return who the credential says issued it."""
    return node_id(credential.get("issuer"))


def subjects(credential: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the subjects that are objects."""
    return [s for s in many(credential.get("credentialSubject")) if isinstance(s, OBJECT)]


def valid_from(credential: Mapping[str, Any]) -> object:
    """Return the text that says from when it is valid, as it stands there."""
    return credential.get("validFrom" if version(credential) != 1 else "issuanceDate")


def valid_until(credential: Mapping[str, Any]) -> object:
    """Return the text that says until when it is valid, as it stands there."""
    return credential.get("validUntil" if version(credential) != 1 else "expirationDate")


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Go through every text of a document, member names included, each with where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield path, name
            yield from texts(member, f"{path}/{name}")
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from texts(member, f"{path}/{position}")


def unsafe_character(text: str) -> str | None:
    """Name the first character that signers and readers disagree about, if there is one.

    Those are control characters but tab and line ends, lone surrogates and noncharacters.
    """
    if text.isprintable():
        return None
    found = _UNSAFE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def may_hold_unsafe(document: object) -> bool:
    """Tell, many times faster than by going through its `texts`, if one of them may be unsafe."""
    try:
        written = orjson.dumps(document)
    except TypeError:
        return True
    return may_be_unsafe(written)


def may_be_unsafe(written: bytes) -> bool:
    """Tell whether a text of a JSON text, as `dumps` writes it, may be unsafe."""
    if b"\x7f" in written:
        return True
    at = written.find(b"\\")
    while at >= 0:  # looking from one to the next takes a third of taking the text apart
        if written[at + 1 : at + 2] in _ESCAPES:
            return True
        at = written.find(b"\\", at + 1)
    return not written.isascii() and unsafe_character(written.decode()) is not None
