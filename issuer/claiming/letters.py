"""What every letter to a learner needs: to whom, in which language, about what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from issuer.awarding.decision_json import from_json
from issuer.awarding.standing import Standing, standings
from issuer.catalogue import store as catalogue
from issuer.db.tables import award, claim, issuance
from issuer.mail.letter import Letter
from issuer.organisations import store as organisations
from issuer.organisations.branding import store as branding
from issuer.organisations.branding.model import offered
from issuer.web.i18n import speak

__all__ = ["Facts", "facts_of", "signed"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Whom a letter is for and what it is about; the language is spoken from here on."""

    to: str = field(repr=False)
    learner: str = field(repr=False)
    title: str
    issuer: str
    language: str
    sender_name: str
    sender_address: str
    standing: Standing
    knows: bool
    """The learner was told of the award: a link was made, or a wallet holds it."""


def facts_of(connection: Connection, award_id: int) -> Facts | None:
    """Return what there is to write with; None for a learner without address, or erased."""
    row = connection.execute(
        select(award).where(award.c.id == award_id, award.c.erased_at.is_(None))
    ).one_or_none()
    decision = from_json(row.content) if row else None
    if row is None or decision is None or not decision.learner.email:
        return None
    look = branding.look_of_award(connection, award_id)
    spoken = offered(look, decision.language)
    speak(spoken)
    said = catalogue.by_number(connection, row.achievement_id).entry.title
    return Facts(
        to=decision.learner.email,
        learner=decision.learner.name or decision.learner.email,
        title=said.get(spoken) or next(iter(said.values()), ""),
        issuer=organisations.by_id(connection, row.issuer_id).particulars.legal_name,
        language=spoken,
        sender_name=look.sender_name,
        sender_address=look.sender_address,
        standing=standings(connection, [award_id])[award_id],
        knows=_knows(connection, award_id),
    )


def _knows(connection: Connection, award_id: int) -> bool:
    held = select(issuance.c.id).where(issuance.c.award_id == award_id, issuance.c.holder != "")
    linked = select(claim.c.id).where(claim.c.award_id == award_id)
    return connection.scalar(select(held.exists() | linked.exists())) or False


def signed(facts: Facts, subject: str, parts: Sequence[str], more: Mapping[str, str]) -> Letter:
    """Put a letter together; empty parts are left out."""
    words = {
        "learner": facts.learner,
        "title": " ".join(facts.title.split()),
        "issuer": " ".join(facts.issuer.split()),
    } | dict(more)
    return Letter(
        to=facts.to,
        subject=(subject % words)[:200],
        text="\n\n".join(part % words for part in parts if part) + "\n",
        language=facts.language,
        sender_name=(facts.sender_name or words["issuer"])[:120],
        sender_address=facts.sender_address,
    )
