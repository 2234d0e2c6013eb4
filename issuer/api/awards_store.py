"""What the API reads of awards."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Decision
from issuer.db.tables import achievement, award
from issuer.errors import NotFound

__all__ = ["Kept", "find", "newest"]


class Kept(NamedTuple):
    """One award; its decision is gone once the learner was erased."""

    id: int
    achievement: str
    awarded_on: date
    decision: Decision | None


def newest(
    connection: Connection, organisation_id: int, limit: int, before: int | None
) -> Sequence[Kept]:
    """Return the newest awards of an organisation."""
    query = _of(organisation_id).order_by(award.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(award.c.id < before)
    return [_read(row) for row in connection.execute(query)]


def find(connection: Connection, organisation_id: int, number: int) -> Kept:
    """Return one award of an organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    row = connection.execute(_of(organisation_id).where(award.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("this organisation has no such award")
    return _read(row)


def _of(organisation_id: int) -> Any:
    return (
        select(award, achievement.c.key)
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(achievement.c.organisation_id == organisation_id)
    )


def _read(row: Any) -> Kept:
    decision = None if row.erased_at else from_json(row.content)
    return Kept(row.id, row.key, row.awarded_on, decision)
