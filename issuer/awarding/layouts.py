"""How an organisation's lists were read before: the same headings are read the same way."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from issuer.awarding.columns import Chosen, Column
from issuer.db.layout_tables import list_layout

__all__ = ["recall", "remember"]


def recall(connection: Connection, organisation_id: int, header: Sequence[str]) -> Chosen | None:
    """Return what these headings were taken for the last time, None of new ones."""
    query = select(list_layout.c.columns).where(*_key(organisation_id, header))
    kept = connection.scalar(query)
    if kept is None:
        return None
    return tuple(Column(meant) if meant else None for meant in orjson.loads(kept))


def remember(
    connection: Connection,
    organisation_id: int,
    header: Sequence[str],
    chosen: Chosen,
    now: datetime,
) -> None:
    """Keep what these headings mean here."""
    connection.execute(delete(list_layout).where(*_key(organisation_id, header)))
    row = {
        "organisation_id": organisation_id,
        "header_digest": _digest(header),
        "columns": orjson.dumps(chosen).decode(),
        "used_at": now,
    }
    connection.execute(insert(list_layout).values(row))


def _key(organisation_id: int, header: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    mine = list_layout.c.organisation_id == organisation_id
    return mine, list_layout.c.header_digest == _digest(header)


def _digest(header: Sequence[str]) -> str:
    return hashlib.sha256(orjson.dumps(list(header))).hexdigest()
