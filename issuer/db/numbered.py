"""Statements about rows by number: for one number the plain form, for many the list.

A list is written into the statement each time it is executed; a wallet's claim asks seven times for
one number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, bindparam

__all__ = ["Numbered", "numbered"]

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Numbered(Generic[S]):
    """The two forms of one statement."""

    one: S
    many: S

    def of(self, numbers: Sequence[int], **values: object) -> tuple[S, dict[str, Any]]:
        """Return the form for these numbers, with its values: what `Connection.execute` takes."""
        if len(numbers) == 1:
            return self.one, {"number": numbers[0], **values}
        return self.many, {"numbers": numbers, **values}


def numbered(column: ColumnElement[int], write: Callable[[ColumnElement[bool]], S]) -> Numbered[S]:
    """Return both forms of what `write` makes of the condition that `column` is one of them."""
    return Numbered(
        one=write(column == bindparam("number")),
        many=write(column.in_(bindparam("numbers", expanding=True))),
    )
