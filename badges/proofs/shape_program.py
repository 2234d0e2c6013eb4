"""A compiled shape: from the leaves of a document straight to its canonical N-Quads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from badges.proofs.line_compiler import compile_lines
from badges.proofs.line_program import Gap, LineProgram, Pick, Term, picker
from badges.proofs.nquads import Quad
from badges.proofs.shape import Leaf
from badges.proofs.spared import Clearance

__all__ = ["Compiled", "Role", "compile_shape", "forms_of"]


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

    quads: tuple[Quad, ...]
    roles: Mapping[str, Role]
    """Written term of the dataset → what stands for it in other documents."""

    lines: LineProgram
    forms: Pick
    """From literal and IRI of each leaf, one after the other, to those the lines want."""

    uses: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    """Checks that depend on nothing but the shape and were passed, with how often they were
    spared."""

    clearances: dict[str, Clearance] = field(default_factory=dict)
    """What is known of checks on documents of this shape."""

    def run(self, forms: Sequence[bytes]) -> bytes | None:
        """Return the canonical text, or None when the full algorithm has to decide.

        `forms` are literal and IRI of each leaf, one after the other.
        """
        return self.lines.run(self.forms(forms))

    def dataset(self, leaves: Sequence[Leaf]) -> set[Quad]:
        """Return the quads themselves, for the full algorithm."""
        roles = self.roles
        return {
            tuple(roles[t].write(leaves[roles[t].slot]) if t in roles else t for t in quad)  # type: ignore[misc]  # four in, four out
            for quad in self.quads
        }


def forms_of(leaves: Sequence[Leaf]) -> list[bytes]:
    """Return literal and IRI of each leaf, one after the other."""
    return [form.encode() for leaf in leaves for form in (leaf.quoted, leaf.iri)]


def compile_shape(quads: Iterable[Quad], roles: Mapping[str, Role]) -> Compiled:
    """Turn the dataset of one document into the program of its shape."""
    dataset = tuple(sorted(set(quads)))
    wanted = sorted({(role.slot, role.suffix is None) for role in roles.values()})
    places = {form: place for place, form in enumerate(wanted)}

    def gap(written: str) -> Term:
        role = roles.get(written)
        if role is None:
            return written.encode()
        place = places[role.slot, role.suffix is None]
        return Gap(place, b"", (role.suffix or "").encode())

    return Compiled(
        dataset,
        dict(roles),
        compile_lines([_gapped(quad, gap) for quad in dataset], len(wanted), remember=True),
        picker([slot * 2 + is_iri for slot, is_iri in wanted]),
    )


def _gapped(quad: Quad, gap: Callable[[str], Term]) -> tuple[Term, Term, Term, Term]:
    subject, predicate, value, graph = map(gap, quad)
    return subject, predicate, value, graph
