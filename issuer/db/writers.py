"""Writers of one SQLite file take turns without idling, and wait for the disk outside their turn.

SQLite lets one writer in at a time; the others ask again after pauses that grow to a tenth of a
second. Here the threads of a process hand the turn over at once, so that of each process only one
asks, and it asks often. SQLite's own lock stays the truth: who does not queue here is merely
slower, and a turn that is not had in time is left to SQLite to refuse.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

__all__ = ["PATIENCE", "begin", "log_of", "sync", "turn"]

PATIENCE = 10.0
"""Seconds a writer waits for the others, in this process and in all."""

PAUSES = (0.0002, 0.0004, 0.0006)
"""Seconds between the first questions whether another process is done; then `PAUSE`."""

PAUSE = 0.001

_BUSY = 5
"""SQLITE_BUSY; what is more special has it in its lowest byte."""

_turns: "WeakKeyDictionary[Engine, threading.Lock]" = WeakKeyDictionary()
_holders: "WeakKeyDictionary[Engine, int]" = WeakKeyDictionary()


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Wait until no other thread of this process writes to the store of `engine`.

    A thread that has its turn already is not kept waiting for itself.
    """
    lock, me = _turns.setdefault(engine, threading.Lock()), threading.get_ident()
    if _holders.get(engine) == me or not lock.acquire(timeout=PATIENCE):
        yield
        return
    _holders[engine] = me
    try:
        yield
    finally:
        _holders.pop(engine, None)
        lock.release()


def begin(driver: sqlite3.Connection, patience: float = PATIENCE) -> None:
    """Begin to write, as soon as no other process does.

    Raises:
        sqlite3.OperationalError: somebody else wrote for longer than `patience`.
    """
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        _begin(driver, time.monotonic() + patience)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")


def _begin(driver: sqlite3.Connection, end: float) -> None:
    pauses = iter(PAUSES)
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != _BUSY or time.monotonic() >= end:
                raise
            time.sleep(next(pauses, PAUSE))
        else:
            return


def log_of(driver: sqlite3.Connection) -> Path | None:
    """Return the write-ahead log behind a connection; None for a store that has none."""
    (mode,) = driver.execute("PRAGMA journal_mode").fetchone()
    file: Any = driver.execute("PRAGMA database_list").fetchone()[2]
    return Path(f"{file}-wal") if file and mode == "wal" and os.name == "posix" else None


def sync(log: Path) -> None:
    """Return when the disk has all that was committed before: nothing of it is lost from now on.

    What SQLite moved from the log into the database meanwhile, it synced itself.
    """
    number = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    try:
        getattr(os, "fdatasync", os.fsync)(number)
    finally:
        os.close(number)
