"""The templates of this process: which leaves differ between the documents of an achievement.

The first document of a compiled shape and an achievement is kept as a reference; each later one
that comes the way of the shape memo shows which leaves are not constant after all, and the
template is made again with more gaps, a few times at most.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from badges.proofs.shape import Outline, Texts, rewrite
from badges.proofs.shape_program import Compiled
from badges.proofs.template import Gap, Template, compile_template
from badges.proofs.template import Texts as Own

__all__ = ["Found", "Series", "Shelf"]

MOST_VERSIONS = 8
"""Most times a template is made again because one more leaf turned out to differ."""

MOST_SERIES = 8
"""Most templates tried for one achievement: drafts, sealed documents, other forms."""


@dataclass(slots=True)
class Series:
    """The documents of one achievement and one compiled shape."""

    compiled: Compiled
    reference: tuple[str, ...]
    """The leaves of its first document."""

    differing: frozenset[int] = frozenset()
    template: Template | None = None
    versions: int = 0
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A document that fits a template."""

    series: Series
    template: Template
    texts: Own


@dataclass(slots=True)
class Shelf:
    """Templates by what tells one achievement's documents from another's."""

    group: Callable[[Mapping[str, Any]], str]
    texts: Texts
    nonce: str
    capacity: int = 256
    _series: dict[str, list[Series]] = field(default_factory=dict)
    _words: frozenset[bytes] = frozenset()
    _last: tuple[bytes, Found] | None = None
    """A document is mostly asked for twice: to check it, and to sign it."""

    @property
    def _barred(self) -> bytes:
        return self.nonce.encode()

    def find(self, document: Mapping[str, Any]) -> Found | None:
        """Return the template that `document` fits, with its own texts."""
        candidates = self._series.get(self.group(document))
        if not candidates:
            return None
        try:
            data = orjson.dumps(document)
        except (TypeError, RecursionError):
            return None  # the long way says what is wrong with it
        if self._barred in data:
            return None
        if self._last and self._last[0] == data:
            return self._last[1]
        for place, series in enumerate(candidates):
            template = series.template
            texts = template.read(data) if template else None
            if template and texts is not None:
                candidates[:] = [series, *candidates[:place], *candidates[place + 1 :]]
                found = Found(series, template, texts)
                self._last = (data, found)
                return found
        return None

    def learn(self, document: Mapping[str, Any], taken: Outline, compiled: Compiled) -> None:
        """Take note of a document that went the way of the shape memo."""
        group = self.group(document)
        series = self._series_of(group, compiled)
        leaves = tuple(leaf.text for leaf in taken.leaves)
        if series is None:
            self._keep(group, Series(compiled, leaves))
            return
        pairs = enumerate(zip(leaves, series.reference, strict=True))
        differing = series.differing | {slot for slot, (a, b) in pairs if a != b}
        known = series.template is not None and differing == series.differing
        if not known and series.versions < MOST_VERSIONS:
            series.versions, series.uses = series.versions + 1, 0
            series.differing = differing
            series.template, self._last = self._make(document, taken, series), None

    def _series_of(self, group: str, compiled: Compiled) -> Series | None:
        return next((s for s in self._series.get(group, ()) if s.compiled is compiled), None)

    def _keep(self, group: str, series: Series) -> None:
        if group not in self._series and len(self._series) >= self.capacity:
            del self._series[next(iter(self._series))]
        kept = self._series.setdefault(group, [])
        kept.insert(0, series)
        del kept[MOST_SERIES:]

    def _make(self, document: Mapping[str, Any], taken: Outline, series: Series) -> Template | None:
        """Return the template, or None where it does not give back the document it is made of."""
        own, leaves = series.differing, taken.leaves
        template = compile_template(
            self._parts(document, taken, own),
            {slot: leaves[slot].scheme for slot in own},
            self._quads(taken, series.compiled, own),
            self._all_words()
            | {leaf.text.encode() for slot, leaf in enumerate(leaves) if slot not in own},
        )
        texts, truth = template.read(orjson.dumps(document)), series.compiled.run(leaves)
        made = template.run(texts) if texts else None
        differs = made is not None and truth is not None and made != truth.encode()
        return None if differs else template

    def _parts(
        self, document: Mapping[str, Any], taken: Outline, own: frozenset[int]
    ) -> list[bytes | int]:
        def leaf(position: int, text: str) -> str:
            slot = taken.slots[position]
            return f"{self.nonce}.{slot}." if slot in own else text

        pieces = re.split(
            rf"{self.nonce}\.(\d+)\.".encode(), orjson.dumps(rewrite(document, self.texts, leaf))
        )
        return [int(piece) if n % 2 else piece for n, piece in enumerate(pieces)]

    def _quads(
        self, taken: Outline, compiled: Compiled, own: frozenset[int]
    ) -> list[tuple[str | Gap, ...]]:
        def term(written: str) -> str | Gap:
            place = compiled.program.places.get(written)
            if place is None:
                return written
            role = compiled.roles[place]
            if role.slot not in own:
                return role.write(taken.leaves[role.slot])
            if role.suffix is None:
                return Gap(role.slot, "<", ">")
            return Gap(role.slot, '"', '"' + role.suffix)

        return [tuple(map(term, quad)) for quad in compiled.program.quads]

    def _all_words(self) -> frozenset[bytes]:
        if not self._words:
            self._words = frozenset(word.encode() for word in self.texts.vocabulary.words)
        return self._words
