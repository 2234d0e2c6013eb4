"""Write many rows at once, and rows that may be there already."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, update
from sqlalchemy.dialects import postgresql, sqlite

from issuer.db.tables import counter

__all__ = ["insert_new", "next_numbers"]


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert `row` and tell whether it was new; an equal key keeps the row that is there.

    Waits for another transaction that is just writing the same key.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(row)).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def next_numbers(connection: Connection, name: str, count: int) -> Sequence[int]:
    """Give out `count` numbers that nobody else gets."""
    insert_new(connection, counter, {"name": name, "last": 0})
    change = update(counter).where(counter.c.name == name).values(last=counter.c.last + count)
    last = connection.execute(change.returning(counter.c.last)).scalar_one()
    return range(last - count + 1, last + 1)
