"""One step for all issuances of a chunk before the next step: each finds its code at hand."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from badges.errors import BadgeError
from issuer.errors import IssuerError

__all__ = ["Refused", "each"]


class Numbered(Protocol):
    """An issuance on its way, as some step sees it."""

    @property
    def id(self) -> int:
        """Its number."""


Found = TypeVar("Found", bound=Numbered)
Made = TypeVar("Made")

Refused = dict[int, BadgeError | IssuerError]
"""Which issuances are given up, by number, and why."""


def each(
    found: Iterable[Found],
    make: Callable[[Found], Made],
    reasons: tuple[type[BadgeError] | type[IssuerError], ...],
    refused: Refused,
) -> dict[int, Made]:
    """Return what `make` makes of each, by number; what it raises of `reasons` is `refused`."""
    made: dict[int, Made] = {}
    for one in found:
        try:
            made[one.id] = make(one)
        except reasons as error:
            refused[one.id] = error
    return made
