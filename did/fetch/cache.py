"""Answers kept for a while, so that a thousand checks ask for one status list once.

Bounded in number, bytes and age; the answer longest unused leaves first.
"""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from did.fetch.fetched import Fetched

__all__ = ["Cache"]

LONGEST = timedelta(hours=24)
"""No answer is older, whatever anybody configures: a DID that is gone must not live on here."""

MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})")
NEVER = re.compile(r"(?:^|[\s,])(?:no-store|no-cache|private)(?:$|[\s,=])")


@dataclass(slots=True)
class Cache:
    """Answers by address."""

    max_age: timedelta = timedelta(minutes=5)
    """Longest time an answer is kept, however long its sender would like."""

    max_entries: int = 256
    max_bytes: int = 64 * 2**20
    _kept: OrderedDict[str, Fetched] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, url: str, now: datetime) -> Fetched | None:
        """Return the answer for `url`, if we have one that is still fresh."""
        with self._lock:
            answer = self._kept.get(url)
            if answer is None:
                return None
            if not timedelta(0) <= now - answer.fetched_at < self._age(answer):
                del self._kept[url]
                return None
            self._kept.move_to_end(url)
            return answer

    def keep(self, answer: Fetched) -> None:
        """Keep a good answer, if its sender does not mind."""
        if answer.status != 200 or len(answer.body) > self.max_bytes or not self._age(answer):
            return
        with self._lock:
            self._kept[answer.url] = answer
            self._kept.move_to_end(answer.url)
            while len(self._kept) > self.max_entries or self._bytes() > self.max_bytes:
                self._kept.popitem(last=False)

    def _bytes(self) -> int:
        return sum(len(answer.body) for answer in self._kept.values())

    def _age(self, answer: Fetched) -> timedelta:
        control = answer.headers.get("cache-control", "").lower()
        if NEVER.search(control):
            return timedelta(0)
        most = min(self.max_age, LONGEST)
        wish = MAX_AGE.search(control)
        return min(most, timedelta(seconds=int(wish[1]))) if wish else most
