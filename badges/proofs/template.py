"""An achievement template: the documents of one achievement, down to what is each recipient's own.

Two documents of one compiled shape show which leaves differ from recipient to recipient. The rest
is constant: it stands in the JSON text as it is, its lines are written beforehand, and a nameless
object without a recipient's text has its hash already.

Shape: all in UTF-8 bytes. A text that fits a gap needs no escape, neither in JSON nor in N-Quads,
       so it goes from the one to the other as it stands.
What keeps it honest: a document fits only if its shape is the compiled one: each gap holds a text
of the same scheme that is no word of a context, equal to no other text of the document. What does
not fit, or ties, is left to the shape memo.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from badges.proofs.line_compiler import compile_lines
from badges.proofs.line_program import Gap, LineProgram, Quad, Term
from badges.proofs.spared import Clearance

__all__ = ["Template", "compile_template"]

Texts = tuple[bytes, ...]

_IRI = rb"[!#-;=?-\[\]_a-z~]*"
"""ASCII characters of an IRI; others are left to the shape memo."""

_LITERAL = rb'(?!@|_:|[A-Za-z][A-Za-z0-9+.\-]*:)[^"\\\x00-\x1f\x7f]*'
"""A text that is no IRI, no keyword and no blank node, and is written as it stands."""


@dataclass(frozen=True, slots=True)
class Template:
    """What is left to do for each recipient."""

    constant: tuple[bytes, ...]
    """The JSON text before each gap: all up to the quotation mark that opens the gap's text."""

    end: bytes
    """The JSON text after the last gap, from the quotation mark that closes it."""

    pattern: re.Pattern[bytes]
    """What the gaps may hold, with quotation marks between: a text holds none itself."""

    taken: frozenset[bytes]
    """Texts that no gap may hold: the words of the contexts, and the constant texts."""

    slots: tuple[int, ...]
    """The slot of each text."""

    lines: LineProgram
    clearances: dict[str, Clearance] = field(default_factory=dict)
    """What is known of checks on these documents."""

    restless: dict[str, set[int]] = field(default_factory=dict)
    """By family of checks: which rules take out texts that differ from document to document."""

    def read(self, data: bytes) -> Texts | None:
        """Return the recipient's own texts of a document in compact JSON; None: it does not fit."""
        held = self._held(data)
        match = None if held is None else self.pattern.fullmatch(b'"'.join(held))
        if match is None:
            return None
        texts = match.groups()
        fits = len(set(texts)) == len(texts) and self.taken.isdisjoint(texts)
        return texts if fits else None

    def _held(self, data: bytes) -> list[bytes] | None:
        """Return what stands between the constant parts: each gap ends at a quotation mark."""
        texts, at = list[bytes](), 0
        for constant in self.constant:
            if not data.startswith(constant, at):
                return None
            begin = at + len(constant)
            at = data.find(b'"', begin)
            if at < 0:
                return None
            texts.append(data[begin:at])
        return texts if data[at:] == self.end else None

    def run(self, texts: Texts) -> bytes | None:
        """Return the canonical N-Quads, or None when the full algorithm has to decide."""
        return self.lines.run(texts)


def compile_template(
    parts: Sequence[bytes | int],
    schemes: Mapping[int, str],
    quads: Sequence[Quad],
    taken: frozenset[bytes],
) -> Template:
    """Put a template together.

    Args:
        parts: the JSON text, where a number stands for the text of that slot.
        schemes: the scheme of each slot's text; empty for a text that is no IRI.
        quads: the dataset, where the place of a gap is a slot.
        taken: texts that no gap may hold.
    """
    order = list(dict.fromkeys(part for part in parts if isinstance(part, int)))
    places = {slot: place for place, slot in enumerate(order)}

    def placed(term: Term) -> Term:
        return replace(term, place=places[term.place]) if isinstance(term, Gap) else term

    placed_quads = [(placed(s), placed(p), placed(o), placed(g)) for s, p, o, g in quads]
    pieces = _constant(parts)
    return Template(
        constant=tuple(pieces[:-1]),
        end=pieces[-1],
        pattern=re.compile(b'"'.join(_patterns(parts, schemes, places))),
        taken=taken,
        slots=tuple(order),
        lines=compile_lines(placed_quads, len(order), remember=False),
    )


def _constant(parts: Sequence[bytes | int]) -> list[bytes]:
    """Return what stands before, between and after the gaps."""
    pieces = [b""]
    for part in parts:
        if isinstance(part, bytes):
            pieces[-1] += part
        else:
            pieces.append(b"")
    return pieces


def _patterns(
    parts: Sequence[bytes | int], schemes: Mapping[int, str], places: Mapping[int, int]
) -> Iterator[bytes]:
    seen: set[int] = set()
    for part in parts:
        if isinstance(part, bytes):
            continue
        if part in seen:
            yield b"(?:\\%d)" % (places[part] + 1)
        else:
            seen.add(part)
            scheme = schemes[part].encode()
            more = b"" if scheme.endswith(b"//") else b"(?!//)"
            yield b"(" + (re.escape(scheme) + more + _IRI if scheme else _LITERAL) + b")"
