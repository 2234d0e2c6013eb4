"""The canonical lines of many alike datasets, written in order instead of sorted.

Spec: RDFC-1.0 §4.4 and §4.6. The n-degree step is left out: where two nameless objects share a
      first-degree hash, the program gives no answer and the full algorithm decides.
Shape: lines are grouped by subject. Within a group the order is sure, whatever the texts, wherever
       no line's constant beginning is the beginning of another's; lines that are alike but for one
       text are sorted by that text; what is neither is sorted as lines.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Any

__all__ = ["Cluster", "Gap", "LineProgram", "Lines", "Node", "Pick", "Quad", "Term", "picker"]

MOST_HASHES = 256
"""Hashes of one nameless object that are kept: of a cohort, most are alike or all differ."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place in the dataset where a text of the document goes."""

    place: int
    """Which of the texts."""

    before: bytes
    after: bytes


Term = bytes | Gap
"""A written term; nameless objects are ``_:…``."""

Quad = tuple[Term, Term, Term, Term]

Values = Sequence[bytes]
"""The texts, the labels of the nameless objects after them, and then the sorted clusters; what is
constant stands at the end, and is counted from there."""

Pick = Callable[[Sequence[Any]], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with gaps; `is_sorted` is whether they stand in order whatever fills the gaps."""

    pick: Pick
    """What is constant and what fills the gaps, in turn."""

    is_sorted: bool
    are_distinct: bool = True
    """Whether two equal lines are a reason to give up."""

    def fill(self, values: Values) -> bytes | None:
        """Return the lines in order; None when two are equal that must not be."""
        text = b"".join(self.pick(values))
        if self.is_sorted:
            return text
        rows = text.split(b"\n")
        del rows[-1]
        if self.are_distinct and len(set(rows)) != len(rows):
            return None
        rows.sort()
        rows.append(b"")
        return b"\n".join(rows)


@dataclass(slots=True)
class Node:
    """A nameless object: the hash of its lines (§4.6), or how to get it."""

    known: bytes
    own: Callable[[Sequence[Any]], Hashable]
    """Its texts: none of them, and the hash is known."""

    lines: Lines
    remembered: dict[Hashable, bytes] | None
    """Its hashes by its texts; None since too many differed."""

    begins_anew: bool
    """Whether to forget what was remembered when it is too much, and go on."""

    def hash(self, values: Values) -> bytes:
        """Return its first-degree hash; empty when the full algorithm has to find it."""
        remembered = self.remembered
        if remembered is None:
            return self._hash(values)
        own = self.own(values)
        found = remembered.get(own)
        if found is None:
            found = remembered[own] = self._hash(values)
            if len(remembered) >= MOST_HASHES:
                self.remembered = {} if self.begins_anew else None
        return found

    def _hash(self, values: Values) -> bytes:
        text = self.lines.fill(values)
        return b"" if text is None else sha256(text).digest()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that stand in lines which are otherwise alike: they go there in order."""

    pick: Pick
    after: bytes
    """What follows the text in its line, which counts for the order; empty where it does not: where
    one whole term begins another, it is a label."""

    def sorted(self, values: Values) -> list[bytes]:
        """Return the texts in the order of their lines; none when two are equal."""
        after, texts = self.after, self.pick(values)
        if len({*texts}) != len(texts):
            return []
        return sorted(texts, key=lambda text: text + after) if after else sorted(texts)


@dataclass(frozen=True, slots=True)
class LineProgram:
    """From the texts of a document to its canonical N-Quads."""

    nodes: tuple[Node, ...]
    known: tuple[bytes, ...]
    """Their hashes; empty where they hold a text."""

    own: tuple[int, ...]
    """Which of them do."""

    clusters: tuple[Cluster, ...]
    named: tuple[Lines, ...]
    """The lines of each subject with a name, in order unless one of the names is a text."""

    names: tuple[bytes, ...]
    """Their names, with a space: what decides between the lines of two subjects."""

    unsure: tuple[tuple[int, Gap], ...]
    """Which of the names are texts."""

    nameless: tuple[Lines, ...]
    """The lines of each nameless object, if it is a subject."""

    around: tuple[tuple[bytes, ...], ...]
    """What stands around its label, for those whose lines have no other gap."""

    labels: tuple[bytes, ...] = field(repr=False)
    rows: tuple[bytes, ...] = field(repr=False)
    """The labels in order as texts: 0, 1, 10, 11, 2 …"""

    by_row: Callable[[Sequence[int]], tuple[int, ...]]
    """From the nameless objects in the order of their labels to that order."""

    constants: tuple[bytes, ...] = field(repr=False)
    """What stands between the gaps."""

    def run(self, texts: tuple[bytes, ...]) -> bytes | None:
        """Return the canonical text, or None when the full algorithm has to decide."""
        hashes, values = [*self.known], [*texts, *self.constants]
        for place in self.own:
            hashes[place] = self.nodes[place].hash(values)
        if len({*hashes}) != len(hashes) or not all(hashes):
            return None
        ranked = sorted(range(len(hashes)), key=hashes.__getitem__)
        given = [b""] * len(hashes)
        for node, label in zip(ranked, self.labels, strict=True):
            given[node] = label
        values = [*texts, *given]
        for cluster in self.clusters:
            found = cluster.sorted(values)
            if not found:
                return None
            values += found
        values += self.constants
        rows = self._of_named(values)
        if rows is None:
            return None
        rows += self._of_nameless(values, ranked)
        return None if None in rows else b"".join(rows)  # type: ignore[arg-type]  # None is out

    def _of_named(self, values: Values) -> list[bytes | None] | None:
        rows = [lines.fill(values) for lines in self.named]
        if self.unsure:
            names = [*self.names]
            for place, gap in self.unsure:
                names[place] = gap.before + values[gap.place] + gap.after
            if len({*names}) != len(names):
                return None
            rows = [rows[place] for place in sorted(range(len(names)), key=names.__getitem__)]
        return rows

    def _of_nameless(self, values: Values, ranked: Sequence[int]) -> list[bytes | None]:
        around, nameless = self.around, self.nameless
        return [  # where its label alone goes between, that takes a third of the time
            label.join(parts) if (parts := around[node]) else nameless[node].fill(values)
            for label, node in zip(self.rows, self.by_row(ranked), strict=True)
        ]


def picker(places: Sequence[int]) -> Pick:
    """Return the function from a sequence to its items at `places`."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _: ()
    (place,) = places
    return lambda values: (values[place],)
