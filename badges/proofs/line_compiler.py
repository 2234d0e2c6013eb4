"""From the lines of a dataset with gaps to the program that writes them (`line_program`).

Spec: RDFC-1.0 §4.4 and §4.6.
Shape: lines become constant pieces with gaps between them, sorted by their constant beginnings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter

from badges.proofs.line_program import Cluster, Gap, LineProgram, Lines, Node, Quad, Term, picker

__all__ = ["compile_lines"]


@dataclass(frozen=True, slots=True)
class _Group:
    """The lines of one subject."""

    name: bytes | Gap
    """With a space."""

    lines: Lines
    around: tuple[bytes, ...]
    """What stands around the name, where the lines have no other gap."""


_NOTHING = Lines(lambda _: (), is_sorted=True)


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
        self.clusters: list[Cluster] = []
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

    def _text(self, rows: Sequence[_Row], *, is_sorted: bool, are_distinct: bool = True) -> Lines:
        constants = [
            self.constants.setdefault(piece, -len(self.constants) - 1) for piece in _pieces(rows)
        ]
        order = constants[:1]
        places = [place for row in rows for place in row.places]
        for place, constant in zip(places, constants[1:], strict=True):
            order += place, constant
        return Lines(picker(order), is_sorted, are_distinct)

    def _is_clustered(self, run: Sequence[_Row]) -> bool:
        """Let lines that are alike but for one text take it out of a sorted cluster."""
        model = run[0]
        if len(model.places) != 1 or any(row.pieces != model.pieces for row in run):
            return False
        after = model.pieces[1]
        pick = picker([row.places[0] for row in run])
        self.clusters.append(Cluster(pick, b"" if after.startswith(b" ") else after))
        for row in run:
            row.places[0] = self.next
            self.next += 1
        return True

    def node(self, node: bytes, *, remember: bool) -> Node:
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
        return Node(known, own, text, {}, begins_anew=remember)


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
