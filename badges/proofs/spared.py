"""Checks that need not be made again, because nothing they look at is new.

A shape decides all of a document but its replaceable texts. Which of those a rule looks at is
known: from a trace, or from what its schema says about each place (see `Rule`). While those texts
were all seen to pass, the rule passes. A rule whose texts change from document to document is made
each time; what judges each text for itself is asked about the replaceable texts alone.

A failure is never remembered: whoever asks makes all checks then, and tells what is wrong.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from badges.proofs.traced import Path, trace

__all__ = ["Clearance", "Family", "Rule"]

Document = Mapping[str, Any]

MOST_CHANGES = 8
"""Times the texts of a rule may change in short succession before it is made each time."""

CALM = 64
"""Documents spared between two changes that make the second a new beginning: the next batch."""

MOST_PASSED = 64
"""Sets of texts that are remembered to have passed."""

Places = Callable[[], Mapping[Path, int]]
"""Where in the document each replaceable text stands, and which it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that every document of a family must keep to."""

    check: Callable[[Document], Iterable[object]]
    """Gives what is wrong; a function of the document and of nothing else."""

    reach: Callable[[Document], Iterable[Path]] | None = None
    """The places of all texts that can make a difference, in any document of this shape; without
    it they are traced."""

    def look(self, document: Document) -> frozenset[Path] | None:
        """Make the check and return where its texts are; None where something is wrong."""
        if any(True for _ in self.check(document)):
            return None
        if self.reach is not None:
            return frozenset(self.reach(document))
        wrong, places = trace(lambda view: any(True for _ in self.check(view)), document)
        return None if wrong else places


@dataclass(frozen=True, slots=True)
class Family:
    """Checks that are asked for together."""

    name: str
    rules: tuple[Rule, ...]
    is_plain: Callable[[bytes], bool] = lambda _: True
    """Judges texts as they are written in JSON, each for itself; quotation marks between them."""

    def finds(self, document: Document) -> bool:
        """Make every check and tell whether something is wrong."""
        return any(True for rule in self.rules for _ in rule.check(document))


@dataclass(slots=True)
class Clearance:
    """What is known of a family of checks on the documents of one shape or template."""

    family: Family
    restless: set[int] = field(default_factory=set)
    """Which rules are made each time; may be shared with others of the family and template."""

    uses: int = 0
    """Documents that were spared the checks."""

    _rechecked: int = 0

    _read: dict[int, frozenset[int]] = field(default_factory=dict)
    """Which texts each other rule looks at."""

    _last: dict[int, tuple[bytes, ...]] = field(default_factory=dict)
    _changes: dict[int, int] = field(default_factory=dict)
    _changed_at: dict[int, int] = field(default_factory=dict)
    """How many documents had been spared when the texts of a rule changed last."""

    _watched: tuple[int, ...] = ()
    _passed: set[tuple[bytes, ...]] = field(default_factory=set)

    def spares(self, document: Document, texts: Sequence[bytes], places: Places) -> bool:
        """Tell whether every check passes; False: make them all, to find out."""
        key = tuple([texts[place] for place in self._watched])
        if key in self._passed:
            self.uses += 1
        elif not self._look(document, texts, places()):
            return False
        for number in tuple(self.restless):  # another thread may add to it
            for _ in self.family.rules[number].check(document):
                return False
        return self.family.is_plain(b'"'.join(texts))

    def is_due(self, every: int) -> bool:
        """Tell whether a document that was spared is to be checked all the same: one in `every`."""
        if self.uses == self._rechecked or (self.uses - 1) % every:
            return False
        self._rechecked = self.uses
        return True

    def _look(self, document: Document, texts: Sequence[bytes], places: Mapping[Path, int]) -> bool:
        for number, rule in enumerate(self.family.rules):
            if number in self.restless:
                self._read.pop(number, None)
                continue
            found = rule.look(document)
            if found is None:
                return False
            read = frozenset(places[path] for path in found if path in places)
            self._note(number, self._read.get(number, frozenset()) | read, texts)
        watched = tuple(sorted(frozenset[int]().union(*self._read.values())))
        if watched != self._watched or len(self._passed) >= MOST_PASSED:
            self._passed.clear()
        self._watched = watched
        self._passed.add(tuple([texts[place] for place in watched]))
        return True

    def _note(self, number: int, read: frozenset[int], texts: Sequence[bytes]) -> None:
        now = tuple([texts[place] for place in sorted(read)])
        if number in self._last and self._last[number] != now:
            calm = self.uses - self._changed_at.get(number, 0) >= CALM
            self._changes[number] = 1 if calm else self._changes.get(number, 0) + 1
            self._changed_at[number] = self.uses
        self._last[number], self._read[number] = now, read
        if self._changes.get(number, 0) > MOST_CHANGES:
            self.restless.add(number)
            del self._read[number], self._last[number]
