"""A compiled shape: from the terms of a document straight to its canonical N-Quads.

Spec: RDFC-1.0 §4.4 and §4.6. The n-degree step is left out: where two nameless objects share a
      first-degree hash, the program gives no answer and the full algorithm decides.
Shape: all lines of a dataset are one template, so that filling, splitting and sorting them are
      one step each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter

from badges.proofs.nquads import Quad, is_blank, line
from badges.proofs.shape import Leaf

__all__ = ["Compiled", "Program", "Role", "compile_program"]

Fill = Callable[[Sequence[str]], str]
"""From written terms to lines without their last line feed."""


MOST_HASHES = 256
"""Hashes of one nameless object that are kept: most objects of a cohort are alike."""


@dataclass(frozen=True, slots=True)
class Node:
    """A nameless object: its lines in the form §4.6 hashes."""

    pick: Callable[[Sequence[str]], tuple[str, ...]]
    """From all terms to those that stand in its lines."""

    template: str
    known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def hash(self, terms: Sequence[str]) -> str:
        """Return its first-degree hash."""
        own = self.pick(terms)
        found = self.known.get(own)
        if found is None:
            if len(self.known) >= MOST_HASHES:
                self.known.clear()
            found = self.known[own] = _first_degree(self.template % own)
        return found


@dataclass(frozen=True, slots=True)
class Program:
    """What is left to do for each document of one shape."""

    nodes: tuple["Node", ...]
    """Every nameless object."""

    lines: Fill
    """All lines, from the terms followed by the labels of the nameless objects."""

    quads: tuple[Quad, ...]
    places: Mapping[str, int]

    def run(self, terms: list[str]) -> str | None:
        """Return the canonical text, or None when the full algorithm has to decide.

        Args:
            terms: every replaceable term in its written form, in the order of compilation.
        """
        labels = self._labels(terms)
        if labels is None:
            return None
        rows = self.lines(terms + labels).split("\n")
        if len(set(rows)) != len(rows):
            return None
        rows.sort()
        return "\n".join(rows) + "\n"

    def dataset(self, terms: list[str]) -> set[Quad]:
        """Return the quads themselves, for the full algorithm."""
        places = self.places
        return {
            tuple(terms[places[term]] if term in places else term for term in quad)  # type: ignore[misc]  # four in, four out
            for quad in self.quads
        }

    def _labels(self, terms: list[str]) -> list[str] | None:
        hashes = [node.hash(terms) for node in self.nodes]
        if len(set(hashes)) != len(hashes):
            return None
        labels = [""] * len(hashes)
        for rank, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
            labels[node] = f"_:c14n{rank}"
        return labels


@dataclass(frozen=True, slots=True)
class Role:
    """How one slot is written in the dataset."""

    slot: int
    suffix: str | None
    """What follows a literal (``@en``, ``^^<…>``); None for an IRI."""

    def write(self, leaf: Leaf) -> str:
        """Return `leaf` as it stands in a quad."""
        return leaf.iri if self.suffix is None else leaf.quoted + self.suffix


@dataclass(slots=True)
class Compiled:
    """The program of one shape, with what is known of its documents."""

    roles: tuple[Role, ...]
    program: Program
    uses: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    """Checks that depend on nothing but the shape and were passed, with how often they were
    spared."""

    def terms(self, leaves: Sequence[Leaf]) -> list[str]:
        """Return the replaceable terms of a document in their written form."""
        return [role.write(leaves[role.slot]) for role in self.roles]

    def run(self, leaves: Sequence[Leaf]) -> str | None:
        """Return the canonical text, or None when the full algorithm has to decide."""
        return self.program.run(self.terms(leaves))


def compile_program(quads: Iterable[Quad], places: Mapping[str, int]) -> Program:
    """Turn the dataset of one document into the program of its shape.

    Args:
        quads: the dataset.
        places: replaceable written term → its place among the terms, from 0 without a gap.
    """
    dataset = sorted(set(quads))
    nodes = sorted({term for quad in dataset for term in quad if is_blank(term)})
    labels = {node: len(places) + rank for rank, node in enumerate(nodes)}
    return Program(
        nodes=tuple(
            _node([_seen_from(node, quad) for quad in dataset if node in quad], places)
            for node in nodes
        ),
        lines=_fill(dataset, {**places, **labels}),
        quads=tuple(dataset),
        places=dict(places),
    )


def _seen_from(node: str, quad: Quad) -> Quad:
    """§4.6 step 3: the node itself is ``_:a``, every other nameless one ``_:z``."""
    subject, predicate, value, graph = (
        "_:a" if term == node else "_:z" if is_blank(term) else term for term in quad
    )
    return subject, predicate, value, graph


def _node(quads: Sequence[Quad], places: Mapping[str, int]) -> Node:
    return Node(_picker(quads, places), _template(quads, places))


def _fill(quads: Sequence[Quad], places: Mapping[str, int]) -> Fill:
    pick, template = _picker(quads, places), _template(quads, places)
    return lambda terms: template % pick(terms)


def _picker(
    quads: Sequence[Quad], places: Mapping[str, int]
) -> Callable[[Sequence[str]], tuple[str, ...]]:
    wanted = [places[term] for quad in quads for term in quad if term in places]
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return lambda terms: tuple(terms[place] for place in wanted)


def _template(quads: Sequence[Quad], places: Mapping[str, int]) -> str:
    return "".join(line(_with_gaps(quad, places)) for quad in quads)[:-1]


def _with_gaps(quad: Quad, places: Mapping[str, int]) -> Quad:
    subject, predicate, value, graph = (
        "%s" if term in places else term.replace("%", "%%") for term in quad
    )
    return subject, predicate, value, graph


def _first_degree(text: str) -> str:
    return sha256(("\n".join(sorted(text.split("\n"))) + "\n").encode()).hexdigest()
