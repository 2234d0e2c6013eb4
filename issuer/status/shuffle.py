"""Give out the places of a list in an order nobody outside can guess.

Shape: a Feistel network over pairs of half-numbers; each round's function is a table of random
half-numbers expanded from the list's key. Results past the end of the list are put in again
("cycle walking"), so every position below `size` has exactly one place, whatever the size.
"""

import hashlib
from functools import lru_cache

__all__ = ["place"]

ROUNDS = 6
"""Four make a pseudo-random permutation (Luby and Rackoff); two more for the small halves."""


def place(key: bytes, size: int, position: int) -> int:
    """Return the place of the `position`-th credential in a list of `size` places."""
    if not 0 <= position < size:
        raise ValueError(f"position {position} of {size}")
    width = ((size - 1).bit_length() + 1) // 2
    tables = _tables(key, width)
    found = _encrypt(tables, width, position)
    while found >= size:
        found = _encrypt(tables, width, found)
    return found


def _encrypt(tables: tuple[tuple[int, ...], ...], width: int, number: int) -> int:
    left, right = number >> width, number & (1 << width) - 1
    for table in tables:
        left, right = right, left ^ table[right]
    return left << width | right


@lru_cache(maxsize=64)
def _tables(key: bytes, width: int) -> tuple[tuple[int, ...], ...]:
    entries = 1 << width
    random = hashlib.shake_256(key).digest(ROUNDS * entries * 4)
    numbers = [
        int.from_bytes(random[start : start + 4]) & (entries - 1)
        for start in range(0, len(random), 4)
    ]
    return tuple(
        tuple(numbers[start : start + entries]) for start in range(0, len(numbers), entries)
    )
