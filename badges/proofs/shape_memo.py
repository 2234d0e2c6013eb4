"""The shape memo: PyLD decides what a shape means once, later documents only fill it in.

Issuing and verifying handle thousands of documents that differ in a few texts. The first document
of a shape goes the long way; the second is run again with a random *sentinel* in the place of each
leaf, which shows where in the dataset every leaf ends. From then on a document of that shape is
substitution, hashing and sorting, with bytes equal to the long way.

What keeps it honest:
- a leaf that PyLD rewrites, or that decides structure, becomes part of the shape;
- a leaf that never reaches the dataset is not signed, so the document is refused;
- the sentinel is random for each process, and a document that holds it goes the long way;
- ties between nameless objects, duplicate statements and odd values go the long way;
- the first use of each shape and one in a thousand later ones are compared with the long way,
  and one difference switches the memo off and raises the alarm.

A check whose answer the shape alone decides is asked once for each shape: see `require`. And the
documents of one achievement share more than their shape: see ``template``.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from badges.errors import BadgeError, DataLoss
from badges.proofs.budget import BUDGET
from badges.proofs.nquads import Quad
from badges.proofs.shape import Outline, Texts, Vocabulary, outline, rewrite
from badges.proofs.shape_program import Compiled, Role, compile_program
from badges.proofs.template_shelf import Shelf

__all__ = ["ShapeMemo"]

log = logging.getLogger(__name__)

Dataset = Callable[[Mapping[str, Any]], set[Quad]]
"""The long way, first half: a document to its quads, safely."""

Check = Callable[[Mapping[str, Any]], None]
"""Raises what is wrong with a document."""

Canonical = Callable[[set[Quad]], str]
"""The long way, second half: quads to canonical text."""

Group = Callable[[Mapping[str, Any]], str]
"""What tells the documents of one achievement from those of another."""

Alarm = Callable[[str], None]

MOST_CHARACTERS = BUDGET.characters
"""Longer documents go the long way, which may refuse them."""

ROUNDS = 6
"""Most passes to find the leaves that must stay; more means the shape is too odd."""


@dataclass(slots=True)
class _Shape:
    fixed: tuple[int, ...] = ()
    """Slots whose text belongs to the shape."""

    variants: dict[tuple[str, ...], Compiled | None] = field(default_factory=dict)
    """By the texts of the fixed slots; None where no program is possible."""


class ShapeMemo:
    """Canonical bytes by shape; without a compiled shape, by the long way.

    Args:
        dataset: document → quads; raises what is wrong with the document.
        canonical: quads → canonical text.
        vocabulary: the words of the pinned contexts.
        nonce: random letters and digits, the same for the whole process, told to nobody.
        recheck_every: one use in so many is compared with the long way.
        capacity: most shapes, and most variants of a shape, that are kept.
        most_parts: longest shape that is compiled.
        group: tells the achievements apart that get a template each; without it there are none.
        alarm: told when the memo was wrong and is off.
    """

    def __init__(  # noqa: PLR0913 - all but three are limits with a default
        self,
        dataset: Dataset,
        canonical: Canonical,
        vocabulary: Vocabulary,
        *,
        nonce: str,
        recheck_every: int = 1000,
        capacity: int = 256,
        most_parts: int = 2000,
        group: Group | None = None,
        alarm: Alarm = log.critical,
    ) -> None:
        self.trusted = True
        """False once a difference was seen: everything goes the long way from then on."""
        self.templates = group is not None
        """Whether achievement templates are made and used."""
        self._dataset = dataset
        self._canonical = canonical
        self._texts = Texts(vocabulary, nonce)
        self._nonce = nonce
        self._recheck_every = recheck_every
        self._capacity = capacity
        self._most_parts = most_parts
        self._alarm = alarm
        self._shapes: dict[tuple[str, ...], _Shape | None] = {}
        self._shelf = Shelf(group or _one_group, self._texts, nonce, capacity)

    def canonicalize(self, document: Mapping[str, Any]) -> bytes:
        """Return the canonical N-Quads of `document`.

        Raises:
            BadgeError: as the long way does.
        """
        if made := self._by_template(document):
            return made
        taken = self._take(document)
        compiled = self._compiled(document, taken) if taken else None
        if not compiled or not taken:
            return self._long_way(document).encode()
        text = self._run(compiled, taken)
        if len(text) > MOST_CHARACTERS:
            return self._long_way(document).encode()
        made = text.encode()
        if compiled.uses % self._recheck_every == 0:
            made = self._recheck(document, made)
        compiled.uses += 1
        if self.templates:
            self._shelf.learn(document, taken, compiled)
        return made

    def require(self, name: str, document: Mapping[str, Any], check: Check) -> None:
        """Make `check`, unless a document of this shape passed it.

        Only for a check whose answer is the same for all documents of a compiled shape; a failure
        is never remembered.

        Raises:
            BadgeError: as `check` does.
        """
        compiled = self._known(document)
        if compiled is None:
            check(document)
            return
        spared = compiled.passed.get(name)
        if spared is None:
            check(document)
        elif spared % self._recheck_every == 0:
            self._check_again(name, document, check)
        compiled.passed[name] = 0 if spared is None else spared + 1

    def _known(self, document: Mapping[str, Any]) -> Compiled | None:
        found = self._shelf.find(document) if self.templates and self.trusted else None
        if found:
            return found.series.compiled
        taken = self._take(document)
        try:
            compiled = self._compiled(document, taken) if taken else None
        except BadgeError:
            return None  # the check says what is wrong with it
        if compiled and taken and self.templates:
            self._shelf.learn(document, taken, compiled)
        return compiled

    def _check_again(self, name: str, document: Mapping[str, Any], check: Check) -> None:
        try:
            check(document)
        except BadgeError:
            self._distrust(f"the shape memo spared a {name} check that fails: it is now off")
            raise

    def _by_template(self, document: Mapping[str, Any]) -> bytes | None:
        found = self._shelf.find(document) if self.templates and self.trusted else None
        made = found and found.template.run(found.texts)
        if not found or not made or len(made) > MOST_CHARACTERS:
            return None
        if found.series.uses % self._recheck_every == 0:
            made = self._recheck(document, made)
        found.series.uses += 1
        return made

    def _take(self, document: Mapping[str, Any]) -> Outline | None:
        """Take `document` apart; None when only the long way will do."""
        if not self.trusted:
            return None
        try:
            taken = outline(document, self._texts)
        except (BadgeError, TypeError, RecursionError):
            return None  # the long way says what is wrong with it
        return taken if len(taken.key) <= self._most_parts else None

    def _long_way(self, document: Mapping[str, Any]) -> str:
        return self._canonical(self._dataset(document))

    def _run(self, compiled: Compiled, taken: Outline) -> str:
        text = compiled.run(taken.leaves)
        if text is None:
            return self._canonical(compiled.program.dataset(compiled.terms(taken.leaves)))
        return text

    def _recheck(self, document: Mapping[str, Any], made: bytes) -> bytes:
        truth = self._long_way(document).encode()
        if truth != made:
            self._distrust("the shape memo gave other bytes than the full algorithm: it is now off")
        return truth

    def _distrust(self, message: str) -> None:
        self.trusted = False
        self._alarm(message)

    def _compiled(self, document: Mapping[str, Any], taken: Outline) -> Compiled | None:
        """Find the program of this shape; compile it at the second sight of the shape."""
        if taken.key not in self._shapes:
            self._keep(self._shapes, taken.key, None)
            return None
        shape = self._shapes[taken.key]
        if shape is None:
            shape = self._shapes[taken.key] = _Shape(self._fixed(document, taken))
        variant = tuple(taken.leaves[slot].text for slot in shape.fixed)
        if variant not in shape.variants:
            self._keep(shape.variants, variant, self._compile(document, taken, shape.fixed))
        return shape.variants[variant]

    def _keep(self, kept: dict[Any, Any], key: object, value: object) -> None:
        if len(kept) >= self._capacity:
            del kept[next(iter(kept))]
        kept[key] = value

    def _fixed(self, document: Mapping[str, Any], taken: Outline) -> tuple[int, ...]:
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
            found, spoilt = self._find(quads, taken)
            wrong = spoilt | ({*range(len(taken.leaves))} - fixed - found)
            if not wrong:
                return tuple(sorted(fixed))
            fixed |= wrong
        return tuple(range(len(taken.leaves)))

    def _find(self, quads: set[Quad], taken: Outline) -> tuple[set[int], set[int]]:
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

    def _compile(
        self, document: Mapping[str, Any], taken: Outline, fixed: tuple[int, ...]
    ) -> Compiled | None:
        """Return the program of a variant, or None where it would not give the right bytes."""
        truth = self._long_way(document)
        try:
            self._require_signed(document, taken, {*fixed})
            quads = self._dataset(self._with_sentinels(document, taken, {*fixed}))
        except DataLoss:
            raise
        except BadgeError:
            return None
        found, spoilt = self._find(quads, taken)
        if spoilt or found | {*fixed} != {*range(len(taken.leaves))}:
            return None
        compiled = self._assemble(quads, taken)
        return compiled if self._run(compiled, taken) == truth else None

    def _assemble(self, quads: set[Quad], taken: Outline) -> Compiled:
        heads = {
            form: (slot, form[0] == "<")
            for slot, leaf in enumerate(taken.leaves)
            for form in (
                f'"{self._sentinel(slot, leaf.scheme)}"',
                f"<{self._sentinel(slot, leaf.scheme)}>",
            )
        }
        places: dict[str, int] = {}
        roles: list[Role] = []
        for term in sorted({term for quad in quads for term in quad if self._nonce in term}):
            head = term[: term.rindex('"') + 1] if term.startswith('"') else term
            slot, is_iri = heads[head]
            places[term] = len(roles)
            roles.append(Role(slot, None if is_iri else term[len(head) :]))
        return Compiled(tuple(roles), compile_program(quads, places))

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


def _one_group(_: Mapping[str, Any]) -> str:
    return ""
