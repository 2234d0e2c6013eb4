"""The canonical lines of many alike datasets, written in order instead of sorted.

Spec: RDFC-1.0 §4.4 and §4.6. The n-degree step is left out: where two nameless objects share a
      first-degree hash, the program gives no answer and the full algorithm decides.
Shape: lines are grouped by subject. Within a group the order is sure, whatever the texts, wherever
       no line's constant beginning is the beginning of another's; lines that are alike but for one
       text are sorted by that text; what is neither is sorted as lines.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Any

__all__ = ["Gap", "LineProgram", "Pick", "Quad", "Term", "compile_lines", "picker"]

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
class _Text:
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


_NOTHING = _Text(lambda _: (), is_sorted=True)


@dataclass(slots=True)
class _Node:
    """A nameless object: the hash of its lines (§4.6), or how to get it."""

    known: bytes
    own: Callable[[Sequence[Any]], Hashable]
    """Its texts: none of them, and the hash is known."""

    lines: _Text
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
class _Cluster:
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
class _Group:
    """The lines of one subject."""

    name: bytes | Gap
    """With a space."""

    lines: _Text
    around: tuple[bytes, ...]
    """What stands around the name, where the lines have no other gap."""


@dataclass(frozen=True, slots=True)
class LineProgram:
    """From the texts of a document to its canonical N-Quads."""

    nodes: tuple[_Node, ...]
    known: tuple[bytes, ...]
    """Their hashes; empty where they hold a text."""

    own: tuple[int, ...]
    """Which of them do."""

    clusters: tuple[_Cluster, ...]
    named: tuple[_Text, ...]
    """The lines of each subject with a name, in order unless one of the names is a text."""

    names: tuple[bytes, ...]
    """Their names, with a space: what decides between the lines of two subjects."""

    unsure: tuple[tuple[int, Gap], ...]
    """Which of the names are texts."""

    nameless: tuple[_Text, ...]
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


class _Row:
    """One line with gaps, or the beginning of one, taken apart."""

    def __init__(self, terms: Iterable[Term], labels: Mapping[bytes, int], end: bytes) -> None:
        before, self.places = b"", list[int]()
        self.pieces = list[bytes]()
        """What stands before, between and after the gaps."""

        for term in terms:
            if isinstance(term, bytes) and term not in labels:
                before += term and term + b" "
                continue
            gap = term if isinstance(term, Gap) else Gap(labels[term], b"", b"")
            self.pieces.append(before + gap.before)
            self.places.append(gap.place)
            before = gap.after + b" "
        self.pieces.append(before + end)

    @property
    def is_constant(self) -> bool:
        """Whether it has no gap."""
        return not self.places


def _pieces(rows: Iterable[_Row]) -> tuple[bytes, ...]:
    """Return what stands before, between and after the gaps of rows that follow one another."""
    pieces = [b""]
    for row in rows:
        pieces[-1] += row.pieces[0]
        pieces += row.pieces[1:]
    return tuple(pieces)


def _is_blank(term: Term) -> bool:
    return isinstance(term, bytes) and term.startswith(b"_:")


def picker(places: Sequence[int]) -> Pick:
    """Return the function from a sequence to its items at `places`."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _: ()
    (place,) = places
    return lambda values: (values[place],)


def _runs(rows: Iterable[_Row]) -> list[list[_Row]]:
    """Sort lines by their constant beginnings; those whose order only texts decide stay together.

    Between two runs the order is sure: their beginnings differ before one of them ends.
    """
    runs: list[list[_Row]] = []
    for row in sorted(rows, key=lambda row: row.pieces):
        if runs and row.pieces[0].startswith(runs[-1][0].pieces[0]):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _is_sure(run: Sequence[_Row]) -> bool:
    return len(run) == 1 or all(row.is_constant for row in run)


class _Compiler:
    """Puts a program together; what it gives out first are places for sorted clusters."""

    def __init__(self, dataset: Sequence[Quad], width: int) -> None:
        self.dataset = dataset
        nodes = {term for quad in dataset for term in quad if _is_blank(term)}
        self.nodes: list[bytes] = sorted(nodes)  # type: ignore[arg-type]  # all bytes
        self.labels = {node: width + rank for rank, node in enumerate(self.nodes)}
        self.clusters: list[_Cluster] = []
        self.constants: dict[bytes, int] = {}
        self.next = width + len(self.nodes)

    def groups(self) -> dict[Term, _Group]:
        """Return the lines of each subject."""
        rows: dict[Term, list[_Row]] = {}
        for subject, *rest in self.dataset:
            rows.setdefault(subject, []).append(_Row(rest, self.labels, b".\n"))
        return {subject: self._group(subject, found) for subject, found in rows.items()}

    def _group(self, subject: Term, rows: Iterable[_Row]) -> _Group:
        runs = _runs(rows)
        is_sorted = all([_is_sure(run) or self._is_clustered(run) for run in runs])  # noqa: C419 - each of them
        head = _Row([subject], self.labels, b"")
        lines = [part for run in runs for row in run for part in (head, row)]
        only_name = (
            is_sorted
            and _is_blank(subject)
            and {place for part in lines for place in part.places} == {*head.places}
        )
        return _Group(
            head.pieces[0] if head.is_constant else Gap(head.places[0], *head.pieces),
            self._text([] if only_name else lines, is_sorted=is_sorted),
            _pieces(lines) if only_name else (),
        )

    def _text(self, rows: Sequence[_Row], *, is_sorted: bool, are_distinct: bool = True) -> _Text:
        constants = [
            self.constants.setdefault(piece, -len(self.constants) - 1) for piece in _pieces(rows)
        ]
        order = constants[:1]
        places = [place for row in rows for place in row.places]
        for place, constant in zip(places, constants[1:], strict=True):
            order += place, constant
        return _Text(picker(order), is_sorted, are_distinct)

    def _is_clustered(self, run: Sequence[_Row]) -> bool:
        """Let lines that are alike but for one text take it out of a sorted cluster."""
        model = run[0]
        if len(model.places) != 1 or any(row.pieces != model.pieces for row in run):
            return False
        after = model.pieces[1]
        pick = picker([row.places[0] for row in run])
        self.clusters.append(_Cluster(pick, b"" if after.startswith(b" ") else after))
        for row in run:
            row.places[0] = self.next
            self.next += 1
        return True

    def node(self, node: bytes, *, remember: bool) -> _Node:
        """Return how a nameless object is hashed."""
        seen = [_seen_from(node, quad) for quad in self.dataset if node in quad]
        runs = _runs(_Row(quad, {}, b".\n") for quad in seen)
        rows = [row for run in runs for row in run]
        places = [place for row in rows for place in row.places]
        text = self._text(
            rows if places else [], is_sorted=all(map(_is_sure, runs)), are_distinct=False
        )
        known = b"" if places else sha256(b"".join(_pieces(rows))).digest()
        own = itemgetter(*places) if places else picker(places)
        return _Node(known, own, text, {}, begins_anew=remember)


def _seen_from(node: bytes, quad: Quad) -> Iterator[Term]:
    """Go through a quad as §4.6 step 3 has it: the node itself is ``_:a``, others ``_:z``."""
    for term in quad:
        yield b"_:a" if term == node else b"_:z" if _is_blank(term) else term


def compile_lines(quads: Iterable[Quad], width: int, *, remember: bool) -> LineProgram:
    """Return the program of a dataset.

    Args:
        quads: the dataset, without repetition; gaps have the places from 0 to below `width`.
        width: how many texts there are.
        remember: whether texts of nameless objects that all differ now may repeat later.
    """
    compiler = _Compiler(list(quads), width)
    groups, nodes = compiler.groups(), compiler.nodes
    named = [group for subject, group in groups.items() if not _is_blank(subject)]
    if not any(isinstance(group.name, Gap) for group in named):
        named.sort(key=lambda group: group.name)  # type: ignore[arg-type,return-value]  # all bytes
    nameless = [groups.get(node) for node in nodes]
    ranks = sorted(range(len(nodes)), key=lambda rank: f"{rank} ")
    labels = [b"_:c14n%d" % rank for rank in range(len(nodes))]
    made = [compiler.node(node, remember=remember) for node in nodes]
    names = [group.name for group in named]
    unsure = [(place, name) for place, name in enumerate(names) if isinstance(name, Gap)]
    return LineProgram(
        nodes=tuple(made),
        known=tuple(node.known for node in made),
        own=tuple(place for place, node in enumerate(made) if not node.known),
        clusters=tuple(compiler.clusters),
        named=tuple(group.lines for group in named),
        names=tuple(b"" if isinstance(name, Gap) else name for name in names),
        unsure=tuple(unsure),
        nameless=tuple(group.lines if group else _NOTHING for group in nameless),
        around=tuple(group.around if group else () for group in nameless),
        labels=tuple(labels),
        rows=tuple(labels[rank] for rank in ranks),
        by_row=picker(ranks),  # type: ignore[arg-type]  # of numbers, not of texts
        constants=tuple(reversed(compiler.constants)),
    )
