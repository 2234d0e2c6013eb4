"""The audit log's rows: appended in the caller's transaction, read in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from issuer.audit.model import GENESIS, Event, chain, line
from issuer.db.rows import insert_many
from issuer.db.tables import audit_head, audit_line

__all__ = ["Head", "Row", "append", "has_head", "hash_of", "head", "rows"]

Head = tuple[int, bytes]
"""Number and hash of the last line."""

PAGE = 2_000
"""Lines read at a time, so that a long log needs little memory."""


_HEAD = select(audit_head.c.seq, audit_head.c.hash)
_LOCKED_HEAD = _HEAD.with_for_update()
_MOVE_HEAD = update(audit_head).values(seq=bindparam("last"), hash=bindparam("hashed"))
_HASH_OF = select(audit_line.c.hash).where(audit_line.c.seq == bindparam("number"))


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is stored."""

    seq: int
    line: bytes
    hash: bytes


def append(connection: Connection, events: Sequence[Event], now: datetime) -> Head | None:
    """Add one line for each event; kept or lost together with the acts they tell of.

    Returns where the log ends then; None when there is nothing to add.
    """
    if not events:
        return None
    seq, previous = _locked_head(connection)
    added = []
    for seq_number, event in enumerate(events, start=seq + 1):
        text = line(event, seq_number, now)
        previous = chain(previous, text)
        added.append({"seq": seq_number, "line": text, "hash": previous})
    insert_many(connection, audit_line, added)
    connection.execute(_MOVE_HEAD, {"last": seq + len(events), "hashed": previous})
    return seq + len(events), previous


def _locked_head(connection: Connection) -> Head:
    found = connection.execute(_LOCKED_HEAD).one()
    return found.seq, bytes(found.hash)


def head(connection: Connection) -> Head:
    """Return number and hash of the last line; (0, `GENESIS`) of an empty log."""
    found = connection.execute(_HEAD).one_or_none()
    return (found.seq, bytes(found.hash)) if found else (0, GENESIS)


def has_head(connection: Connection) -> bool:
    """Tell whether a line can be added: without its head the log takes none."""
    return connection.scalar(select(audit_head.c.id)) is not None


def hash_of(connection: Connection, seq: int) -> bytes | None:
    """Return the hash of line `seq`, None when there is no such line."""
    found = connection.scalar(_HASH_OF, {"number": seq})
    return None if found is None else bytes(found)


def rows(connection: Connection) -> Iterator[Row]:
    """Yield the lines in order, a page at a time."""
    after = 0
    while True:
        query = select(audit_line).where(audit_line.c.seq > after).order_by(audit_line.c.seq)
        page = connection.execute(query.limit(PAGE)).all()
        yield from (Row(found.seq, bytes(found.line), bytes(found.hash)) for found in page)
        if len(page) < PAGE:
            return
        after = page[-1].seq
