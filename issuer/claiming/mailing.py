"""Tell learners by mail that their micro-credential is there, with the link to take it.

The link is made when the mail is written: its code is in no store, only in the mail.
"""

from sqlalchemy import Connection, select

from issuer.awarding.decision_json import from_json
from issuer.awarding.issuing import ISSUED
from issuer.awarding.store import of_award
from issuer.claiming.keepsake import take
from issuer.claiming.service import create_claim
from issuer.db import outbox
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import award, issuance
from issuer.instance import Instance
from issuer.mail import store as mails
from issuer.mail.letter import Letter
from issuer.organisations.branding import store as branding
from issuer.organisations.branding.mail_text import PLACES, fill
from issuer.organisations.branding.model import offered
from issuer.organisations.branding.store import MailText
from issuer.web.i18n import day, language, speak
from issuer.web.i18n import gettext as _

__all__ = ["KIND", "queue_links", "usual_text", "write_link"]

KIND = "claim"


def queue_links(instance: Instance) -> int:
    """Queue a mail for each award issued since the last time; return how many.

    What was issued to a wallet needs no link, and an award gets one mail however often it is
    issued.
    """
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        messages = outbox.pending(connection, ISSUED, limit=200)
        numbers = [number for message in messages for number in message.payload["issuances"]]
        queued = sum(
            mails.add(connection, KIND, _awards_of(connection, numbers[start : start + 500]), now)
            for start in range(0, len(numbers), 500)
        )
        outbox.done(connection, messages, now)
    return queued


def _awards_of(connection: Connection, numbers: list[int]) -> list[int]:
    query = select(issuance.c.award_id).where(issuance.c.id.in_(numbers), issuance.c.holder == "")
    return list(connection.scalars(query.order_by(issuance.c.id)))


def write_link(instance: Instance, award_id: int) -> Letter | None:
    """Write to the learner of an award; None where it has no address or was revoked."""
    with reading(instance.engine) as connection:
        query = select(award.c.content).where(award.c.id == award_id, award.c.erased_at.is_(None))
        content = connection.scalar(query)
        issued = of_award(connection, award_id)
        look = branding.look_of_award(connection, award_id) if content else None
    decision = from_json(content) if content else None
    if decision is None or look is None or not decision.learner.email or not issued:
        return None
    keepsake = take(instance, award_id)
    if keepsake.revoked:
        return None
    speak(offered(look, decision.language))
    with unit_of_work(instance.engine) as connection:
        made = create_claim(instance, connection, award_id)
    said = keepsake.meaning
    facts = {
        "learner": decision.learner.name or decision.learner.email,
        "title": " ".join(str(said.get("name", "")).split()),
        "issuer": " ".join(str(said.get("issuer", {}).get("name", "")).split()),
        "day": day(made.claim.expires_at),
        "link": made.url,
    }
    with reading(instance.engine) as connection:
        own = branding.mail_text(connection, award_id, language())
    text = own or usual_text()
    return Letter(
        to=decision.learner.email,
        subject=fill(text.subject, facts)[:200],
        text=fill(text.body, facts),
        language=language(),
        sender_name=(look.sender_name or facts["issuer"])[:120],
        sender_address=look.sender_address,
    )


def usual_text() -> MailText:
    """Return the service's own words, in the language of the moment."""
    places = {name: f"{{{name}}}" for name in PLACES} | {"url": "{link}"}
    subject = _("Your micro-credential: %(title)s") % places
    return MailText(subject, _text() % places)


def _text() -> str:
    alone = _("The link is yours alone: whoever has it can take the micro-credential.")
    until = _("It opens until %(day)s; what you have taken stays yours.")
    parts = (
        _("Hello %(learner)s,"),
        _("%(issuer)s awarded you the micro-credential “%(title)s”."),
        _("Take it into your wallet, or keep it as a file:"),
        "%(url)s",
        f"{alone} {until}",
    )
    return "\n\n".join(parts) + "\n"
