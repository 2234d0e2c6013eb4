"""The rows of claims."""

from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from issuer.claiming.consent import for_claim
from issuer.claiming.model import Claim
from issuer.db.oid4vci_tables import oid4vci_offer
from issuer.db.tables import claim

__all__ = ["add", "by_hash", "mark_kept", "mark_opened", "of_award", "set_offer", "withdraw"]


def add(connection: Connection, new: Claim, code_hash: bytes) -> Claim:
    """Keep a new claim."""
    row = {
        "award_id": new.award_id,
        "code_hash": code_hash,
        "created_at": new.created_at,
        "expires_at": new.expires_at,
    }
    kept = connection.execute(insert(claim).values(row).returning(claim))
    return _claim(kept.one())


def by_hash(connection: Connection, code_hash: bytes) -> Claim | None:
    """Return the claim with this code, if there is one."""
    found = connection.execute(select(claim).where(claim.c.code_hash == code_hash)).one_or_none()
    return _claim(found) if found else None


def of_award(connection: Connection, award_id: int) -> list[Claim]:
    """Return every claim of an award, oldest first."""
    query = select(claim).where(claim.c.award_id == award_id).order_by(claim.c.id)
    return [_claim(row) for row in connection.execute(query)]


def mark_opened(connection: Connection, number: int, now: datetime) -> None:
    """Note the first time the link was opened, and the text about their data that it showed."""
    first = (claim.c.id == number) & claim.c.opened_at.is_(None)
    shown = for_claim(connection, number)
    values = {"opened_at": now, "consent_id": shown.id if shown else None}
    connection.execute(update(claim).where(first).values(values))


def mark_kept(connection: Connection, number: int, now: datetime) -> None:
    """Note the first time the learner took the credential, in whatever form."""
    first = (claim.c.id == number) & claim.c.kept_at.is_(None)
    connection.execute(update(claim).where(first).values(kept_at=now))


def set_offer(connection: Connection, number: int, name: str) -> None:
    """Note which wallet offer the page shows."""
    connection.execute(update(claim).where(claim.c.id == number).values(offer_name=name))


def withdraw(connection: Connection, award_id: int, now: datetime) -> int:
    """Close every link and wallet offer of an award that is still open; return how many links."""
    offered = (oid4vci_offer.c.award_id == award_id) & (oid4vci_offer.c.expires_at > now)
    connection.execute(update(oid4vci_offer).where(offered).values(expires_at=now))
    still_open = (claim.c.award_id == award_id) & claim.c.withdrawn_at.is_(None)
    return connection.execute(update(claim).where(still_open).values(withdrawn_at=now)).rowcount


def _claim(row: Row[tuple[object, ...]]) -> Claim:
    values = row._asdict()
    del values["code_hash"]
    return Claim(**values)
