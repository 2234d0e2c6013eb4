"""The tables of webhooks: whom we call, and each call.

Shape: no secret is kept, only the salt it is derived with; bodies hold ids, never personal data.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["TABLES", "webhook", "webhook_delivery"]

webhook = Table(
    "webhook",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("url", String(2048), nullable=False),
    Column("events", String(200), nullable=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("rotated_at", Instant),
    Column("closed_at", Instant),
)
"""An address of an organisation's program that wants to be told. `name` is random."""

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("webhook_id", ForeignKey("webhook.id"), nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("type", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_code", Integer),
    Column("last_error", String(200), nullable=False, server_default=""),
    Column("delivered_at", Instant),
    UniqueConstraint("webhook_id", "event_id"),
    CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name="state"),
)
"""One event for one webhook."""

Index("ix_webhook_delivery_due", webhook_delivery.c.state, webhook_delivery.c.due_at)

TABLES = (webhook, webhook_delivery)
