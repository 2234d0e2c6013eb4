"""The one JSON-LD door: a document becomes the bytes that are hashed and signed.

Spec: RDFC-1.0 over the RDF dataset of JSON-LD 1.1, in the safe mode of VC Data Integrity §2.4.2.
Steps: measure (budget) → expand (meaning by PyLD, nothing unsigned survives) → label blank nodes
       (RDFC-1.0) → sorted N-Quads lines → bytes. Each step stands alone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from badges.errors import MalformedCredential
from badges.proofs import nquads, rdfc
from badges.proofs.budget import BUDGET, Budget, measure
from badges.proofs.nquads import Quad

if TYPE_CHECKING:
    from badges.proofs.expansion import Expansion

__all__ = [
    "canonical_lines",
    "canonicalize",
    "canonicalize_nquads",
    "expand",
    "to_quads",
]


def canonicalize(
    document: Mapping[str, Any],
    *,
    budget: Budget = BUDGET,
    contexts: Mapping[str, str] | None = None,
    hash_name: str = "sha256",
) -> bytes:
    """Return the canonical N-Quads of `document`.

    `contexts` picks older texts: URL → digest of one of ``contexts.loader.vintages(url)``.

    Raises:
        DataLoss: part of the document would not be signed; the message names the place.
        BudgetExceeded: it is too big or too entangled.
        UnknownContext: it uses a context that we do not hold.
        MalformedCredential: it is not JSON-LD.
        MalformedValue: it holds something that cannot be written down.
    """
    quads = to_quads(document, budget=budget, contexts=contexts)
    return "".join(canonical_lines(quads, budget=budget, hash_name=hash_name)).encode()


def canonical_lines(
    quads: tuple[Quad, ...], *, budget: Budget = BUDGET, hash_name: str = "sha256"
) -> list[str]:
    """Return the canonical lines of a dataset, sorted.

    Raises:
        BudgetExceeded: it is too big or too entangled.
    """
    return rdfc.canonical_lines(quads, budget=budget, hash_name=hash_name)


def to_quads(
    document: Mapping[str, Any],
    *,
    budget: Budget = BUDGET,
    contexts: Mapping[str, str] | None = None,
) -> tuple[Quad, ...]:
    """Return the RDF dataset of `document`. Raises as `canonicalize` does."""
    return expand(document, budget=budget, contexts=contexts).quads


def expand(
    document: Mapping[str, Any],
    *,
    budget: Budget = BUDGET,
    contexts: Mapping[str, str] | None = None,
) -> "Expansion":
    """Return what `document` means and how it was spelled. Raises as `canonicalize` does."""
    if not isinstance(document, Mapping):
        raise MalformedCredential("a document is one JSON object")
    measure(document, budget)
    from badges.proofs import expansion  # noqa: PLC0415 - PyLD takes long to import

    return expansion.expand(document, contexts or {})


def canonicalize_nquads(text: str, *, budget: Budget = BUDGET, hash_name: str = "sha256") -> bytes:
    """Return the canonical form of N-Quads.

    Raises:
        MalformedValue: a line is no quad.
        BudgetExceeded: it is too big or too entangled.
    """
    lines = rdfc.canonical_lines(nquads.parse(text), budget=budget, hash_name=hash_name)
    return "".join(lines).encode()
