"""The SQL of clients and their tokens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from issuer.api.model import Client, Scope
from issuer.db.api_tables import api_assertion, api_client, api_token

__all__ = [
    "add",
    "add_token",
    "by_client_id",
    "change",
    "client_of_token",
    "drop_tokens",
    "forget_expired",
    "listed",
    "use_assertion",
]


def add(connection: Connection, row: dict[str, Any], scopes: Iterable[Scope]) -> int:
    """Keep a new client and return its number."""
    made = insert(api_client).values(**row, scopes=" ".join(sorted(scopes)))
    number: int = connection.execute(made.returning(api_client.c.id)).scalar_one()
    return number


def listed(connection: Connection, organisation_id: int) -> list[Client]:
    """Return an organisation's clients, newest first, closed ones too."""
    mine = api_client.c.organisation_id == organisation_id
    query = select(api_client).where(mine).order_by(api_client.c.id.desc())
    return [_read(row) for row in connection.execute(query)]


def by_client_id(connection: Connection, client_id: str) -> Client | None:
    """Return the client of that name, open or closed."""
    query = select(api_client).where(api_client.c.client_id == client_id)
    row = connection.execute(query).one_or_none()
    return _read(row) if row else None


def change(connection: Connection, number: int, **values: Any) -> None:
    """Change some columns of a client."""
    connection.execute(update(api_client).where(api_client.c.id == number).values(**values))


def add_token(
    connection: Connection, number: int, token_hash: bytes, scopes: Iterable[Scope], ends: datetime
) -> None:
    """Keep a token."""
    row = {"token_hash": token_hash, "client_id": number, "expires_at": ends}
    connection.execute(insert(api_token).values(**row, scopes=" ".join(sorted(scopes))))


def client_of_token(
    connection: Connection, token_hash: bytes, now: datetime
) -> tuple[Client, frozenset[Scope]] | None:
    """Return whose token this is and what it is good for, if it is good at all."""
    query = (
        select(api_client, api_token.c.scopes.label("granted"))
        .join(api_token, api_token.c.client_id == api_client.c.id)
        .where(api_token.c.token_hash == token_hash, api_token.c.expires_at > now)
        .where(api_client.c.closed_at.is_(None))
    )
    row = connection.execute(query).one_or_none()
    return (_read(row), _scopes(row.granted)) if row else None


def drop_tokens(connection: Connection, number: int) -> None:
    """Forget every token of a client."""
    connection.execute(delete(api_token).where(api_token.c.client_id == number))


def forget_expired(connection: Connection, now: datetime) -> None:
    """Forget tokens and assertions that are good for nothing any more."""
    for table in (api_token, api_assertion):
        connection.execute(delete(table).where(table.c.expires_at <= now))


def use_assertion(connection: Connection, number: int, jti_hash: bytes, ends: datetime) -> bool:
    """Note that an assertion was used; tell whether it was the first time."""
    row = {"client_id": number, "jti_hash": jti_hash, "expires_at": ends}
    try:
        with connection.begin_nested():
            connection.execute(insert(api_assertion).values(**row))
    except IntegrityError:
        return False
    return True


def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(Scope(word) for word in text.split())


def _read(row: Row[*tuple[Any, ...]]) -> Client:
    return Client(
        id=row.id,
        organisation_id=row.organisation_id,
        client_id=row.client_id,
        name=row.name,
        scopes=_scopes(row.scopes),
        secret_hash=bytes(row.secret_hash) if row.secret_hash else None,
        public_key=row.public_key,
        created_at=row.created_at,
        rotated_at=row.rotated_at,
        used_at=row.used_at,
        closed_at=row.closed_at,
    )
