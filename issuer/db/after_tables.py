"""The tables of what comes after an award: how an office cares for it, whom it told, what was used.

Shape: numbers and closed sets only, nothing about a person.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
)

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = ["aftercare", "notice", "verification_count"]

aftercare = Table(
    "aftercare",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("suspendable", Boolean(create_constraint=False), nullable=False),
    Column("reminder_days", String(60), nullable=False),
    Column("retention_years", Integer),
)
"""What an organisation decided; no row = what `issuer.organisations.aftercare` starts with."""

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("award_id", ForeignKey("award.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("public_reason", String(60)),
    Column("created_at", Instant, nullable=False),
)
"""Something a learner is told about an award by mail; a reminder says which one it is (`step`)."""

Index(
    "uq_notice_reminder",
    notice.c.award_id,
    notice.c.step,
    unique=True,
    sqlite_where=text("kind = 'reminder'"),
    postgresql_where=text("kind = 'reminder'"),
)

verification_count = Table(
    "verification_count",
    metadata,
    Column("achievement_id", ForeignKey("achievement.id"), primary_key=True, autoincrement=False),
    Column("month", String(7), primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How often credentials of an achievement were checked in a month: nothing about whose."""
