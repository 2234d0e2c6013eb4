"""What the desk reads about awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Decision
from issuer.db.tables import achievement, award
from issuer.errors import NotFound

__all__ = ["PAGE", "Awarded", "one", "search"]

PAGE = 50
"""Awards on one page."""


@dataclass(frozen=True, slots=True)
class Awarded:
    """One award as the desk shows it."""

    id: int
    achievement: str
    awarded_on: date
    decision: Decision | None
    """None once the learner was erased."""

    @property
    def learner(self) -> str:
        """The person's name, or what is left to say."""
        return self.decision.learner.name or "" if self.decision else ""


def search(
    connection: Connection, organisation_id: int, words: str = "", before: int | None = None
) -> Sequence[Awarded]:
    """Return the newest awards of an organisation that mention every one of `words`."""
    query = _of(organisation_id).order_by(award.c.id.desc()).limit(PAGE)
    for word in words.split()[:5]:
        query = query.where(award.c.content.icontains(word, autoescape=True))
    if before is not None:
        query = query.where(award.c.id < before)
    return [_read(row) for row in connection.execute(query)]


def one(connection: Connection, organisation_id: int, award_id: int) -> Awarded:
    """Return an award of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = _of(organisation_id).where(award.c.id == award_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("this organisation has no such award")
    return _read(row)


def _of(organisation_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            award.c.id, award.c.awarded_on, award.c.content, award.c.erased_at, achievement.c.key
        )
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(achievement.c.organisation_id == organisation_id)
    )


def _read(row: Row[*tuple[Any, ...]]) -> Awarded:
    decision = None if row.erased_at else from_json(row.content)
    return Awarded(row.id, row.key, row.awarded_on, decision)
