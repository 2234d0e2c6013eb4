"""The rows of proofs of address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, insert, select, update

from issuer.db.claiming_tables import claim_proof
from issuer.db.tables import claim

__all__ = [
    "Proof",
    "add",
    "asked_since",
    "award_of",
    "by_name",
    "by_number",
    "count_try",
    "has_proved",
    "mark_proved",
    "newest",
]


@dataclass(frozen=True, slots=True)
class Proof:
    """One mail asked for by one browser, and when it proved the address."""

    id: int
    claim_id: int
    name: str
    browser_hash: bytes
    created_at: datetime
    proved_at: datetime | None


def add(
    connection: Connection, claim_id: int, name: str, browser_hash: bytes, now: datetime
) -> int:
    """Keep a new proof and return its number."""
    row = {"claim_id": claim_id, "name": name, "browser_hash": browser_hash, "created_at": now}
    statement = insert(claim_proof).values(row).returning(claim_proof.c.id)
    number: int = connection.execute(statement).scalar_one()
    return number


def by_name(connection: Connection, name: str) -> Proof | None:
    """Return the proof of that name."""
    return _one(connection, select(claim_proof).where(claim_proof.c.name == name))


def by_number(connection: Connection, number: int) -> Proof | None:
    """Return proof `number`."""
    return _one(connection, select(claim_proof).where(claim_proof.c.id == number))


def newest(connection: Connection, claim_id: int, browser_hash: bytes) -> Proof | None:
    """Return what this browser asked for last."""
    mine = (claim_proof.c.claim_id == claim_id) & (claim_proof.c.browser_hash == browser_hash)
    query = select(claim_proof).where(mine).order_by(claim_proof.c.id.desc()).limit(1)
    return _one(connection, query)


def has_proved(connection: Connection, claim_id: int, browser_hash: bytes, since: datetime) -> bool:
    """Tell whether this browser proved it not too long ago."""
    query = select(claim_proof.c.id).where(
        claim_proof.c.claim_id == claim_id,
        claim_proof.c.browser_hash == browser_hash,
        claim_proof.c.proved_at > since,
    )
    return connection.scalar(query.limit(1)) is not None


def asked_since(connection: Connection, claim_id: int, since: datetime) -> int:
    """Count the mails about a claim since then."""
    recent = (claim_proof.c.claim_id == claim_id) & (claim_proof.c.created_at > since)
    return connection.execute(select(func.count()).where(recent)).scalar_one()


def count_try(connection: Connection, number: int, most: int) -> bool:
    """Count one number tried, before it is compared; False when none is left."""
    left = (claim_proof.c.id == number) & (claim_proof.c.tries < most)
    change = update(claim_proof).where(left).values(tries=claim_proof.c.tries + 1)
    return connection.execute(change).rowcount == 1


def mark_proved(connection: Connection, number: int, now: datetime) -> bool:
    """Say that the address was proved; True for exactly one caller."""
    open_ = (claim_proof.c.id == number) & claim_proof.c.proved_at.is_(None)
    return connection.execute(update(claim_proof).where(open_).values(proved_at=now)).rowcount == 1


def award_of(connection: Connection, claim_id: int) -> int:
    """Return the award a claim is about."""
    query = select(claim.c.award_id).where(claim.c.id == claim_id)
    number: int = connection.execute(query).scalar_one()
    return number


def _one(connection: Connection, query: Select[*tuple[object, ...]]) -> Proof | None:
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return Proof(
        id=row["id"],
        claim_id=row["claim_id"],
        name=row["name"],
        browser_hash=bytes(row["browser_hash"]),
        created_at=row["created_at"],
        proved_at=row["proved_at"],
    )
