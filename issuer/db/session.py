"""Open the database and do units of work in it.

Shape: a unit of work is one transaction; stores get its `Connection`.
SQLite: write-ahead log, foreign keys, ten seconds of patience, a write lock from the first
statement on (so that two writers wait for each other instead of failing half-way).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import PoolProxiedConnection

__all__ = ["engine", "passing_work", "reading", "unit_of_work"]

PRAGMAS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -131072",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",
)
"""``synchronous = FULL``: an acknowledged commit survives a power cut, not only a crash."""

KIND = "kind of transaction"
"""Where a connection is told what the next transaction is for."""


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


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see `_begin`
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(dbapi_connection: PoolProxiedConnection) -> None:
    """Begin as SQLite wants it, told to the driver itself: a wallet's claim begins 12 times."""
    driver, known = dbapi_connection.dbapi_connection, dbapi_connection.info
    kind = known.pop(KIND, "")  # said for this transaction alone
    if kind == "reading":
        _tell(driver, "BEGIN")
        return
    level = "NORMAL" if kind == "passing" else "FULL"
    if known.get("synchronous") != level:
        _tell(driver, f"PRAGMA synchronous = {level}")
        known["synchronous"] = level  # kept as long as the connection itself
    _tell(driver, "BEGIN IMMEDIATE")


@contextmanager
def _transaction(engine: Engine, kind: str) -> Iterator[Connection]:
    with engine.connect().execution_options(**{kind: True}) as connection:
        if connection.dialect.name == "sqlite":
            connection.info[KIND] = kind
        with connection.begin():
            yield connection


def _tell(driver: Any, statement: str) -> None:
    try:
        driver.execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Connection]:
    """Do everything inside in one transaction: all of it is kept, or none."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def passing_work(engine: Engine) -> Iterator[Connection]:
    """Do the same for what may be lost in a power cut: a log line, a nonce that was used.

    A crash of this process loses nothing, and the store stays whole in any case; what is spared is
    waiting for the disk.
    """
    with _transaction(engine, "passing") as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read without waiting for writers; nothing inside may write."""
    with _transaction(engine, "reading") as connection:
        yield connection
