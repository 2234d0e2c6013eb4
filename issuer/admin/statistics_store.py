"""What the statistics are counted from: awards in force of an organisation and those below it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from badges.award.lang import pick
from contexts.codes import code_list
from issuer.admin.statistics import Fact
from issuer.admin.titles import titles_told_apart
from issuer.awarding.decision_json import from_json
from issuer.awarding.person import same_person
from issuer.catalogue import store as catalogue
from issuer.claiming.unclaimed import is_revoked, was_taken
from issuer.db.after_tables import verification_count
from issuer.db.tables import achievement, award
from issuer.organisations import store as organisations
from issuer.organisations.model import Organisation
from issuer.organisations.service import is_member_of
from issuer.web import i18n

__all__ = ["Counted", "Dimension", "gather"]


class Dimension(StrEnum):
    """How awards are grouped."""

    MEMBER = "member"
    ACHIEVEMENT = "achievement"
    AREA = "area"
    """Broad field of ISCED-F: the areas in which ESCO orders knowledge."""

    FIELD = "field"
    SKILL = "skill"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class _Version:
    """An achievement as statistics see it: the cells of each table that it counts in."""

    places: dict[Dimension, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Award:
    person: bytes
    claimed: bool
    achievement_id: int
    month: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything the tables are made of."""

    awards: Sequence[_Award]
    versions: dict[int, _Version]
    checks: Sequence[tuple[int, str, int]]

    def facts(self, dimension: Dimension) -> list[Fact]:
        """Return the awards with their cells in one table."""
        return [
            Fact(one.person, one.claimed, self._places(dimension, one.achievement_id, one.month))
            for one in self.awards
        ]

    def checked(self, dimension: Dimension) -> Iterator[tuple[tuple[str, ...], int]]:
        """Give the counted checks with their cells in one table."""
        for achievement_id, month, count in self.checks:
            yield self._places(dimension, achievement_id, month), count

    def _places(self, dimension: Dimension, achievement_id: int, month: str) -> tuple[str, ...]:
        if dimension is Dimension.MONTH:
            return (month,)
        return self.versions[achievement_id].places[dimension]


def gather(connection: Connection, at: Organisation, year: int | None) -> Counted:
    """Collect the awards in force of an organisation and everything real below it."""
    below = {
        found.id: found
        for found in organisations.all_organisations(connection)
        if is_member_of(connection, found, at) and (found.id == at.id or not found.is_sandbox)
    }
    versions = _versions(connection, below)
    awards = list(_awards(connection, versions, year))
    table = verification_count
    query = select(table.c.achievement_id, table.c.month, table.c["count"].label("times"))
    query = query.where(table.c.achievement_id.in_(list(versions)))
    if year is not None:
        query = query.where(table.c.month.startswith(f"{year:04d}-"))
    checks = [(row.achievement_id, row.month, row.times) for row in connection.execute(query)]
    return Counted(awards, versions, checks)


def _versions(connection: Connection, below: dict[int, Organisation]) -> dict[int, _Version]:
    query = select(achievement.c.id).where(achievement.c.organisation_id.in_(list(below)))
    found = [catalogue.by_number(connection, number) for number in connection.scalars(query).all()]
    titles = titles_told_apart(found)
    return {
        version.id: _Version(
            {
                Dimension.MEMBER: (below[version.organisation_id].particulars.legal_name,),
                Dimension.ACHIEVEMENT: (titles[version.key],),
                Dimension.AREA: _fields(code[:2] for code in version.entry.isced_f),
                Dimension.FIELD: _fields(version.entry.isced_f),
                Dimension.SKILL: tuple(
                    dict.fromkeys(
                        pick(skill.label, i18n.language()) or skill.uri
                        for outcome in version.entry.learning_outcomes
                        for skill in outcome.skills
                        if skill.framework == "ESCO"
                    )
                ),
            }
        )
        for version in found
    }


def _awards(
    connection: Connection, versions: dict[int, _Version], year: int | None
) -> Iterator[_Award]:
    query = select(
        award.c.achievement_id,
        award.c.awarded_on,
        award.c.content,
        award.c.erased_at,
        was_taken().label("taken"),
    ).where(award.c.achievement_id.in_(list(versions)), ~is_revoked())
    for row in connection.execute(query):
        if year is None or row.awarded_on.year == year:
            person = b"" if row.erased_at else _person(row.content)
            month = row.awarded_on.strftime("%Y-%m")
            yield _Award(person, bool(row.taken), row.achievement_id, month)


def _person(content: str) -> bytes:
    """Return a text that is equal for the same person and tells nothing; it is never stored."""
    return hashlib.blake2b(
        same_person(from_json(content).learner).encode(), digest_size=12
    ).digest()


def _fields(codes: Iterable[str]) -> tuple[str, ...]:
    """Return these codes of ISCED-F with their names, each once."""
    known = code_list("isced-f").codes
    return tuple(
        f"{code} {known[code].label(i18n.language())}" if code in known else code
        for code in dict.fromkeys(codes)
    )
