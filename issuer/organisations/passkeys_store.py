"""The rows of passkeys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from issuer.db.rows import insert_new
from issuer.db.sign_in_tables import staff_passkey
from issuer.db.staff_tables import staff_account

__all__ = ["New", "Passkey", "add", "by_credential", "note_use", "of_account", "remove"]


@dataclass(frozen=True, slots=True)
class New:
    """A passkey that is to be kept."""

    account_id: int
    credential_id: bytes
    public_key: bytes
    """COSE."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as it is kept."""

    id: int
    account_id: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


def add(connection: Connection, new: New, sign_count: int, name: str, now: datetime) -> int | None:
    """Keep a passkey and return its number; None when it is somebody's already."""
    row = {
        "account_id": new.account_id,
        "credential_id": new.credential_id,
        "public_key": new.public_key,
        "sign_count": sign_count,
        "name": name,
        "created_at": now,
    }
    if not insert_new(connection, staff_passkey, row):
        return None
    found = by_credential(connection, new.credential_id)
    return found.id if found else None


def of_account(connection: Connection, account_id: int) -> Sequence[Passkey]:
    """Return the passkeys of an account, oldest first."""
    query = select(staff_passkey).where(staff_passkey.c.account_id == account_id)
    rows = connection.execute(query.order_by(staff_passkey.c.id)).mappings()
    return [Passkey(**row) for row in rows]


def by_credential(connection: Connection, credential_id: bytes) -> Passkey | None:
    """Return the passkey with this id, if the account it belongs to is open."""
    query = (
        select(staff_passkey)
        .join(staff_account, staff_account.c.id == staff_passkey.c.account_id)
        .where(staff_passkey.c.credential_id == credential_id, staff_account.c.closed_at.is_(None))
    )
    row = connection.execute(query).mappings().one_or_none()
    return Passkey(**row) if row else None


def note_use(connection: Connection, number: int, sign_count: int, now: datetime) -> None:
    """Keep the device's counter, and when it was used."""
    mine = update(staff_passkey).where(staff_passkey.c.id == number)
    connection.execute(mine.values(sign_count=sign_count, used_at=now))


def remove(connection: Connection, account_id: int, number: int) -> bool:
    """Forget a passkey of this account; False when it has no such."""
    mine = (staff_passkey.c.id == number) & (staff_passkey.c.account_id == account_id)
    return connection.execute(delete(staff_passkey).where(mine)).rowcount == 1
