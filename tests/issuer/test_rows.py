"""Every row of the issuer's threat model that this service answers has tests named after it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
ROWS = ("i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9", "i16", "i17", "i18", "i19")


def named():
    found = [
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"def test_((?:[a-z]+\d+_)+)", file.read_text())
    ]
    return [row for name in found for row in name.strip("_").split("_")]


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_two_tests_or_more(row):
    assert named().count(row) >= 2
