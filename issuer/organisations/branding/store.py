"""The rows of how organisations appear, and what they come to with what stands above."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from issuer.db.branding_tables import branding, branding_mail
from issuer.db.tables import achievement, award
from issuer.organisations import store as organisations
from issuer.organisations.branding.model import Branding, Look, look_of
from issuer.organisations.model import Organisation

__all__ = [
    "MailText",
    "above",
    "awarding_body",
    "forget_mail",
    "look",
    "look_of_award",
    "mail_text",
    "mail_texts",
    "read",
    "save",
    "save_mail",
]


@dataclass(frozen=True, slots=True)
class MailText:
    """The words of a mail, with places to be filled: ``{learner}``."""

    subject: str
    body: str


def read(connection: Connection, organisation_id: int) -> Branding:
    """Return what one organisation decided itself."""
    mine = branding.c.organisation_id == organisation_id
    row = connection.execute(select(branding).where(mine)).one_or_none()
    return _read(row) if row else Branding()


def _read(row: Row[*tuple[Any, ...]]) -> Branding:
    return Branding(
        logo=bytes(row.logo) if row.logo else None,
        colour=row.colour,
        dark_colour=row.dark_colour,
        page_colour=row.page_colour,
        sender_name=row.sender_name,
        sender_address=row.sender_address,
        languages=tuple((row.languages or "").split()),
    )


def save(connection: Connection, organisation_id: int, decided: Branding) -> None:
    """Keep what an organisation decided."""
    connection.execute(delete(branding).where(branding.c.organisation_id == organisation_id))
    row = {
        "organisation_id": organisation_id,
        "logo": decided.logo,
        "colour": decided.colour,
        "dark_colour": decided.dark_colour,
        "page_colour": decided.page_colour,
        "sender_name": decided.sender_name,
        "sender_address": decided.sender_address,
        "languages": " ".join(decided.languages) or None,
    }
    connection.execute(insert(branding).values(row))


def above(connection: Connection, of: Organisation) -> Branding:
    """Return what holds for an organisation where it decides nothing."""
    if of.parent_id is None:
        return Branding()
    parent = organisations.by_id(connection, of.parent_id)
    return read(connection, parent.id).over(above(connection, parent))


def look(connection: Connection, of: Organisation) -> Look:
    """Return how an organisation appears."""
    decided = read(connection, of.id).over(above(connection, of))
    return look_of(of.slug, of.particulars.legal_name, decided)


def look_of_award(connection: Connection, award_id: int) -> Look:
    """Return the look of the organisation that awards: the one whose achievement it is."""
    return look(connection, awarding_body(connection, award_id))


def mail_text(connection: Connection, award_id: int, language: str) -> MailText | None:
    """Return the words of the organisation that awards, or of one above; None: the service's."""
    step: Organisation | None = awarding_body(connection, award_id)
    while step is not None:
        if found := mail_texts(connection, step.id).get(language):
            return found
        step = organisations.by_id(connection, step.parent_id) if step.parent_id else None
    return None


def awarding_body(connection: Connection, award_id: int) -> Organisation:
    """Return the organisation that awards: the one whose achievement it is."""
    query = (
        select(achievement.c.organisation_id)
        .join(award, award.c.achievement_id == achievement.c.id)
        .where(award.c.id == award_id)
    )
    return organisations.by_id(connection, connection.execute(query).scalar_one())


def mail_texts(connection: Connection, organisation_id: int) -> Mapping[str, MailText]:
    """Return the words an organisation has of its own, by language."""
    query = select(branding_mail).where(branding_mail.c.organisation_id == organisation_id)
    return {row.language: MailText(row.subject, row.body) for row in connection.execute(query)}


def save_mail(connection: Connection, organisation_id: int, language: str, text: MailText) -> None:
    """Keep an organisation's words in one language."""
    forget_mail(connection, organisation_id, language)
    row = {"subject": text.subject, "body": text.body, "language": language}
    connection.execute(insert(branding_mail).values(row | {"organisation_id": organisation_id}))


def forget_mail(connection: Connection, organisation_id: int, language: str) -> None:
    """Let the words of the organisation above, or the service's, hold again."""
    mine = branding_mail.c.organisation_id == organisation_id
    connection.execute(delete(branding_mail).where(mine, branding_mail.c.language == language))
