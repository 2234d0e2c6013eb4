"""One entry that tells in force, revoked or suspended: for credentials that may carry only one.

Spec: W3C Bitstring Status List v1.0, §2.1 (``statusSize``, ``statusMessage``); the same values as
IETF Token Status List §7.1.
Shape: a list has four bits for each of its places. A credential at place p has index places + p:
two bits at twice its index tell its standing, and the single bit at its index, where no entry of
two bits is in use, tells "not in force" to a reader who overlooks ``statusSize``.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

from badges.status import bits as status_bits
from badges.status.entry import make_entry

__all__ = ["SIZE", "Standing", "index_of", "make_standing_entry", "pack_standings", "revoked_in"]

SIZE = 2
"""Bits of one entry."""


class Standing(IntEnum):
    """What an entry says; the numbers are those of token status lists."""

    IN_FORCE = 0
    REVOKED = 1
    SUSPENDED = 2


_MESSAGES = ("in force", "revoked", "suspended", "not used")


def index_of(place: int, places: int) -> int:
    """Return the index of a place in a list of `places`."""
    return places + place


def make_standing_entry(list_url: str, index: int) -> dict[str, Any]:
    """Return the ``credentialStatus`` object for entry `index` of such a list."""
    messages = [{"status": f"0x{n}", "message": text} for n, text in enumerate(_MESSAGES)]
    entry = make_entry(list_url, index, "suspension")
    return entry | {"statusSize": SIZE, "statusMessage": messages}


def pack_standings(places: int, standings: Iterable[tuple[int, Standing]]) -> bytearray:
    """Return the bits of a list of `places`, given the entries that are not in force by index.

    Raises:
        StatusListTooShort: fewer places than a list has.
    """
    bits = status_bits.new(places * 2, size=SIZE)
    for index, standing in standings:
        status_bits.write(bits, index, standing, size=SIZE)
        status_bits.write(bits, index, 1)
    return bits


def revoked_in(bits: bytes) -> Iterator[int]:
    """Give the indices that such a list says are revoked."""
    first = len(bits) // 2  # the bits before are those of readers that overlook the size
    for offset, byte in enumerate(bits[first:], start=first):
        if byte:
            for index in range(offset * 4, offset * 4 + 4):
                if status_bits.read(bits, index, size=SIZE) == Standing.REVOKED:
                    yield index
