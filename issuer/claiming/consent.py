"""What learners are told about their data: texts of an organisation, each version kept for ever."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from issuer.db.tables import achievement, award, claim, consent_text

__all__ = ["ConsentText", "for_claim", "latest", "write"]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of an organisation's text."""

    id: int
    version: int
    content: str
    created_at: datetime


def latest(connection: Connection, organisation_id: int) -> ConsentText | None:
    """Return the text in use, None where an organisation wrote none."""
    query = select(consent_text).where(consent_text.c.organisation_id == organisation_id)
    row = connection.execute(query.order_by(consent_text.c.version.desc()).limit(1)).one_or_none()
    return ConsentText(row.id, row.version, row.content, row.created_at) if row else None


def write(connection: Connection, organisation_id: int, content: str, now: datetime) -> int | None:
    """Keep a new version and return its number; None where nothing changed."""
    before = latest(connection, organisation_id)
    if content == (before.content if before else ""):
        return None
    version = before.version + 1 if before else 1
    row = {
        "organisation_id": organisation_id,
        "version": version,
        "content": content,
        "created_at": now,
    }
    connection.execute(insert(consent_text).values(row))
    return version


def for_claim(connection: Connection, claim_id: int) -> ConsentText | None:
    """Return the text to be shown with a link: the one in use at the organisation that awards."""
    query = (
        select(achievement.c.organisation_id)
        .join(award, award.c.achievement_id == achievement.c.id)
        .join(claim, claim.c.award_id == award.c.id)
        .where(claim.c.id == claim_id)
    )
    body_id = connection.scalar(query)
    found = latest(connection, body_id) if body_id is not None else None
    return found if found and found.content else None
