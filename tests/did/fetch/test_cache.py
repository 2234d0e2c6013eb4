"""The cache forgets: by age, by number, by size, and when it is asked to."""

from datetime import UTC, datetime, timedelta

import pytest

from did.fetch.cache import Cache
from did.fetch.fetched import Fetched

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://uni.example/status/1"


def answer(url=URL, *, status=200, body=b"x", control=None):
    headers = {} if control is None else {"cache-control": control}
    return Fetched(url, status, "", headers, body, NOW)


def kept(cache, url=URL, seconds=0):
    return cache.find(url, NOW + timedelta(seconds=seconds)) is not None


@pytest.mark.parametrize(
    ("control", "seconds", "stays"),
    [
        (None, 299, True),
        (None, 300, False),
        ("max-age=60", 59, True),
        ("max-age=60", 60, False),
        ("public, max-age=86400", 299, True),
        ("public, max-age=86400", 300, False),
        ("max-age=0", 0, False),
        ("no-store", 0, False),
        ("No-Cache, max-age=60", 0, False),
        ("private", 0, False),
        ("s-maxage=1", 299, True),
        (None, -1, False),
    ],
)
def test_an_answer_stays_as_long_as_both_sides_like(control, seconds, stays):
    cache = Cache()
    cache.keep(answer(control=control))
    assert kept(cache, seconds=seconds) is stays


@pytest.mark.parametrize("status", [301, 404, 410, 500])
def test_a_bad_answer_is_not_kept(status):
    cache = Cache()
    cache.keep(answer(status=status))
    assert not kept(cache)


def test_the_answer_longest_unused_leaves_first():
    cache = Cache(max_entries=2)
    cache.keep(answer("a"))
    cache.keep(answer("b"))
    cache.find("a", NOW)
    cache.keep(answer("c"))
    assert [kept(cache, url) for url in "abc"] == [True, False, True]


def test_the_bytes_are_bounded():
    cache = Cache(max_bytes=10)
    for url in "abc":
        cache.keep(answer(url, body=bytes(4)))
    cache.keep(answer("d", body=bytes(11)))
    assert [kept(cache, url) for url in "abcd"] == [False, True, True, False]


def test_v18_no_answer_is_kept_beyond_a_day_whatever_is_configured():
    cache = Cache(max_age=timedelta(days=30))
    cache.keep(answer(control="max-age=999999999"))
    assert cache.find(URL, NOW + timedelta(hours=23)) is not None
    assert cache.find(URL, NOW + timedelta(hours=24)) is None
