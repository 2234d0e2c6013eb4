"""How an organisation cares for what it awarded: suspension, reminders, how long data is kept."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from issuer.db.after_tables import aftercare
from issuer.db.tables import achievement, award
from issuer.errors import InvalidAftercare

__all__ = ["Aftercare", "of_award", "parse_aftercare", "read", "save"]

MOST_DAYS = 365
MOST_REMINDERS = 5
MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What an organisation decided."""

    suspendable: bool = False
    """Awards from now on can be suspended for the time being, not only revoked."""

    reminder_days: tuple[int, ...] = ()
    """Days after the first mail at which a learner who has not taken the award is reminded."""

    retention_years: int | None = None
    """Years after the award until the learner's data is erased; None = kept until asked."""


def parse_aftercare(*, suspendable: bool, reminders: str, retention: str) -> Aftercare:
    """Read what an office wrote.

    Raises:
        InvalidAftercare: by field.
    """
    problems = {}
    days = [word for word in reminders.replace(";", ",").replace(",", " ").split() if word]
    if len(days) > MOST_REMINDERS or any(not _whole(day, MOST_DAYS) for day in days):
        problems["reminders"] = "Write up to five numbers of days from 1 to 365, like 7, 30."
    if retention.strip() and not _whole(retention.strip(), MOST_YEARS):
        problems["retention"] = "Write a whole number of years from 1 to 100, or nothing."
    if problems:
        raise InvalidAftercare(problems)
    years = int(retention) if retention.strip() else None
    return Aftercare(suspendable, tuple(sorted({int(day) for day in days})), years)


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= most


_OF_ORGANISATION = select(aftercare).where(aftercare.c.organisation_id == bindparam("organisation"))


_OF_AWARD = (
    select(aftercare)
    .join(achievement, achievement.c.organisation_id == aftercare.c.organisation_id)
    .join(award, award.c.achievement_id == achievement.c.id)
    .where(award.c.id == bindparam("award"))
)


def read(connection: Connection, organisation_id: int) -> Aftercare:
    """Return what an organisation decided, or what everybody starts with."""
    found = connection.execute(_OF_ORGANISATION, {"organisation": organisation_id})
    return _read(found.one_or_none())


def of_award(connection: Connection, award_id: int) -> Aftercare:
    """Return what the awarding body decided: the mandate to sign is none to decide this."""
    return _read(connection.execute(_OF_AWARD, {"award": award_id}).one_or_none())


def _read(row: Row[*tuple[Any, ...]] | None) -> Aftercare:
    if row is None:
        return Aftercare()
    days = tuple(int(day) for day in row.reminder_days.split())
    return Aftercare(row.suspendable, days, row.retention_years)


def save(connection: Connection, organisation_id: int, decided: Aftercare) -> None:
    """Keep what an organisation decided."""
    mine = aftercare.c.organisation_id == organisation_id
    connection.execute(delete(aftercare).where(mine))
    row = {
        "organisation_id": organisation_id,
        "suspendable": decided.suspendable,
        "reminder_days": " ".join(map(str, decided.reminder_days)),
        "retention_years": decided.retention_years,
    }
    connection.execute(insert(aftercare).values(row))
