"""Write many rows at once, and rows that may be there already."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from issuer.db.tables import counter

__all__ = ["insert_many", "insert_new", "next_numbers"]

COPY_FROM = 50
"""Rows from which PostgreSQL's COPY is worth its round trip, and SQLite's driver is told itself."""


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which all name the same columns; a key that is taken is an error.

    Many rows go to PostgreSQL by COPY, in the same transaction as everything else.
    """
    if len(rows) >= COPY_FROM:
        (_copy if connection.dialect.name == "postgresql" else _tell)(connection, table, rows)
    elif rows:
        connection.execute(_insert(table), [dict(row) for row in rows])


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


def _tell(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give the driver tuples: looking at each row's names again would take longer than the rest."""
    statement, writers = _told(table, tuple(rows[0]), connection.dialect)
    columns = (
        [row[name] for row in rows] if write is None else [write(row[name]) for row in rows]
        for name, write in writers
    )
    connection.exec_driver_sql(statement, [*zip(*columns, strict=True)])


@cache
def _told(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """Return the statement, and how the values of each column are written, in its order."""
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    order = compiled.positiontup or names
    types = [table.c[name].type.dialect_impl(dialect) for name in order]
    writers = [found.bind_processor(dialect) for found in types]
    return str(compiled), tuple(zip(order, writers, strict=True))


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    statement = f"COPY {quote(table.name)} ({columns}) FROM STDIN"
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection has no driver")
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([_plain(row[name]) for name in names])
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert `row` and tell whether it was new; an equal key keeps the row that is there.

    Waits for another transaction that is just writing the same key.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(row)).on_conflict_do_nothing()
    counted = statement.execution_options(preserve_rowcount=True)
    return connection.execute(counted).rowcount == 1


_NEXT = (
    update(counter)
    .where(counter.c.name == bindparam("of"))
    .values(last=counter.c.last + bindparam("more"))
    .returning(counter.c.last)
)


def next_numbers(connection: Connection, name: str, count: int) -> Sequence[int]:
    """Give out `count` numbers that nobody else gets."""
    wanted = {"of": name, "more": count}
    last = connection.scalar(_NEXT, wanted)
    if last is None:  # the first time
        insert_new(connection, counter, {"name": name, "last": 0})
        last = connection.execute(_NEXT, wanted).scalar_one()
    return range(last - count + 1, last + 1)
