"""The shape of a document: all that decides its quads, apart from its replaceable texts.

Shape: two documents of one shape have the same members in the same order, the same contexts,
types, numbers and array lengths, and the same pattern of equal texts; only the *leaves* differ.
A leaf is a text that is neither a word of some context nor the value of a keyword. An absolute
IRI keeps its scheme in the shape, because a scheme may be a prefix that some context defines.
Equal leaves are one *slot*: two objects with one ``id`` are one node.
Objects and lists begin with how many there are in them, and an object with all its names, so that
no member name can pass for structure.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from badges.errors import BadgeError
from badges.proofs.nquads import is_absolute_iri, literal
from badges.proofs.traced import Path

__all__ = [
    "LONGEST_REMEMBERED",
    "MOST_TEXTS",
    "Leaf",
    "Outline",
    "Texts",
    "Vocabulary",
    "leaf_paths",
    "outline",
    "rewrite",
    "scheme_of",
]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*:)(//)?")
MOST_TEXTS = 20_000
"""Texts that are remembered in their written forms; most of a batch repeats."""

LONGEST_REMEMBERED = 2_000

MOST_PLANS = 2_000
"""Sets of names that are remembered."""

_MOST = 500
_LISTS, _SLOTS, _WHOLE = ([f"{mark}{n}" for n in range(_MOST)] for mark in ("[", "", "#"))
"""The parts of most keys, made beforehand."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the pinned contexts say about words, as far as shapes must know it."""

    fixed_members: frozenset[str]
    """Members whose value is part of the shape: ``@context``, ``@type`` and their aliases."""

    words: frozenset[str]
    """Every term: a text that equals one may be expanded, so it is part of the shape."""


class Leaf(NamedTuple):
    """A text and how it is written in N-Quads."""

    text: str
    scheme: str
    quoted: str
    iri: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A document, taken apart into shape and leaves."""

    key: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    """The leaf of each slot."""

    slots: tuple[int, ...]
    """The slot of each position that holds a leaf, in document order."""


class Plan(NamedTuple):
    """What to do with an object that has certain names."""

    parts: tuple[str, ...]
    """How many names, and the names."""

    fixed: tuple[str, ...]
    """Those whose value belongs to the shape whole."""

    free: Callable[[Mapping[str, Any]], Sequence[Any]]
    """From the object to its other values, the last one first."""


class Texts:
    """Texts seen before: whether they are leaves, and their written forms."""

    def __init__(self, vocabulary: Vocabulary, barred: str) -> None:
        self.vocabulary = vocabulary
        self._barred = barred
        self._known: dict[str, Leaf | None] = {}
        self._plans: dict[tuple[str, ...], Plan] = {}

    def leaf(self, text: str) -> Leaf | None:
        """Return `text` as a leaf; None when it belongs to the shape.

        Raises:
            BadgeError: the text holds what no document may hold here.
        """
        try:
            return self._known[text]
        except KeyError:
            leaf = self._make(text)
        if len(text) <= LONGEST_REMEMBERED:
            if len(self._known) >= MOST_TEXTS:
                self._known.clear()
            self._known[text] = leaf
        return leaf

    def plan(self, names: tuple[str, ...]) -> Plan:
        """Return what to do with an object that has these names."""
        try:
            return self._plans[names]
        except KeyError:
            free = [name for name in reversed(names) if name not in self.vocabulary.fixed_members]
        if len(self._plans) >= MOST_PLANS:
            self._plans.clear()
        fixed = tuple(name for name in names if name not in free)
        plan = self._plans[names] = Plan((f"{{{len(names)}", *names), fixed, _getter(free))
        return plan

    def scheme(self, text: str) -> str | None:
        """Return the scheme of `text` as a leaf; None when it belongs to the shape.

        Raises:
            BadgeError: the text holds what no document may hold here.
        """
        if self._barred in text:
            raise BadgeError("the document holds a text that is ours")
        if text in self.vocabulary.words or text.startswith(("@", "_:")):
            return None
        return scheme_of(text)

    def _make(self, text: str) -> Leaf | None:
        scheme = self.scheme(text)
        return None if scheme is None else Leaf(text, scheme, literal(text), f"<{text}>")


def _getter(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda value: [value[name] for name in names]


def scheme_of(text: str) -> str:
    """Return the scheme of an absolute IRI (``https://``, ``urn:``), or nothing."""
    match = _SCHEME.match(text)
    return match[0] if match and is_absolute_iri(text) else ""


def _fixed(value: Any) -> list[str]:
    """Return the parts of a value that belongs to the shape whole."""
    if type(value) is str:
        return ["#s", value]
    if type(value) is list and {str}.issuperset(map(type, value)):
        return [_WHOLE[len(value)] if len(value) < _MOST else f"#{len(value)}", *value]
    return ["#j" + orjson.dumps(value).decode()]


def outline(document: Mapping[str, Any], texts: Texts) -> Outline:  # noqa: C901 - one loop, for speed
    """Take `document` apart.

    Raises:
        BadgeError: it holds a text that no document may hold here.
    """
    key: list[str] = []
    seen: dict[str, int] = {}
    leaves: list[Leaf] = []
    slots: list[int] = []
    plans, find, add = texts.plan, texts.leaf, key.append
    left: list[Any] = [document]
    while left:
        value = left.pop()
        kind = type(value)
        if kind is str:
            leaf = find(value)
            if leaf is None:
                add("!")
                add(value)
                continue
            slot = seen.get(value)
            if slot is None:
                slot = seen[value] = len(leaves)
                leaves.append(leaf)
            slots.append(slot)
            add(_SLOTS[slot] if slot < _MOST else str(slot))
            add(leaf.scheme)
        elif kind is dict:
            plan = plans(tuple(value))
            key += plan.parts
            for name in plan.fixed:
                key += _fixed(value[name])
            left += plan.free(value)
        elif kind is list:
            add(_LISTS[len(value)] if len(value) < _MOST else f"[{len(value)}")
            left += reversed(value)
        elif isinstance(value, str):
            left.append(str.__str__(value))  # a member of an enumeration is the text it stands for
        else:
            add(f"={value!r}")
    return Outline(tuple(key), tuple(leaves), tuple(slots))


def rewrite(
    document: Mapping[str, Any], texts: Texts, leaf: Callable[[int, str], str]
) -> dict[str, Any]:
    """Return `document` with each leaf replaced by ``leaf(position, text)``."""
    copied: dict[str, Any] = _rewrite(document, texts, leaf, iter(range(2**62)))
    return copied


def _rewrite(
    value: Any, texts: Texts, leaf: Callable[[int, str], str], positions: Iterator[int]
) -> Any:
    if type(value) is dict:
        return {
            name: member
            if name in texts.vocabulary.fixed_members
            else _rewrite(member, texts, leaf, positions)
            for name, member in value.items()
        }
    if type(value) is list:
        return [_rewrite(item, texts, leaf, positions) for item in value]
    if not isinstance(value, str) or texts.leaf(value) is None:
        return value
    return leaf(next(positions), value)


def leaf_paths(value: Any, texts: Texts, path: Path = ()) -> Iterator[Path]:
    """Go through the places of the leaves, in the order of their positions."""
    if type(value) is dict:
        for name, member in value.items():
            if name not in texts.vocabulary.fixed_members:
                yield from leaf_paths(member, texts, (*path, name))
    elif type(value) is list:
        for place, item in enumerate(value):
            yield from leaf_paths(item, texts, (*path, place))
    elif isinstance(value, str) and texts.leaf(value) is not None:
        yield path
