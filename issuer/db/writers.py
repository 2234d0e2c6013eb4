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

__all__ = ["MOST_LOG", "PATIENCE", "begin", "log_of", "shorten", "sync", "turn"]

PATIENCE = 10.0
"""Seconds a writer waits for the others, in this process and in all."""

PAUSES = (0.0002, 0.0004, 0.0006)
"""Seconds between the first questions whether another process is done; then `PAUSE`."""

PAUSE = 0.001

MOST_LOG = 128 * 2**20
"""Bytes of the write-ahead log from which bulk work moves it into the database."""

READERS = 0.5
"""Seconds that writers wait then for readers who are still in the log."""

_BUSY = 5
"""SQLITE_BUSY; what is more special has it in its lowest byte."""

_turns: "WeakKeyDictionary[Engine, threading.Lock]" = WeakKeyDictionary()
_lengths: "WeakKeyDictionary[Engine, int]" = WeakKeyDictionary()
"""How long the log was when it could not be begun anew."""

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


def shorten(engine: Engine, log: Path) -> None:
    """Move a long log into the database and begin it anew.

    SQLite begins a log anew by itself when nobody reads in it; but of two workers one always does,
    and it would grow for as long as they work. Most is moved while others write. When a reader
    stays for long, the next try is made when the log has grown as much again.
    """
    length = log.stat().st_size
    if length < _lengths.get(engine, 0) + MOST_LOG:
        return
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        driver.execute(f"PRAGMA busy_timeout = {READERS * 1000:.0f}")
        try:
            (is_busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
    _lengths[engine] = length if is_busy else 0
