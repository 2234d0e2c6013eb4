"""What the desk reads about awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from issuer.admin.titles import titles_of
from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Decision
from issuer.claiming.unclaimed import is_unclaimed
from issuer.db.tables import achievement, award, issuance, status_entry
from issuer.errors import NotFound
from issuer.status.model import Purpose

__all__ = ["PAGE", "Awarded", "Filter", "one", "search", "several"]

PAGE = 50
"""Awards on one page."""


class Filter(StrEnum):
    """Which awards a list shows."""

    ALL = "all"
    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Awarded:
    """One award as the desk shows it."""

    id: int
    achievement: str
    awarded_on: date
    decision: Decision | None
    """None once the learner was erased."""

    achievement_id: int = 0
    replaces_id: int | None = None
    title: str = ""
    """The achievement's, in the language of the page."""

    @property
    def learner(self) -> str:
        """The person's name, or what is left to say."""
        return self.decision.learner.name or "" if self.decision else ""


def search(
    connection: Connection,
    organisation_id: int,
    words: str = "",
    before: int | None = None,
    only: Filter = Filter.ALL,
) -> Sequence[Awarded]:
    """Return the newest awards of an organisation that mention every one of `words`."""
    query = _of(organisation_id).order_by(award.c.id.desc()).limit(PAGE)
    query = _standing(query, only)
    for word in words.split()[:5]:
        query = query.where(award.c.content.icontains(word, autoescape=True))
    if before is not None:
        query = query.where(award.c.id < before)
    return _read(connection, query)


def one(connection: Connection, organisation_id: int, award_id: int) -> Awarded:
    """Return an award of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = _of(organisation_id).where(award.c.id == award_id)
    found = _read(connection, query)
    if not found:
        raise NotFound("this organisation has no such award")
    return found[0]


def several(
    connection: Connection,
    organisation_id: int,
    award_ids: Sequence[int],
    *,
    only_unclaimed: bool = False,
) -> list[Awarded]:
    """Return those of these awards that are this organisation's, in order."""
    query = _of(organisation_id).where(award.c.id.in_(award_ids)).order_by(award.c.id)
    if only_unclaimed:
        query = query.where(is_unclaimed())
    return _read(connection, query)


def _standing(query: Select[*tuple[Any, ...]], only: Filter) -> Select[*tuple[Any, ...]]:
    """Narrow a list down to awards that stand so."""
    if only is Filter.ALL:
        return query
    revoked, suspended = (_is_set(p) for p in (Purpose.REVOCATION, Purpose.SUSPENSION))
    if only is Filter.REVOKED:
        return query.where(revoked)
    return query.where(~revoked, suspended if only is Filter.SUSPENDED else ~suspended)


def _is_set(purpose: Purpose) -> ColumnElement[bool]:
    return (
        select(status_entry.c.index)
        .join(issuance, issuance.c.id == status_entry.c.issuance_id)
        .where(issuance.c.award_id == award.c.id, status_entry.c.purpose == purpose)
        .where(status_entry.c.set_at.is_not(None))
        .exists()
    )


def _of(organisation_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            award.c.id,
            award.c.awarded_on,
            award.c.content,
            award.c.erased_at,
            award.c.achievement_id,
            award.c.replaces_id,
            achievement.c.key,
        )
        .join(achievement, achievement.c.id == award.c.achievement_id)
        .where(achievement.c.organisation_id == organisation_id)
    )


def _read(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[Awarded]:
    rows = connection.execute(query).all()
    titles = titles_of(connection, [row.achievement_id for row in rows])
    return [
        Awarded(
            id=row.id,
            achievement=row.key,
            awarded_on=row.awarded_on,
            decision=None if row.erased_at else from_json(row.content),
            achievement_id=row.achievement_id,
            replaces_id=row.replaces_id,
            title=titles[row.achievement_id],
        )
        for row in rows
    ]
