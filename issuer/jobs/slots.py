"""Names of workers: each held by one living process, free as soon as that process is dead.

Shape: on PostgreSQL an advisory lock (class 7001, CRC-32 of the name) of a connection of its own;
on SQLite a lock on the file ``{folder}/NAME.lock``. Both end with the process, however it ends.
A name that can be taken belongs to nobody alive: that is how the dead are known.
PostgreSQL: needs a direct connection, not one pooled by transaction.
"""

import fcntl
import os
import re
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from issuer.errors import NoWorkerName

__all__ = ["FileSlots", "PostgresSlots", "Slot", "Slots", "held", "take_any"]

MOST_SLOTS = 64
"""Workers of one machine."""

CLASS = 7001
_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")


class Slot(Protocol):
    """A name that is held."""

    name: str

    def is_held(self) -> bool:
        """Tell whether it is still ours."""
        ...

    def free(self) -> None:
        """Give the name back."""
        ...


class Slots(Protocol):
    """Where names are held."""

    def take(self, name: str) -> Slot | None:
        """Hold `name`; None when another process does."""
        ...


@dataclass(slots=True)
class _FileSlot:
    name: str
    handle: int

    def is_held(self) -> bool:
        return self.handle >= 0

    def free(self) -> None:
        os.close(self.handle)
        self.handle = -1


@dataclass(frozen=True, slots=True)
class FileSlots:
    """Names held by processes of one machine."""

    folder: Path

    def take(self, name: str) -> Slot | None:
        """Hold `name`; None when another process does."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / f"{_checked(name)}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return _FileSlot(name, handle)


@dataclass(slots=True)
class _PostgresSlot:
    name: str
    connection: Connection

    def is_held(self) -> bool:
        if self.connection.closed:
            return False
        try:
            return bool(self.connection.scalar(text("SELECT true")))
        except Exception:  # noqa: BLE001 - however the connection ended, the lock went with it
            return False

    def free(self) -> None:
        with suppress(SQLAlchemyError):  # at once: a server sees only later that a client has left
            self.connection.scalar(text("SELECT pg_advisory_unlock_all()"))
        self.connection.detach()
        self.connection.close()


@dataclass(frozen=True, slots=True)
class PostgresSlots:
    """Names held by processes of any machine."""

    engine: Engine

    def take(self, name: str) -> Slot | None:
        """Hold `name`; None when another process does."""
        number = zlib.crc32(_checked(name).encode()) - 2**31
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        query = text("SELECT pg_try_advisory_lock(:class, :number)")
        if connection.scalar(query, {"class": CLASS, "number": number}):
            return _PostgresSlot(name, connection)
        connection.close()
        return None


def take_any(slots: Slots, machine: Callable[[], str] = socket.gethostname) -> Slot:
    """Hold the first free name of this machine: stable over restarts, never shared.

    Raises:
        NoWorkerName: all are held.
    """
    stem = re.sub("[^A-Za-z0-9._-]", "-", machine())[:60] or "worker"
    for number in range(1, MOST_SLOTS + 1):
        if slot := slots.take(f"{stem}-{number}"):
            return slot
    raise NoWorkerName(f"{MOST_SLOTS} workers run on {stem} already")


@contextmanager
def held(slots: Slots, name: str) -> Iterator[bool]:
    """Try to hold `name` for a moment and tell whether that worked."""
    slot = slots.take(name)
    try:
        yield slot is not None
    finally:
        if slot:
            slot.free()


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NoWorkerName("a worker's name has letters, digits, dots, dashes: at most 80")
    return name
