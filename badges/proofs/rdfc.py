"""RDFC-1.0: give every blank node the name it would get anywhere, within a budget of work.

Spec: RDF Dataset Canonicalization 1.0, §4.4 (algorithm), §4.6 (first degree), §4.7 (related),
      §4.8 (n-degree). PyLD has URDNA2015 only, without a work limit and with other escapes.
Shape: quads in, sorted lines out; the hash is SHA-256 unless a suite says SHA-384.
"""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import permutations

from badges.errors import BudgetExceeded
from badges.proofs.budget import BUDGET, Budget, Work
from badges.proofs.nquads import Quad, is_blank, line

__all__ = ["canonical_labels", "canonical_lines", "relabel"]

MAX_RECURSION = 128
"""Most levels of §4.8; each is one more look-alike node on a path."""

_Issued = dict[str, str]
"""Blank node → the identifier issued for it, in the order of issuing (§4.5)."""


def canonical_lines(
    quads: Iterable[Quad], *, hash_name: str = "sha256", budget: Budget = BUDGET
) -> list[str]:
    """Return the canonical N-Quads lines of a dataset, sorted, each with its line feed.

    Raises:
        BudgetExceeded: too many quads, too many blank nodes, or too much work.
    """
    dataset = set(quads)
    labels = canonical_labels(dataset, hash_name=hash_name, budget=budget)
    return sorted(line(relabel(quad, labels)) for quad in dataset)


def canonical_labels(
    quads: Iterable[Quad], *, hash_name: str = "sha256", budget: Budget = BUDGET
) -> Mapping[str, str]:
    """Return the canonical label (``_:c14n0`` …) of every blank node.

    Raises:
        BudgetExceeded: too many quads, too many blank nodes, or too much work.
    """
    dataset = set(quads)
    if len(dataset) > budget.quads:
        raise BudgetExceeded(f"more than {budget.quads} statements")
    run = _Run(dataset, hash_name, Work(budget.work))
    if len(run.quads_of) > budget.blank_nodes:
        raise BudgetExceeded(f"more than {budget.blank_nodes} nameless objects")
    return run.issue_all()


def relabel(quad: Quad, labels: Mapping[str, str]) -> Quad:
    """Return `quad` with its blank nodes renamed."""
    subject, predicate, value, graph = quad
    return (
        labels.get(subject, subject),
        predicate,
        labels.get(value, value),
        labels.get(graph, graph),
    )


class _Run:
    """One canonicalization: its state (§4.3) and its steps."""

    def __init__(self, quads: Iterable[Quad], hash_name: str, work: Work) -> None:
        self.hash_name = hash_name
        self.work = work
        self.canonical: _Issued = {}
        self.first_degree: dict[str, str] = {}
        self.quads_of: dict[str, list[Quad]] = {}
        for quad in quads:
            for node in {term for term in quad if is_blank(term)}:
                self.quads_of.setdefault(node, []).append(quad)

    def issue_all(self) -> _Issued:
        """Steps 3 to 5 of §4.4."""
        groups: dict[str, list[str]] = {}
        for node in self.quads_of:
            self.first_degree[node] = self._hash_first_degree(node)
            groups.setdefault(self.first_degree[node], []).append(node)
        for digest, nodes in sorted(groups.items()):
            if len(nodes) == 1:
                _issue(self.canonical, nodes[0], "_:c14n")
                del groups[digest]
        for _, nodes in sorted(groups.items()):
            self._issue_group(nodes)
        return self.canonical

    def _issue_group(self, nodes: list[str]) -> None:
        results = [
            self._hash_n_degree(node, {node: "_:b0"}, 0)
            for node in nodes
            if node not in self.canonical
        ]
        for _, issued in sorted(results, key=lambda result: result[0]):
            for node in issued:
                _issue(self.canonical, node, "_:c14n")

    def _digest(self, text: str) -> str:
        return hashlib.new(self.hash_name, text.encode()).hexdigest()

    def _hash_first_degree(self, node: str) -> str:
        marks = {node: "_:a"}
        lines = sorted(
            line(
                (
                    _mark(subject, marks),
                    predicate,
                    _mark(value, marks),
                    _mark(graph, marks),
                )
            )
            for subject, predicate, value, graph in self.quads_of[node]
        )
        return self._digest("".join(lines))

    def _related(self, node: str, issued: _Issued) -> list[tuple[str, list[str]]]:
        """§4.8 steps 1 to 3, with §4.7 inside: neighbours by the hash of how they relate."""
        related: dict[str, list[str]] = {}
        for subject, predicate, value, graph in self.quads_of[node]:
            for position, term in (("s", subject), ("o", value), ("g", graph)):
                if term == node or not is_blank(term):
                    continue
                self.work.spend()
                name = self.canonical.get(term) or issued.get(term) or self.first_degree[term]
                relation = predicate if position != "g" else ""
                digest = self._digest(position + relation + name)
                related.setdefault(digest, []).append(term)
        return sorted(related.items())

    def _hash_n_degree(self, node: str, issued: _Issued, level: int) -> tuple[str, _Issued]:
        """§4.8: the hash of what surrounds `node`, and the names given on the way."""
        if level > MAX_RECURSION:
            raise BudgetExceeded("its nameless objects are too entangled to tell apart in time")
        text = ""
        for digest, nodes in self._related(node, issued):
            chosen, issued = self._shortest_path(nodes, issued, level)
            text += digest + chosen
        return self._digest(text), issued

    def _shortest_path(self, nodes: list[str], issued: _Issued, level: int) -> tuple[str, _Issued]:
        chosen, chosen_issued = "", issued
        for permutation in permutations(nodes):
            self.work.spend(1 + len(permutation) + len(issued) // 8)
            found = self._path(permutation, dict(issued), chosen, level)
            if found is not None and (not chosen or found[0] < chosen):
                chosen, chosen_issued = found
        return chosen, chosen_issued

    def _path(
        self, permutation: tuple[str, ...], issued: _Issued, chosen: str, level: int
    ) -> tuple[str, _Issued] | None:
        """§4.8 steps 5.4.4 and 5.4.5; None as soon as the path cannot win any more."""
        path, recursion = "", []
        for node in permutation:
            if node in self.canonical:
                path += self.canonical[node]
            else:
                if node not in issued:
                    recursion.append(node)
                path += _issue(issued, node, "_:b")
            if _cannot_win(path, chosen):
                return None
        for node in recursion:
            digest, deeper = self._hash_n_degree(node, issued, level + 1)
            path += f"{_issue(issued, node, '_:b')}<{digest}>"
            issued = deeper
            if _cannot_win(path, chosen):
                return None
        return path, issued


def _issue(issued: _Issued, node: str, prefix: str) -> str:
    return issued.setdefault(node, f"{prefix}{len(issued)}")


def _mark(term: str, marks: Mapping[str, str]) -> str:
    return marks.get(term, "_:z") if is_blank(term) else term


def _cannot_win(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
