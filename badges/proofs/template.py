"""An achievement template: the documents of one achievement, down to what is each recipient's own.

Two documents of one compiled shape show which leaves differ from recipient to recipient. The rest
is constant: it is one pattern over the JSON text, its lines are written beforehand, and a nameless
object without a recipient's text has its hash already.

Shape: all in UTF-8 bytes. A text that fits a gap needs no escape, neither in JSON nor in N-Quads,
       so it goes from the one to the other as it stands.
What keeps it honest: a document fits only if its shape is the compiled one: each gap holds a text
of the same scheme that is no word of a context, equal to no other text of the document. What does
not fit, or ties, is left to the shape memo.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter

from badges.proofs.nquads import Quad, is_blank, line

__all__ = ["Gap", "Template", "compile_template"]

Texts = tuple[bytes, ...]

_IRI = rb"[!#-;=?-\[\]_a-z~]*"
"""ASCII characters of an IRI; others are left to the shape memo."""

_LITERAL = rb'(?!@|_:|[A-Za-z][A-Za-z0-9+.\-]*:)[^"\\\x7f]*'
"""A text that is no IRI, no keyword and no blank node, and is written as it stands."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One replaceable term of the dataset."""

    slot: int
    """Which of the recipient's texts goes there."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Node:
    """A nameless object: the hash of its lines, or how to get it."""

    known: str
    fill: Callable[[Texts], bytes] | None


@dataclass(frozen=True, slots=True)
class Template:
    """What is left to do for each recipient."""

    pattern: re.Pattern[bytes]
    taken: frozenset[bytes]
    """Texts that no gap may hold: the words of the contexts, and the constant texts."""

    nodes: tuple[_Node, ...]
    lines: Callable[[Texts], bytes]

    def read(self, data: bytes) -> Texts | None:
        """Return the recipient's own texts of a document in compact JSON; None: it does not fit."""
        match = self.pattern.fullmatch(data)
        if match is None:
            return None
        texts = match.groups()
        fits = len(set(texts)) == len(texts) and self.taken.isdisjoint(texts)
        return texts if fits else None

    def run(self, texts: Texts) -> bytes | None:
        """Return the canonical N-Quads, or None when the full algorithm has to decide."""
        hashes = [
            node.known if node.fill is None else _hash(node.fill(texts)) for node in self.nodes
        ]
        if len(set(hashes)) != len(hashes):
            return None
        labels = [b""] * len(hashes)
        for rank, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
            labels[node] = b"_:c14n%d" % rank
        rows = self.lines((*texts, *labels)).split(b"\n")
        if len(set(rows)) != len(rows):
            return None
        rows.sort()
        rows.append(b"")
        return b"\n".join(rows)


def compile_template(
    parts: Sequence[bytes | int],
    schemes: Mapping[int, str],
    quads: Sequence[tuple[str | Gap, ...]],
    taken: frozenset[bytes],
) -> Template:
    """Put a template together.

    Args:
        parts: the JSON text, where a number stands for the text of that slot.
        schemes: the scheme of each slot's text; empty for a text that is no IRI.
        quads: the dataset, where a gap stands for a replaceable term.
        taken: texts that no gap may hold.
    """
    order = list(dict.fromkeys(part for part in parts if isinstance(part, int)))
    places = {slot: place for place, slot in enumerate(order)}
    nodes = sorted({t for quad in quads for t in quad if isinstance(t, str) and is_blank(t)})
    labels = {node: len(order) + rank for rank, node in enumerate(nodes)}
    return Template(
        pattern=re.compile(b"".join(_pattern(parts, schemes, places)), re.DOTALL),
        taken=taken,
        nodes=tuple(_node(node, quads, places) for node in nodes),
        lines=_fill([_labelled(quad, labels) for quad in quads], places),
    )


def _pattern(
    parts: Sequence[bytes | int], schemes: Mapping[int, str], places: Mapping[int, int]
) -> Iterator[bytes]:
    seen: set[int] = set()
    for part in parts:
        if isinstance(part, bytes):
            yield re.escape(part)
        elif part in seen:
            yield b"(?:\\%d)" % (places[part] + 1)
        else:
            seen.add(part)
            scheme = schemes[part].encode()
            more = b"" if scheme.endswith(b"//") else b"(?!//)"
            yield b"(" + (re.escape(scheme) + more + _IRI if scheme else _LITERAL) + b")"


def _node(node: str, quads: Sequence[tuple[str | Gap, ...]], places: Mapping[int, int]) -> _Node:
    """§4.6 of RDFC-1.0, step 3: the node itself is ``_:a``, every other nameless one ``_:z``."""
    seen = [
        tuple(
            "_:a" if t == node else "_:z" if isinstance(t, str) and is_blank(t) else t for t in quad
        )
        for quad in quads
        if node in quad
    ]
    fill = _fill(seen, places)
    if any(isinstance(term, Gap) for quad in seen for term in quad):
        return _Node("", fill)
    return _Node(_hash(fill(())), None)


def _labelled(quad: tuple[str | Gap, ...], labels: Mapping[str, int]) -> tuple[str | Gap, ...]:
    return tuple(
        Gap(-1 - labels[term], "", "") if isinstance(term, str) and term in labels else term
        for term in quad
    )


def _fill(
    quads: Sequence[tuple[str | Gap, ...]], places: Mapping[int, int]
) -> Callable[[Texts], bytes]:
    """Return the function from texts (and labels after them) to lines, without the last feed."""
    gaps = [term for quad in quads for term in quad if isinstance(term, Gap)]
    wanted = [places[gap.slot] if gap.slot >= 0 else -1 - gap.slot for gap in gaps]
    template = "".join(line(_with_gaps(quad)) for quad in quads)[:-1].encode()
    if not wanted:
        text = template % ()
        return lambda _: text
    if len(wanted) == 1:
        place = wanted[0]
        return lambda texts: template % texts[place]
    pick = itemgetter(*wanted)
    return lambda texts: template % pick(texts)


def _with_gaps(quad: tuple[str | Gap, ...]) -> Quad:
    subject, predicate, value, graph = (
        f"{_plain(term.before)}%s{_plain(term.after)}" if isinstance(term, Gap) else _plain(term)
        for term in quad
    )
    return subject, predicate, value, graph


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def _hash(text: bytes) -> str:
    rows = text.split(b"\n")
    rows.sort()
    rows.append(b"")
    return sha256(b"\n".join(rows)).hexdigest()
