"""Quads as text: writing and reading the N-Quads lines that are hashed.

Spec: RDF 1.1 N-Quads; RDFC-1.0 §5 (canonical form: which characters are escaped, and how).
Shape: a quad is four strings, each already in its written form: ``<iri>``, ``_:label``,
       ``"literal"^^<datatype>``; the fourth is empty for the default graph.
"""

import re
from collections.abc import Iterable

from badges.errors import MalformedValue

__all__ = ["Quad", "iri", "is_absolute_iri", "is_blank", "line", "literal", "parse"]

Quad = tuple[str, str, str, str]

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPES = (
    {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
    | {ord(character): short for character, short in _SHORT.items()}
    | {ord('"'): '\\"', ord("\\"): "\\\\"}
)
"""RDFC-1.0 §5: all control characters and DEL, the quote and the backslash; nothing else."""

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20\x7f<>\"{}|^`\\\s\ud800-\udfff]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_STRING = "http://www.w3.org/2001/XMLSchema#string"

_IRI_TEXT = r"<((?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>"
_BLANK_TEXT = r"_:[^\s<>\"@]+"
_LITERAL_TEXT = r'"((?:[^"\\\n\r]|\\.)*)"(?:\^\^' + _IRI_TEXT + r"|@([A-Za-z0-9\-]+))?"
_TERM = re.compile(rf"\s*(?:{_IRI_TEXT}|({_BLANK_TEXT})|{_LITERAL_TEXT}|(\.))[ \t]*")
_UNESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_UNSHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"} | {c: c for c in "\"'\\"}


def is_absolute_iri(text: object) -> bool:
    """Tell whether `text` is an absolute IRI that can stand in a quad."""
    return isinstance(text, str) and _ABSOLUTE_IRI.fullmatch(text) is not None


def is_blank(term: str) -> bool:
    """Tell whether a written term is a blank node."""
    return term.startswith("_:")


def iri(text: str) -> str:
    """Write an IRI.

    Raises:
        MalformedValue: it is relative, or holds a character that no IRI may hold.
    """
    if not is_absolute_iri(text):
        raise MalformedValue(f"{text[:200]!r} is not an absolute IRI")
    return f"<{text}>"


def literal(text: str, datatype: str = _STRING, language: str | None = None) -> str:
    """Write a literal; plain strings carry no datatype.

    Raises:
        MalformedValue: the language tag or the datatype is none.
    """
    plain = text.isprintable() and '"' not in text and "\\" not in text
    quoted = f'"{text}"' if plain else f'"{text.translate(_ESCAPES)}"'
    if language is not None:
        if not _LANGUAGE.fullmatch(language):
            raise MalformedValue(f"{language[:80]!r} is not a language tag")
        return f"{quoted}@{language}"
    return quoted if datatype == _STRING else f"{quoted}^^{iri(datatype)}"


def line(quad: Quad) -> str:
    """Write one quad as a line, the line feed included."""
    subject, predicate, value, graph = quad
    return (
        f"{subject} {predicate} {value} {graph} .\n"
        if graph
        else (f"{subject} {predicate} {value} .\n")
    )


def parse(text: str) -> list[Quad]:
    """Read N-Quads.

    Raises:
        MalformedValue: a line is no quad.
    """
    rows = (row.strip() for row in re.split(r"[\r\n]+", text))
    return [_quad(row) for row in rows if row and not row.startswith("#")]


def _quad(row: str) -> Quad:
    terms = list(_terms(row))
    if len(terms) not in (4, 5) or terms.pop() != ".":
        raise MalformedValue(f"not a quad: {row[:80]!r}")
    subject, predicate, value, graph = terms if len(terms) == 4 else (*terms, "")
    if subject.startswith('"') or not predicate.startswith("<") or graph.startswith('"'):
        raise MalformedValue(f"not a quad: {row[:80]!r}")
    return subject, predicate, value, graph


def _terms(row: str) -> Iterable[str]:
    position = 0
    while position < len(row) and not row[position:].startswith("#"):
        match = _TERM.match(row, position)
        if match is None:
            raise MalformedValue(f"not a quad: {row[:80]!r}")
        position = match.end()
        reference, blank, quoted, datatype, language, stop = match.groups()
        if reference is not None:
            yield f"<{_unescape(reference)}>"
        elif blank is not None or stop is not None:
            yield blank or stop
        else:
            yield literal(_unescape(quoted), _unescape(datatype or _STRING), language)


def _unescape(text: str) -> str:
    return _UNESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _UNSHORT.get(m[3], m[0]), text
    )
