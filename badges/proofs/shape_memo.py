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
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from badges import strict_json
from badges.errors import BadgeError
from badges.proofs.budget import BUDGET
from badges.proofs.shape import Outline, Texts, Vocabulary, leaf_paths, outline
from badges.proofs.shape_compiler import Canonical, Dataset, ShapeCompiler
from badges.proofs.shape_program import Compiled, forms_of
from badges.proofs.sight import ShapeSight, Sight, TemplateSight
from badges.proofs.spared import Clearance, Family
from badges.proofs.template_shelf import Shelf
from badges.proofs.traced import Path
from badges.proofs.written_shape import WrittenShapes

__all__ = ["ShapeMemo"]

log = logging.getLogger(__name__)

Check = Callable[[Mapping[str, Any]], None]
"""Raises what is wrong with a document."""

Group = Callable[[Mapping[str, Any]], str]
"""What tells the documents of one achievement from those of another."""

Alarm = Callable[[str], None]

MOST_CHARACTERS = BUDGET.characters
"""Longer documents go the long way, which may refuse them."""

MOST_RECENT = 4
"""Recognised documents that are kept."""

MOST_READ = 4
"""Templates that are tried on a text before it is read strictly."""


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
        self._barred = nonce.encode()
        self._recheck_every = recheck_every
        self._capacity = capacity
        self._most_parts = most_parts
        self._alarm = alarm
        self._shapes: dict[tuple[str, ...], _Shape | None] = {}
        self._shelf = Shelf(group or _one_group, self._texts, nonce, capacity)
        self._compiler = ShapeCompiler(self._dataset, self._canonical, self._texts, nonce)
        self._written = WrittenShapes(self._texts, capacity)
        self._recent: OrderedDict[tuple[bool, bytes], Sight] = OrderedDict()
        """A document is mostly asked for more than once: to check it, and to sign it."""
        self._read: list[TemplateSight] = []
        """Documents that were read strictly, one of each template, the last one first."""

    def loads(self, data: bytes, *, max_bytes: int = strict_json.MAX_BYTES) -> Any:
        """Read JSON as `strict_json.loads` does, only sooner what fits a template it has read.

        Raises:
            MalformedCredential: as `strict_json.loads` does.
        """
        if self.trusted and self.templates and len(data) <= max_bytes and self._barred not in data:
            document = self._by_last_templates(data)
            if document is not None:
                return document
        document = strict_json.loads(data, max_bytes=max_bytes)
        sight = self.sight(document)
        if isinstance(sight, TemplateSight):
            self._put_first(sight)
        return document

    def _by_last_templates(self, data: bytes) -> Any:
        """Read a document whose constant parts were read strictly before; None: it is another.

        Nothing hides in the rest: each gap holds one whole text that needs no escape.
        """
        for place, known in enumerate(self._read):
            texts = known.template.read(data)
            if texts is not None:
                try:
                    document = orjson.loads(data)  # refuses control characters and bad UTF-8
                except ValueError:
                    return None
                if place:
                    self._put_first(known)
                self._remember(data, TemplateSight(known.series, known.template, texts))
                return document
        return None

    def _put_first(self, sight: TemplateSight) -> None:
        """Try the template of this document first from now on."""
        others = (kept for kept in self._read if kept.template is not sight.template)
        self._read = [sight, *others][:MOST_READ]

    def canonicalize(self, document: Mapping[str, Any]) -> bytes:
        """Return the canonical N-Quads of `document`.

        Raises:
            BadgeError: as the long way does.
        """
        sight = self.sight(document) or self._look(document)
        if isinstance(sight, TemplateSight) and sight.written is not None:
            return sight.written
        made = sight.run() if sight else None
        if sight and made is None:
            made = self._by_full_algorithm(document, sight)
        if sight is None or made is None or len(made) > MOST_CHARACTERS:
            return self._long_way(document)
        if sight.use() % self._recheck_every == 0:
            made = self._recheck(document, made)
        if isinstance(sight, TemplateSight):
            sight.written = made
        return made

    def _by_full_algorithm(self, document: Mapping[str, Any], sight: Sight) -> bytes | None:
        """Let the full algorithm tell nameless objects apart that look alike."""
        taken = self._take(document)
        if taken is None:
            return None
        return self._canonical(sight.compiled.dataset(taken.leaves)).encode()

    def require(
        self, name: str, document: Mapping[str, Any], check: Check, sight: Sight | None = None
    ) -> None:
        """Make `check`, unless a document of this shape passed it.

        Only for a check whose answer is the same for all documents of a compiled shape; a failure
        is never remembered. A `sight` that was had of the document is not looked for again.

        Raises:
            BadgeError: as `check` does.
        """
        if sight is None or not self.trusted:
            sight = self._known(document)
        if sight is None:
            check(document)
            return
        compiled = sight.compiled
        spared = compiled.passed.get(name)
        if spared is None:
            check(document)
        elif spared % self._recheck_every == 0:
            self._check_again(name, document, check)
        compiled.passed[name] = 0 if spared is None else spared + 1

    def spares(
        self, family: Family, document: Mapping[str, Any], sight: Sight | None = None
    ) -> bool:
        """Tell whether `document` passes all checks of `family`; False: make them, to find out.

        A `sight` that was had of the document is not looked for again. Asking does not count as
        one: it never compiles a shape.
        """
        if sight is None or not self.trusted:
            sight = self.sight(document)
        if sight is None:
            return False
        clearance = sight.clearances.get(family.name)
        if clearance is None:
            clearance = sight.clearances[family.name] = Clearance(family)
        if not clearance.spares(document, sight.texts, lambda: self.places(document, sight)):
            return False
        if clearance.is_due(self._recheck_every) and family.finds(document):
            self.distrust(f"the shape memo spared {family.name} checks that fail: it is now off")
            return False
        return True

    def places(self, document: Mapping[str, Any], sight: Sight) -> Mapping[Path, int]:
        """Find where the texts of a sight stand in its document."""
        taken = outline(document, self._texts)
        numbers = {slot: number for number, slot in enumerate(sight.slots)}
        paths = leaf_paths(document, self._texts)
        return {
            path: numbers[slot]
            for path, slot in zip(paths, taken.slots, strict=True)
            if slot in numbers
        }

    def _known(self, document: Mapping[str, Any]) -> Sight | None:
        try:
            return self.sight(document) or self._look(document)
        except BadgeError:
            return None  # the checks say what is wrong with it

    def sight(self, document: Mapping[str, Any]) -> Sight | None:
        """Recognise a document by its JSON text."""
        data = _written(document) if self.trusted and isinstance(document, dict) else None
        if data is None:
            return None
        place = self.templates, data
        sight = self._recent.get(place)
        if sight is None and self._barred not in data:
            sight = self._by_template(document, data) or self._by_shape(document, data)
            if isinstance(sight, TemplateSight) or (sight and not self.templates):
                self._remember(data, sight)
        return sight

    def _remember(self, data: bytes, sight: Sight) -> None:
        self._recent[self.templates, data] = sight
        if len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)

    def _by_template(self, document: Mapping[str, Any], data: bytes) -> Sight | None:
        found = self._shelf.find(document, data) if self.templates else None
        return TemplateSight(found.series, found.template, found.texts) if found else None

    def _by_shape(self, document: Mapping[str, Any], data: bytes) -> Sight | None:
        found = self._written.find(data)
        if found is None:
            return None
        fixed = found.shape.fixed
        variant = tuple([orjson.loads(b'"%b"' % found.texts[slot]) for slot in fixed])
        compiled = found.shape.variants.get(variant)
        if compiled is None:
            return None
        if self.templates and not self._shelf.knows(document, compiled):
            self._shelf.learn(document, _plain(found.texts), compiled)
        return ShapeSight(compiled, found.texts, found.forms)

    def _look(self, document: Mapping[str, Any]) -> Sight | None:
        """Take a document apart, and remember how it is written."""
        taken = self._take(document)
        compiled = self._compiled(document, taken) if taken else None
        if taken is None or compiled is None:
            return None
        texts = tuple(leaf.text for leaf in taken.leaves)
        try:
            data, forms = orjson.dumps(document), forms_of(taken.leaves)
        except (TypeError, UnicodeEncodeError):
            return None  # the long way says what is wrong with it
        self._written.learn(data, document, taken, self._shapes[taken.key])
        if self.templates:
            self._shelf.learn(document, texts, compiled)
        return ShapeSight(compiled, tuple(orjson.dumps(text)[1:-1] for text in texts), forms)

    def _check_again(self, name: str, document: Mapping[str, Any], check: Check) -> None:
        try:
            check(document)
        except BadgeError:
            self.distrust(f"the shape memo spared a {name} check that fails: it is now off")
            raise

    def _take(self, document: Mapping[str, Any]) -> Outline | None:
        """Take `document` apart; None when only the long way will do."""
        if not self.trusted:
            return None
        try:
            taken = outline(document, self._texts)
        except (BadgeError, TypeError, RecursionError):
            return None  # the long way says what is wrong with it
        return taken if len(taken.key) <= self._most_parts else None

    def _long_way(self, document: Mapping[str, Any]) -> bytes:
        return self._canonical(self._dataset(document)).encode()

    def _recheck(self, document: Mapping[str, Any], made: bytes) -> bytes:
        truth = self._long_way(document)
        if truth != made:
            self.distrust("the shape memo gave other bytes than the full algorithm: it is now off")
        return truth

    def distrust(self, message: str) -> None:
        """Switch the memo off, and raise the alarm."""
        self.trusted = False
        self._alarm(message)

    def _compiled(self, document: Mapping[str, Any], taken: Outline) -> Compiled | None:
        """Find the program of this shape; compile it at the second sight of the shape."""
        if taken.key not in self._shapes:
            self._keep(self._shapes, taken.key, None)
            return None
        shape = self._shapes[taken.key]
        if shape is None:
            shape = self._shapes[taken.key] = _Shape(self._compiler.fixed(document, taken))
        variant = tuple(taken.leaves[slot].text for slot in shape.fixed)
        if variant not in shape.variants:
            self._keep(
                shape.variants, variant, self._compiler.compile(document, taken, shape.fixed)
            )
        return shape.variants[variant]

    def _keep(self, kept: dict[Any, Any], key: object, value: object) -> None:
        if len(kept) >= self._capacity:
            del kept[next(iter(kept))]
        kept[key] = value


def _one_group(_: Mapping[str, Any]) -> str:
    return ""


def _written(document: Mapping[str, Any]) -> bytes | None:
    try:
        return orjson.dumps(document)
    except (TypeError, RecursionError):
        return None  # the long way says what is wrong with it


def _plain(texts: Sequence[bytes]) -> tuple[str, ...]:
    """Read texts as they stand in JSON."""
    read: list[str] = orjson.loads(b'["%b"]' % b'","'.join(texts)) if texts else []
    return tuple(read)
