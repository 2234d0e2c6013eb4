"""Numbers about awards, so that no small group of people shows through.

Shape: a cell with fewer than five people has no number. All other numbers, totals too, are rounded
down to a multiple of five, as higher education statistics are: so the difference of a total and
the cells beside it, or of two tables, does not tell what a cell without a number holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["FEWEST", "Cell", "Fact", "Table", "tabulate"]

FEWEST = 5
"""People in a cell that has numbers; also what numbers are rounded down to."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One award, as far as it is counted."""

    person: bytes
    """Equal for the same person; empty when the learner was erased."""

    claimed: bool
    places: tuple[str, ...]
    """The cells of a table it counts in."""


@dataclass(slots=True)
class _Count:
    awards: int = 0
    claims: int = 0
    people: set[bytes] = field(default_factory=set)
    claimants: set[bytes] = field(default_factory=set)

    def add(self, fact: Fact) -> None:
        self.awards += 1
        self.claims += fact.claimed
        if fact.person:
            self.people.add(fact.person)
            if fact.claimed:
                self.claimants.add(fact.person)


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a table; None = fewer than five people."""

    name: str
    awards: int | None
    claims: int | None
    checks: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """One way to look at the awards."""

    cells: tuple[Cell, ...]
    total: Cell

    @property
    def most(self) -> int:
        """Return the largest number of awards in a cell."""
        return max((cell.awards or 0 for cell in self.cells), default=0)


def tabulate(
    facts: Sequence[Fact], checks: Iterable[tuple[Sequence[str], int]], *, by_name: bool = False
) -> Table:
    """Count facts by their places; largest first, or by name.

    An award may count in several places; the total has each once.
    """
    counts: dict[str, _Count] = {}
    everything = _Count()
    for fact in facts:
        everything.add(fact)
        for place in fact.places:
            counts.setdefault(place, _Count()).add(fact)
    checked: dict[str, int] = {}
    all_checks = 0
    for places, count in checks:
        all_checks += count
        for place in places:
            checked[place] = checked.get(place, 0) + count
    cells = [_cell(name, count, checked.get(name, 0)) for name, count in counts.items()]
    if by_name:
        cells.sort(key=lambda cell: cell.name)
    else:  # those without a number by name, so that their order tells nothing
        cells.sort(key=lambda cell: (-(cell.awards or 0), cell.name))
    return Table(tuple(cells), _cell("", everything, all_checks))


def _cell(name: str, count: _Count, checks: int) -> Cell:
    if len(count.people) < FEWEST:
        return Cell(name, None, None, None)
    claims = count.claims if len(count.claimants) >= FEWEST else 0
    return Cell(name, _rounded(count.awards), _rounded(claims), _rounded(checks))


def _rounded(number: int) -> int | None:
    return number - number % FEWEST or None
