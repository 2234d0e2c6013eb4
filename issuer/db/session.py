"""Open the database and do units of work in it.

Shape: a unit of work is one transaction; stores get its `Connection`.
SQLite: write-ahead log, foreign keys, ten seconds of patience, a write lock from the first
statement on (so that two writers wait for each other instead of failing half-way). Threads that
write take turns before that (`writers`), and wait as long again for theirs.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from issuer.db import writers

__all__ = [
    "bulk_work",
    "engine",
    "passing_work",
    "reading",
    "settle",
    "settling_work",
    "unit_of_work",
]

PRAGMAS = (
    f"PRAGMA busy_timeout = {writers.PATIENCE * 1000:.0f}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -131072",
    "PRAGMA temp_store = MEMORY",
)
"""``synchronous = FULL``: an acknowledged commit survives a power cut, not only a crash."""

LONG_LOG = 4000
"""Pages of the write-ahead log from which a commit moves them into the database."""

KIND = "kind of transaction"
"""Where a connection is told what the next transaction is for."""

LOG = "write-ahead log"
"""Where a connection knows the file that is to be synced for what it commits."""


def engine(url: str, *, pool_size: int = 5) -> Engine:
    """Return an engine for `url` (``sqlite:///…`` or ``postgresql+psycopg://…``)."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    made = create_engine(
        parsed,
        connect_args={"check_same_thread": False},
        max_overflow=-1,
        pool_use_lifo=True,  # the connection used last has its pages and statements at hand
        hide_parameters=True,  # values of rows are people: they belong in no error and no log
    )
    event.listen(made, "connect", _set_pragmas)
    # The dialect's own hook: an engine with events asks for listeners at each statement.
    made.dialect.do_begin = _begin  # type: ignore[method-assign]
    return made


def _set_pragmas(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see `_begin`
    for pragma in PRAGMAS:
        connection.execute(pragma)
    record.info[LOG] = writers.log_of(connection)


def _begin(dbapi_connection: PoolProxiedConnection) -> None:
    """Begin as SQLite wants it, told to the driver itself: a wallet's claim begins 12 times."""
    driver: Any = dbapi_connection.dbapi_connection
    known = dbapi_connection.info
    kind = known.pop(KIND, "")  # said for this transaction alone
    try:
        if kind == "reading":
            driver.execute("BEGIN")
            return
        is_later = kind == "passing" or (kind in {"settling", "bulk"} and known.get(LOG))
        _tell(driver, known, "synchronous", "NORMAL" if is_later else "FULL")
        _tell(driver, known, "wal_autocheckpoint", 0 if kind == "bulk" else LONG_LOG)
        if kind:
            writers.begin(driver)
        else:
            driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise OperationalError("BEGIN", None, error) from error


def _tell(driver: Any, known: dict[Any, Any], name: str, value: str | int) -> None:
    if known.get(name) != value:
        driver.execute(f"PRAGMA {name} = {value}")
        known[name] = value  # kept as long as the connection itself


@contextmanager
def _writing(engine: Engine, kind: str) -> Iterator[Connection]:
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with writers.turn(engine), engine.connect() as connection:
        connection.info[KIND] = kind
        with connection.begin():
            yield connection


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Connection]:
    """Do everything inside in one transaction: all of it is kept, or none."""
    with _writing(engine, "writing") as connection:
        yield connection


@contextmanager
def settling_work(engine: Engine) -> Iterator[Connection]:
    """Do the same, and let the next writer in while the disk is waited for.

    It is kept as surely, once the block is left; others see it a moment before. So it is for what
    nobody tells the world of in that moment: who does, lets it `settle` first.
    """
    with _writing(engine, "settling") as connection:
        log = connection.info.get(LOG)
        yield connection
    if log is not None:
        writers.sync(log)


@contextmanager
def bulk_work(engine: Engine, *, lasting: bool = True) -> Iterator[Connection]:
    """Do the same for a chunk of many, whose log is moved into the database now and then only.

    A page that many chunks change is moved once for all of them. In SQLite what is not `lasting`
    may be lost in a power cut, until a later commit or `settle` waits for the disk and for all
    before it. PostgreSQL waits each time: what is marked outside of it must be there for good.
    """
    with _writing(engine, "bulk") as connection:
        log = connection.info.get(LOG)
        yield connection
    if lasting and log is not None:
        writers.sync(log)
        writers.shorten(engine, log)


def settle(engine: Engine) -> None:
    """Return when nothing that can be read now is lost in a power cut."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            log = connection.info.get(LOG)
        if log is not None:
            writers.sync(log)


@contextmanager
def passing_work(engine: Engine) -> Iterator[Connection]:
    """Do the same for what may be lost in a power cut: a log line, a nonce that was used.

    A crash of this process loses nothing, and the store stays whole in any case; what is spared is
    waiting for the disk.
    """
    with _writing(engine, "passing") as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read without waiting for writers; nothing inside may write."""
    with engine.connect().execution_options(reading=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.info[KIND] = "reading"
        with connection.begin():
            yield connection
