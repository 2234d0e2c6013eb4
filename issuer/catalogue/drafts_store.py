"""The rows of drafts: achievements that are being written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, insert, select, update

from issuer.db.catalogue_tables import achievement_draft

__all__ = ["Draft", "add", "by_key", "of_organisation", "remove", "save"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An achievement that is being written."""

    organisation_id: int
    key: str
    content: Mapping[str, Any]
    """In the shape of the YAML file, without ``id`` and ``awarding_body``; may lack anything."""

    languages: tuple[str, ...]
    """The languages it is written in, the first one first."""

    copied_from: str = ""
    """Slug and key of the achievement it was copied from: ``alvor/ai-principles``."""

    revision: int = 0
    changed_at: datetime | None = None

    def text(self, name: str) -> str:
        """Return one of its texts in the first language that has it."""
        texts = self.content.get(name) or {}
        return next((texts[tag] for tag in self.languages if tag in texts), "")


def add(connection: Connection, new: Draft, now: datetime) -> None:
    """Keep a new draft."""
    row = _content(new) | {
        "organisation_id": new.organisation_id,
        "key": new.key,
        "copied_from": new.copied_from,
        "revision": 1,
        "created_at": now,
        "changed_at": now,
    }
    connection.execute(insert(achievement_draft).values(row))


def save(connection: Connection, changed: Draft, now: datetime) -> bool:
    """Keep a change; False when somebody else was faster (or the draft is gone)."""
    mine = (achievement_draft.c.key == changed.key) & (
        achievement_draft.c.revision == changed.revision
    )
    row = _content(changed) | {"revision": changed.revision + 1, "changed_at": now}
    return connection.execute(update(achievement_draft).where(mine).values(row)).rowcount == 1


def by_key(connection: Connection, key: str) -> Draft | None:
    """Return the draft of an achievement, if there is one."""
    query = select(achievement_draft).where(achievement_draft.c.key == key)
    row = connection.execute(query).one_or_none()
    return _read(row) if row else None


def of_organisation(connection: Connection, organisation_id: int) -> Sequence[Draft]:
    """Return the drafts of an organisation, last changed first."""
    query = select(achievement_draft).where(achievement_draft.c.organisation_id == organisation_id)
    order = achievement_draft.c.changed_at.desc(), achievement_draft.c.id
    return [_read(row) for row in connection.execute(query.order_by(*order))]


def remove(connection: Connection, draft: Draft) -> bool:
    """Delete a draft; False when it has changed since it was read."""
    mine = (achievement_draft.c.key == draft.key) & (achievement_draft.c.revision == draft.revision)
    return connection.execute(delete(achievement_draft).where(mine)).rowcount == 1


def _content(draft: Draft) -> dict[str, object]:
    return {
        "content": orjson.dumps(draft.content).decode(),
        "languages": " ".join(draft.languages),
    }


def _read(row: Row[*tuple[Any, ...]]) -> Draft:
    return Draft(
        organisation_id=row.organisation_id,
        key=row.key,
        content=orjson.loads(row.content),
        languages=tuple(row.languages.split()),
        copied_from=row.copied_from,
        revision=row.revision,
        changed_at=row.changed_at,
    )
