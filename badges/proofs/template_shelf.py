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

from badges.proofs.line_program import Gap, Quad, Term
from badges.proofs.shape import Outline, Texts, outline, rewrite
from badges.proofs.shape_program import Compiled, forms_of
from badges.proofs.template import Template, compile_template
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

    def find(self, document: Mapping[str, Any], data: bytes) -> Found | None:
        """Return the template that `document` fits, with its own texts.

        `data` is its JSON text, in which the nonce does not stand.
        """
        candidates = self._series.get(self.group(document))
        if not candidates:
            return None
        for place, series in enumerate(candidates):
            template = series.template
            texts = template.read(data) if template else None
            if template and texts is not None:
                if place:
                    candidates[:] = [series, *candidates[:place], *candidates[place + 1 :]]
                return Found(series, template, texts)
        return None

    def knows(self, document: Mapping[str, Any], compiled: Compiled) -> bool:
        """Tell whether nothing more is to be learnt from documents like this one."""
        series = self._series_of(self.group(document), compiled)
        return series is not None and series.versions >= MOST_VERSIONS

    def learn(
        self, document: Mapping[str, Any], texts: tuple[str, ...], compiled: Compiled
    ) -> None:
        """Take note of the leaves of a document that went the way of the shape memo."""
        group = self.group(document)
        series = self._series_of(group, compiled)
        if series is None:
            self._keep(group, Series(compiled, texts))
            return
        pairs = enumerate(zip(texts, series.reference, strict=True))
        differing = series.differing | {slot for slot, (a, b) in pairs if a != b}
        known = series.template is not None and differing == series.differing
        if not known and series.versions < MOST_VERSIONS:
            series.versions, series.uses = series.versions + 1, 0
            series.differing = differing
            series.template = self._make(document, outline(document, self.texts), series)

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
        texts, truth = template.read(orjson.dumps(document)), series.compiled.run(forms_of(leaves))
        made = template.run(texts) if texts is not None else None
        return None if made is not None and truth is not None and made != truth else template

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

    def _quads(self, taken: Outline, compiled: Compiled, own: frozenset[int]) -> list[Quad]:
        def term(written: str) -> Term:
            role = compiled.roles.get(written)
            if role is None:
                return written.encode()
            if role.slot not in own:
                return role.write(taken.leaves[role.slot]).encode()
            if role.suffix is None:
                return Gap(role.slot, b"<", b">")
            return Gap(role.slot, b'"', b'"' + role.suffix.encode())

        return [(term(s), term(p), term(o), term(g)) for s, p, o, g in compiled.quads]

    def _all_words(self) -> frozenset[bytes]:
        if not self._words:
            self._words = frozenset(word.encode() for word in self.texts.vocabulary.words)
        return self._words
