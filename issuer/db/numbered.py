"""Statements about rows by number: plain for one and for a run of them, else with a list.

A list is written into the statement each time it is executed. A wallet's claim asks seven times for
one number; a chunk of a batch asks five times for numbers that were given out together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, bindparam

__all__ = ["Numbered", "numbered"]

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Numbered(Generic[S]):
    """The three forms of one statement."""

    one: S
    run: S
    many: S

    def of(self, numbers: Sequence[int], **values: object) -> tuple[S, dict[str, Any]]:
        """Return the form for these numbers, with its values: what `Connection.execute` takes."""
        if len(numbers) == 1:
            return self.one, {"number": numbers[0], **values}
        if numbers and [*numbers] == [*range(numbers[0], numbers[0] + len(numbers))]:
            return self.run, {"first": numbers[0], "last": numbers[-1], **values}
        return self.many, {"numbers": numbers, **values}


def numbered(column: ColumnElement[int], write: Callable[[ColumnElement[bool]], S]) -> Numbered[S]:
    """Return the forms of what `write` makes of the condition that `column` is one of them."""
    return Numbered(
        one=write(column == bindparam("number")),
        run=write(column.between(bindparam("first"), bindparam("last"))),
        many=write(column.in_(bindparam("numbers", expanding=True))),
    )
