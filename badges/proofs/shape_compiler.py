"""Compiling a shape: where in the dataset each text of a document ends, found with sentinels.

Shape: PyLD gets the document once more with a random *sentinel* in the place of each leaf. A leaf
that PyLD rewrites, or that decides structure, keeps its text; one that never reaches the dataset is
not signed, and the document is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from badges.errors import BadgeError, DataLoss
from badges.proofs.nquads import Quad
from badges.proofs.shape import Outline, Texts, rewrite
from badges.proofs.shape_program import Compiled, Role, compile_shape, forms_of

__all__ = ["Canonical", "Dataset", "ShapeCompiler"]

Dataset = Callable[[Mapping[str, Any]], set[Quad]]
"""The long way, first half: a document to its quads, safely."""

Canonical = Callable[[set[Quad]], str]
"""The long way, second half: quads to canonical text."""

ROUNDS = 6
"""Most passes to find the leaves that must stay; more means the shape is too odd."""


class ShapeCompiler:
    """Asks the long way what a shape means.

    Args:
        dataset: document → quads; raises what is wrong with the document.
        canonical: quads → canonical text.
        texts: which texts are leaves.
        nonce: random letters and digits that stand in no document.
    """

    def __init__(self, dataset: Dataset, canonical: Canonical, texts: Texts, nonce: str) -> None:
        self._dataset = dataset
        self._canonical = canonical
        self._texts = texts
        self._nonce = nonce

    def fixed(self, document: Mapping[str, Any], taken: Outline) -> tuple[int, ...]:
        """Find the slots that must keep their text: those not in the dataset as they stand."""
        written = {term for quad in self._dataset(document) for term in quad}
        quoted = {term[: term.rindex('"') + 1] for term in written if term.startswith('"')}
        fixed = {
            slot
            for slot, leaf in enumerate(taken.leaves)
            if leaf.quoted not in quoted and leaf.iri not in written
        }
        for _ in range(ROUNDS):
            try:
                quads = self._dataset(self._with_sentinels(document, taken, fixed))
            except BadgeError:
                return tuple(range(len(taken.leaves)))
            found, spoilt = self._sentinels_in(quads, taken)
            wrong = spoilt | ({*range(len(taken.leaves))} - fixed - found)
            if not wrong:
                return tuple(sorted(fixed))
            fixed |= wrong
        return tuple(range(len(taken.leaves)))

    def _sentinels_in(self, quads: set[Quad], taken: Outline) -> tuple[set[int], set[int]]:
        """Return the slots whose sentinel stands whole in a term, and those it stands rewritten."""
        whole: dict[str, int] = {}
        for slot, leaf in enumerate(taken.leaves):
            sentinel = self._sentinel(slot, leaf.scheme)
            whole[f'"{sentinel}"'] = whole[f"<{sentinel}>"] = slot
        found: set[int] = set()
        spoilt: set[int] = set()
        for term in {term for quad in quads for term in quad if self._nonce in term}:
            head = term[: term.rindex('"') + 1] if term.startswith('"') else term
            if head in whole and self._nonce not in term[len(head) :]:
                found.add(whole[head])
            else:
                spoilt |= {s for h, s in whole.items() if h[1:-1] in term} or {*whole.values()}
        return found, spoilt

    def _sentinel(self, number: int, scheme: str) -> str:
        return f"{scheme}{self._nonce}.{number}."

    def _with_sentinels(
        self, document: Mapping[str, Any], taken: Outline, fixed: set[int]
    ) -> dict[str, Any]:
        def leaf(position: int, text: str) -> str:
            slot = taken.slots[position]
            return text if slot in fixed else self._sentinel(slot, taken.leaves[slot].scheme)

        return rewrite(document, self._texts, leaf)

    def compile(
        self, document: Mapping[str, Any], taken: Outline, fixed: tuple[int, ...]
    ) -> Compiled | None:
        """Return the program of a variant, or None where it would not give the right bytes."""
        truth = self._canonical(self._dataset(document)).encode()
        try:
            self._require_signed(document, taken, {*fixed})
            quads = self._dataset(self._with_sentinels(document, taken, {*fixed}))
        except DataLoss:
            raise
        except BadgeError:
            return None
        found, spoilt = self._sentinels_in(quads, taken)
        if spoilt or found | {*fixed} != {*range(len(taken.leaves))}:
            return None
        compiled = self._assemble(quads, taken)
        made = compiled.run(forms_of(taken.leaves))
        if made is None:
            made = self._canonical(compiled.dataset(taken.leaves)).encode()
        return compiled if made == truth else None

    def _assemble(self, quads: set[Quad], taken: Outline) -> Compiled:
        heads = {
            form: (slot, form[0] == "<")
            for slot, leaf in enumerate(taken.leaves)
            for form in (
                f'"{self._sentinel(slot, leaf.scheme)}"',
                f"<{self._sentinel(slot, leaf.scheme)}>",
            )
        }
        roles: dict[str, Role] = {}
        for term in {term for quad in quads for term in quad if self._nonce in term}:
            head = term[: term.rindex('"') + 1] if term.startswith('"') else term
            slot, is_iri = heads[head]
            roles[term] = Role(slot, None if is_iri else term[len(head) :])
        return compile_shape(quads, roles)

    def _require_signed(self, document: Mapping[str, Any], taken: Outline, fixed: set[int]) -> None:
        """Refuse the document if the text of any one position makes no difference to its quads.

        Raises:
            DataLoss: so it is: that text is not signed.
        """
        places = range(len(taken.slots))
        free = {place for place in places if taken.slots[place] not in fixed}
        apart = self._dataset(self._with_changed(document, taken, free))
        written = "\n".join(term for quad in apart for term in quad if self._nonce in term)
        doubtful = [p for p in places if p not in free or f"{self._nonce}.{p}." not in written]
        plain = self._dataset(document) if doubtful else set()
        for place in doubtful:
            if self._makes_no_difference(document, taken, place, plain):
                raise DataLoss(f"text {place + 1} of the document is not signed")

    def _makes_no_difference(
        self, document: Mapping[str, Any], taken: Outline, place: int, plain: set[Quad]
    ) -> bool:
        try:
            return self._dataset(self._with_changed(document, taken, {place})) == plain
        except BadgeError:
            return False

    def _with_changed(
        self, document: Mapping[str, Any], taken: Outline, places: set[int]
    ) -> dict[str, Any]:
        def leaf(position: int, text: str) -> str:
            if position not in places:
                return text
            return self._sentinel(position, taken.leaves[taken.slots[position]].scheme)

        return rewrite(document, self._texts, leaf)
