"""How much a document may ask of us before we refuse it.

Spec: RDFC-1.0 §7.1 (dataset poisoning): some small graphs need more work than there is time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from badges.errors import BudgetExceeded, MalformedValue

__all__ = ["BUDGET", "Budget", "Work", "measure"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Upper bounds; an honest credential stays far below each of them."""

    characters: int = 4 * 2**20
    """Text in all names and values together (a status list is one long value)."""

    depth: int = 64
    values: int = 20_000
    """Objects, arrays and scalars together."""

    objects: int = 1_500
    """The largest official samples have a few hundred; each costs about a millisecond."""

    quads: int = 20_000
    blank_nodes: int = 4_000
    work: int = 200_000
    """Steps of the search that tells look-alike blank nodes apart; mostly none are needed."""


BUDGET = Budget()


_SCALARS = frozenset({str, int, float, bool, type(None)})


class Work:
    """A purse of steps: spending from an empty one is an error."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take `steps` from the purse.

        Raises:
            BudgetExceeded: it is empty.
        """
        self.left -= steps
        if self.left < 0:
            raise BudgetExceeded("its nameless objects are too entangled to tell apart in time")


def measure(document: object, budget: Budget) -> None:
    """Refuse a document that is too big, too deep, or not made of JSON values.

    Raises:
        BudgetExceeded: one of the bounds is passed.
        MalformedValue: a value is of no JSON type.
    """
    left = {name: getattr(budget, name) for name in ("values", "objects", "characters")}
    left["values"] -= 1
    level: list[Any] = [document]
    for _ in range(budget.depth):
        below: list[Any] = []
        for box in level:
            below += _open(box, left)
            if len(below) > left["values"]:
                raise BudgetExceeded(f"more than {budget.values} values")
        left["values"] -= len(below)
        left["characters"] -= sum(len(value) for value in below if type(value) is str)
        for name, remaining in left.items():
            if remaining < 0:
                raise BudgetExceeded(f"more than {getattr(budget, name)} {name}")
        level = [value for value in below if type(value) not in _SCALARS]
        if not level:
            return
    raise BudgetExceeded(f"nested more than {budget.depth} levels deep")


def _open(value: object, left: dict[str, int]) -> Iterable[object]:
    """Charge for one object or array and return what is inside it."""
    if isinstance(value, dict | Mapping):  # a dict is found out sooner
        left["objects"] -= 1
        left["characters"] -= sum(map(len, value))
        return value.values()
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        left["characters"] -= len(value)
    elif value is not None and not isinstance(value, int | float):
        raise MalformedValue(f"{type(value).__name__} is not a JSON type")
    return ()
