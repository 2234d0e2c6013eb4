"""The shape of a document, read off its JSON text.

Shape: in compact JSON the quotation marks alone tell structure from text, unless one is escaped:
       such a document is left to `outline`. What is found here is never more than what was found
       there before: the same structure (brackets, numbers, lengths), the same names and fixed
       texts, and of the leaves the same words, schemes and pattern of equal texts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from sys import intern
from typing import Any

import orjson

from badges.errors import BadgeError
from badges.proofs.line_program import Pick, picker
from badges.proofs.shape import LONGEST_REMEMBERED, MOST_TEXTS, Outline, Texts

__all__ = ["Seen", "WrittenShapes"]

Forms = tuple[bytes, bytes]
"""A text as a literal and as an IRI of the dataset."""

_TEXT = rb'([^"]*+)'

_PLAIN = re.compile(rb"[^\\\x7f]*")
"""Texts that are written alike in JSON and in N-Quads."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document whose shape was learnt."""

    shape: Any
    """What `learn` was told."""

    texts: tuple[bytes, ...]
    """The text of each slot, as it stands in JSON."""

    forms: tuple[bytes, ...]
    """Literal and IRI of each slot, one after the other."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Documents of one layout whose leaves are alike."""

    pattern: tuple[int, ...]
    """For each leaf, the first that is equal."""

    marks: tuple[str, ...]
    """What each text is: a word, or an IRI of some scheme."""

    slots: Pick
    shape: Any


@dataclass(frozen=True, slots=True)
class _Layout:
    """Documents that are written alike but for their leaves."""

    pattern: re.Pattern[bytes]
    """All that is no leaf, and a group for each leaf."""

    kinds: list[_Kind]


class WrittenShapes:
    """Shapes by the JSON text of their documents."""

    def __init__(self, texts: Texts, capacity: int) -> None:
        self._texts = texts
        self._capacity = capacity
        self._learnt = 0
        self._layouts: dict[int, list[_Layout]] = {}
        """By the number of quotation marks."""

        self._marks: dict[bytes, str] = {}
        self._forms: dict[bytes, Forms | None] = {}

    def find(self, data: bytes) -> Seen | None:
        """Return what is known of a document."""
        found = self._layout(data)
        if found is None:
            return None
        layout, free = found
        try:
            pattern, marks, forms = self._judged(free)
        except BadgeError:
            return None  # the long way says what is wrong with it
        for place, kind in enumerate(layout.kinds):
            if kind.pattern == pattern and kind.marks == marks:
                if place:
                    layout.kinds.insert(0, layout.kinds.pop(place))
                own: Any = kind.slots(forms)
                return Seen(kind.shape, kind.slots(free), tuple(chain.from_iterable(own)))
        return None

    def learn(
        self, data: bytes, document: Mapping[str, Any], taken: Outline, shape: object
    ) -> None:
        """Remember that documents written like this one are of this `shape`."""
        if b'\\"' in data or self.find(data) is not None:
            return
        if self._learnt >= self._capacity:
            self._layouts.clear()
            self._learnt = 0
        self._learnt += 1
        layout, free = self._layout(data) or self._new_layout(data, document)
        pattern, marks, forms = self._judged(free)
        leaves = [place for place, form in enumerate(forms) if form is not None]
        if len(leaves) == len(taken.slots):
            first = dict(reversed([*zip(taken.slots, leaves, strict=True)]))
            slots = picker([first[slot] for slot in range(len(first))])
            layout.kinds.insert(0, _Kind(pattern, marks, slots, shape))

    def _layout(self, data: bytes) -> tuple[_Layout, tuple[bytes, ...]] | None:
        layouts = self._layouts.get(data.count(b'"'), [])
        for place, layout in enumerate(layouts):
            match = layout.pattern.fullmatch(data)
            if match is None:
                continue
            if place:
                layouts.insert(0, layouts.pop(place))
            free = match.groups()
            # A text that ends with a backslash did not end there: the quotation mark is its own.
            return None if b'\\"' in b'"'.join((*free, b"")) else (layout, free)
        return None

    def _new_layout(
        self, data: bytes, document: Mapping[str, Any]
    ) -> tuple[_Layout, tuple[bytes, ...]]:
        parts = data.split(b'"')
        texts = _walk(document, self._texts.vocabulary.fixed_members, is_fixed=False)
        free = {place * 2 + 1 for place, is_free in enumerate(texts) if is_free}
        pieces = [_TEXT if n in free else re.escape(part) for n, part in enumerate(parts)]
        layout = _Layout(re.compile(b'"'.join(pieces)), [])
        self._layouts.setdefault(len(parts) - 1, []).insert(0, layout)
        return layout, tuple([part for n, part in enumerate(parts) if n in free])

    def _judged(
        self, free: tuple[bytes, ...]
    ) -> tuple[tuple[int, ...], tuple[str, ...], list[Forms | None]]:
        """Return the pattern of these texts, what each is, and how it is written in N-Quads."""
        found = [*map(self._marks.get, free)]
        forms = [*map(self._forms.get, free)]
        if None in found:
            fresh = {text: self._judge(text) for text in free if text not in self._marks}
            for place, text in enumerate(free):
                if text in fresh:
                    found[place], forms[place] = fresh[text]
            self._remember(fresh)
        seen: dict[bytes, int] = {}
        pattern = tuple(map(seen.setdefault, free, range(len(free))))
        return pattern, tuple(found), forms  # type: ignore[arg-type]  # no mark is None any more

    def _judge(self, text: bytes) -> tuple[str, Forms | None]:
        plain = text.decode() if _PLAIN.fullmatch(text) else orjson.loads(b'"%b"' % text)
        scheme = self._texts.scheme(plain)
        if scheme is None:
            return intern(f"!{plain}"), None
        if _PLAIN.fullmatch(text):
            return intern(f"={scheme}"), (b'"%b"' % text, b"<%b>" % text)
        leaf = self._texts.leaf(plain)
        return intern(f"={scheme}"), leaf and (leaf.quoted.encode(), leaf.iri.encode())

    def _remember(self, fresh: Mapping[bytes, tuple[str, Forms | None]]) -> None:
        if len(self._marks) + len(fresh) > MOST_TEXTS:
            self._marks.clear()
            self._forms.clear()
        for text, (mark, forms) in fresh.items():
            if len(text) <= LONGEST_REMEMBERED:
                self._marks[text], self._forms[text] = mark, forms


def _walk(value: Any, members: frozenset[str], *, is_fixed: bool) -> Iterator[bool]:
    """Go through the texts of a document as JSON writes them, names too: which may be leaves."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield False
            yield from _walk(member, members, is_fixed=is_fixed or name in members)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, members, is_fixed=is_fixed)
    elif isinstance(value, str):
        yield not is_fixed
