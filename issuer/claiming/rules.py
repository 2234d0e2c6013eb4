"""What an organisation asks of learners before they take an award, beyond having the link."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from issuer.db.claiming_tables import claiming_rules
from issuer.db.tables import achievement, award
from issuer.instance import Instance
from issuer.mail.transport import transport_of

__all__ = ["Rules", "read", "rules_of_award", "save", "sends_mail"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organisation decided."""

    prove_email: bool = False
    """The learner proves, in each browser, that the mail of the award's address reaches them."""

    wallet_code: bool = False
    """Wallets ask for a number that comes by mail: whoever only sees the QR code has nothing."""


def read(connection: Connection, organisation_id: int) -> Rules:
    """Return what an organisation decided, or what everybody starts with."""
    mine = claiming_rules.c.organisation_id == organisation_id
    row = connection.execute(select(claiming_rules).where(mine)).one_or_none()
    return Rules(row.prove_email, row.wallet_code) if row else Rules()


def rules_of_award(connection: Connection, award_id: int) -> Rules:
    """Return the rules of the organisation that awards, whoever signs in its stead."""
    query = select(achievement.c.organisation_id).join(award).where(award.c.id == award_id)
    body = connection.scalar(query)
    return read(connection, body) if body is not None else Rules()


def save(connection: Connection, organisation_id: int, decided: Rules) -> None:
    """Keep what an organisation decided."""
    mine = claiming_rules.c.organisation_id == organisation_id
    connection.execute(delete(claiming_rules).where(mine))
    row = {"prove_email": decided.prove_email, "wallet_code": decided.wallet_code}
    connection.execute(insert(claiming_rules).values(row | {"organisation_id": organisation_id}))


def sends_mail(instance: Instance) -> bool:
    """Tell whether this service can send what these rules need."""
    return transport_of(instance.settings) is not None
