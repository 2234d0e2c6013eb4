"""The tables of the people who work here: accounts, roles, sessions, one-time links.

Shape: of every token only a SHA-256 is kept; of a password only an Argon2id hash.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = [
    "TABLES",
    "sign_in_attempt",
    "staff_account",
    "staff_invitation",
    "staff_link",
    "staff_role",
    "staff_session",
]

_ROLES = "'alliance-admin', 'member-admin', 'coordinator', 'quality-officer', 'viewer'"

staff_account = Table(
    "staff_account",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
)
"""One person of the staff; `email` in lower case."""

staff_role = Table(
    "staff_role",
    metadata,
    Column("account_id", ForeignKey("staff_account.id"), primary_key=True, autoincrement=False),
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("role", String(20), primary_key=True),
    CheckConstraint(f"role IN ({_ROLES})", name="role"),
)
"""What a person is at an organisation, and with it at everything below."""

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("account_id", ForeignKey("staff_account.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
)
"""`confirmed_at`: when the person last proved who they are, after signing in."""

staff_link = Table(
    "staff_link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    CheckConstraint(f"role IN ({_ROLES})", name="role"),
)
"""A link that makes one account with one role, once."""

staff_invitation = Table(
    "staff_invitation",
    metadata,
    Column("link_id", ForeignKey("staff_link.id"), primary_key=True, autoincrement=False),
    Column("email", String(254), nullable=False),
    Column("seed", LargeBinary(16), nullable=False),
)
"""Who is sent a link by mail; the row goes when the link was used or is over."""

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("at", Instant, nullable=False),
)
"""A sign-in that has not succeeded; `key` = keyed hash of the account or of the address."""

Index("ix_sign_in_attempt_key_at", sign_in_attempt.c.key, sign_in_attempt.c.at)

TABLES = (
    staff_account,
    staff_role,
    staff_session,
    staff_link,
    staff_invitation,
    sign_in_attempt,
)
