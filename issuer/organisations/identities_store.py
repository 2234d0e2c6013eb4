"""The rows of identities elsewhere."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from issuer.db.rows import insert_new
from issuer.db.sign_in_tables import staff_identity
from issuer.db.staff_tables import staff_account

__all__ = ["account_of", "add", "has_identity", "open_account", "remove"]


def account_of(connection: Connection, issuer: str, subject: str) -> int | None:
    """Return the open account of somebody at a provider."""
    query = (
        select(staff_account.c.id)
        .join(staff_identity, staff_identity.c.account_id == staff_account.c.id)
        .where(
            staff_identity.c.issuer == issuer,
            staff_identity.c.subject == subject,
            staff_account.c.closed_at.is_(None),
        )
    )
    return connection.execute(query).scalar_one_or_none()


def open_account(connection: Connection, email: str) -> int | None:
    """Return the open account with this address."""
    query = select(staff_account.c.id).where(
        staff_account.c.email == email.strip().lower(), staff_account.c.closed_at.is_(None)
    )
    return connection.execute(query).scalar_one_or_none()


def add(connection: Connection, issuer: str, subject: str, account_id: int, now: datetime) -> None:
    """Keep that this account is that person; to know it already changes nothing."""
    row = {"issuer": issuer, "subject": subject, "account_id": account_id, "created_at": now}
    insert_new(connection, staff_identity, row)


def has_identity(connection: Connection, account_id: int) -> bool:
    """Tell whether an account is linked with a provider."""
    query = select(staff_identity.c.subject).where(staff_identity.c.account_id == account_id)
    return connection.execute(query.limit(1)).one_or_none() is not None


def remove(connection: Connection, account_id: int) -> bool:
    """Unlink an account; False when it was not linked."""
    mine = staff_identity.c.account_id == account_id
    return connection.execute(delete(staff_identity).where(mine)).rowcount > 0
