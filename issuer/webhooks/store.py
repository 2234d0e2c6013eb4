"""The SQL of webhooks and deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from issuer.db.webhook_tables import webhook, webhook_delivery
from issuer.webhooks.model import Delivery, Kind, State, Webhook

__all__ = [
    "add",
    "by_name",
    "change",
    "claim",
    "due",
    "forget",
    "listed",
    "note",
    "open_hooks",
    "queue",
    "recent",
]


def add(connection: Connection, row: Mapping[str, Any], kinds: Iterable[Kind]) -> int:
    """Keep a new webhook and return its number."""
    made = insert(webhook).values(**row, events=" ".join(sorted(kinds)))
    number: int = connection.execute(made.returning(webhook.c.id)).scalar_one()
    return number


def listed(connection: Connection, organisation_id: int) -> list[Webhook]:
    """Return an organisation's webhooks, newest first, closed ones too."""
    query = select(webhook).where(webhook.c.organisation_id == organisation_id)
    return [_hook(row) for row in connection.execute(query.order_by(webhook.c.id.desc()))]


_OPEN = select(webhook).where(webhook.c.closed_at.is_(None)).order_by(webhook.c.id)


def open_hooks(connection: Connection) -> list[Webhook]:
    """Return every webhook that wants to be told: every credential that goes out asks."""
    return [_hook(row) for row in connection.execute(_OPEN)]


def by_name(connection: Connection, name: str) -> Webhook | None:
    """Return the webhook of that name, open or closed."""
    row = connection.execute(select(webhook).where(webhook.c.name == name)).one_or_none()
    return _hook(row) if row else None


def change(connection: Connection, number: int, **values: Any) -> None:
    """Change some columns of a webhook."""
    connection.execute(update(webhook).where(webhook.c.id == number).values(**values))


def queue(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Queue deliveries."""
    if rows:
        connection.execute(insert(webhook_delivery), [dict(row) for row in rows])


def due(connection: Connection, now: datetime) -> list[int]:
    """Return the open webhooks that are to be told something now."""
    query = (
        select(webhook.c.id)
        .join(webhook_delivery, webhook_delivery.c.webhook_id == webhook.c.id)
        .where(webhook.c.closed_at.is_(None), *_is_due(now))
    )
    return list(connection.scalars(query.distinct()))


def claim(
    connection: Connection, hook: int, now: datetime, limit: int, lease: timedelta
) -> list[Delivery]:
    """Return what is due for a webhook, put off for `lease`: nobody else delivers it meanwhile."""
    query = (
        _deliveries()
        .where(webhook.c.id == hook, webhook.c.closed_at.is_(None), *_is_due(now))
        .order_by(webhook_delivery.c.due_at, webhook_delivery.c.id)
        .limit(limit)
        .with_for_update(of=webhook_delivery, skip_locked=True)
    )
    found = [_delivery(row) for row in connection.execute(query)]
    if found:
        taken = webhook_delivery.c.id.in_([each.id for each in found])
        connection.execute(update(webhook_delivery).where(taken).values(due_at=now + lease))
    return found


def recent(
    connection: Connection, organisation_id: int, limit: int, number: int | None = None
) -> list[Delivery]:
    """Return an organisation's newest deliveries, or the one of that number."""
    query = _deliveries().where(webhook.c.organisation_id == organisation_id)
    if number is not None:
        query = query.where(webhook_delivery.c.id == number)
    found = connection.execute(query.order_by(webhook_delivery.c.id.desc()).limit(limit))
    return [_delivery(row) for row in found]


def note(connection: Connection, number: int, **values: Any) -> None:
    """Note what became of a delivery."""
    of = update(webhook_delivery).where(webhook_delivery.c.id == number)
    connection.execute(of.values(**values))


def forget(connection: Connection, before: datetime, limit: int) -> int:
    """Forget calls that were due before that day and will not be made (again); return how many."""
    closed = select(webhook.c.id).where(webhook.c.closed_at.is_not(None))
    over = webhook_delivery.c.state != State.WAITING
    query = (
        select(webhook_delivery.c.id)
        .where(webhook_delivery.c.due_at < before, over | webhook_delivery.c.webhook_id.in_(closed))
        .limit(limit)
    )
    gone = delete(webhook_delivery).where(webhook_delivery.c.id.in_(query))
    return connection.execute(gone).rowcount


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return webhook_delivery.c.state == State.WAITING, webhook_delivery.c.due_at <= now


def _deliveries() -> Any:
    own = [column.label(f"delivery_{column.name}") for column in webhook_delivery.c]
    joined = webhook_delivery.c.webhook_id == webhook.c.id
    return select(webhook, *own).join_from(webhook, webhook_delivery, joined)


def _hook(row: Row[*tuple[Any, ...]]) -> Webhook:
    return Webhook(
        id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        url=row.url,
        kinds=frozenset(Kind(word) for word in row.events.split()),
        salt=bytes(row.salt),
        created_at=row.created_at,
        closed_at=row.closed_at,
    )


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        event_id=row.delivery_event_id,
        kind=row.delivery_type,
        body=row.delivery_body,
        state=State(row.delivery_state),
        tries=row.delivery_tries,
        due_at=row.delivery_due_at,
        created_at=row.delivery_created_at,
        last_code=row.delivery_last_code,
        last_error=row.delivery_last_error,
        hook=_hook(row),
    )
