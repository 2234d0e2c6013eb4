"""Write many rows at once, and rows that may be there already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import repeat
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Insert,
    Table,
    Update,
    bindparam,
    insert,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from issuer.db.tables import counter

__all__ = ["change_many", "insert_many", "insert_new", "next_numbers"]

COPY_FROM = 50
"""Rows from which PostgreSQL's COPY is worth its round trip, and SQLite's driver is told itself."""

Rows = Sequence[Mapping[str, Any]]
Values = Callable[[Rows], Iterable[Any]]
"""One value of each of these rows, as the driver wants it."""


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert `rows`, which all name the same columns; a key that is taken is an error.

    Many rows go to PostgreSQL by COPY, in the same transaction as everything else.
    """
    if len(rows) < COPY_FROM:
        if rows:
            connection.execute(_insert(table), [dict(row) for row in rows])
    elif connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        _tell(connection, _insert(table), rows)


def change_many(connection: Connection, change: Update, rows: Rows) -> None:
    """Make one change for each of `rows`, which all give the same values."""
    if len(rows) >= COPY_FROM and connection.dialect.name == "sqlite":
        _tell(connection, change, rows)
    elif rows:
        connection.execute(change, [dict(row) for row in rows])


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


def _tell(connection: Connection, statement: Insert | Update, rows: Rows) -> None:
    """Give the driver tuples: looking at each row's names again would take longer than the rest."""
    text, columns = _told(statement, tuple(rows[0]), connection.dialect)
    values = [column(rows) for column in columns]
    connection.exec_driver_sql(text, [*zip(*values, strict=True)])


@cache
def _told(
    statement: Insert | Update, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[Values, ...]]:
    """Return the text of a statement, and how each of its values is taken from rows, in order."""
    keys = names if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    binds = [compiled.binds[name] for name in compiled.positiontup or ()]
    return str(compiled), tuple([_values(bind, names, dialect) for bind in binds])


def _values(bind: BindParameter[Any], names: tuple[str, ...], dialect: Dialect) -> Values:
    name, write = bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect)
    if name not in names:  # the statement says it itself
        said = bind.value if write is None else write(bind.value)
        return lambda rows: repeat(said, len(rows))
    if write is None:
        return lambda rows: [row[name] for row in rows]
    return lambda rows: [write(row[name]) for row in rows]


def _copy(connection: Connection, table: Table, rows: Rows) -> None:
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
