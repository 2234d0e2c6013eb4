"""A document that was recognised: of which shape or template it is, and what is its own.

Shape: whoever recognises one asks nothing of it but its canonical text, and keeps with it what is
known of checks on all documents like it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from badges.proofs.shape_program import Compiled
from badges.proofs.spared import Clearance
from badges.proofs.template import Template
from badges.proofs.template_shelf import Series

__all__ = ["ShapeSight", "Sight", "TemplateSight"]


@dataclass(frozen=True, slots=True)
class ShapeSight:
    """A document of a compiled shape: every leaf is its own."""

    compiled: Compiled
    texts: tuple[bytes, ...]
    """What is its own, as it stands in JSON: the text of each slot."""

    forms: Sequence[bytes]
    """Literal and IRI of each text, one after the other."""

    @property
    def slots(self) -> Sequence[int]:
        """The slot of each text."""
        return range(len(self.texts))

    @property
    def clearances(self) -> dict[str, Clearance]:
        """What is known of checks on documents like it."""
        return self.compiled.clearances

    def use(self) -> int:
        """Return how many documents went this way before."""
        self.compiled.uses += 1
        return self.compiled.uses - 1

    def run(self) -> bytes | None:
        """Return the canonical N-Quads, or None when the full algorithm has to decide."""
        return self.compiled.run(self.forms)


@dataclass(slots=True)
class TemplateSight:
    """A document of a template: its own are the texts of the gaps."""

    series: Series
    template: Template
    texts: tuple[bytes, ...]

    written: bytes | None = None
    """Its canonical N-Quads, once they were asked for: to sign it, and to look at the signature."""

    @property
    def compiled(self) -> Compiled:
        """Its shape."""
        return self.series.compiled

    @property
    def slots(self) -> Sequence[int]:
        """The slot of each text."""
        return self.template.slots

    @property
    def clearances(self) -> dict[str, Clearance]:
        """What is known of checks on documents like it."""
        return self.template.clearances

    def use(self) -> int:
        """Return how many documents went this way before."""
        self.series.uses += 1
        return self.series.uses - 1

    def run(self) -> bytes | None:
        """Return the canonical N-Quads, or None when the full algorithm has to decide."""
        return self.template.run(self.texts)


Sight = ShapeSight | TemplateSight
