"""The tables around achievements: drafts, how an achievement stands, reviews by outsiders.

Shape: a draft is a row of its own and is never signed; publishing turns it into a version and
deletes it. Reviews hang on the achievement's key, so that they outlive the draft they were about.
Of a review link only a SHA-256 is kept.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from issuer.db.columns import Id, Instant
from issuer.db.tables import metadata

__all__ = [
    "TABLES",
    "achievement_draft",
    "achievement_standing",
    "catalogue_policy",
    "review_comment",
    "review_invitation",
    "review_sign_off",
]

achievement_draft = Table(
    "achievement_draft",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("content", Text, nullable=False),
    Column("languages", String(300), nullable=False),
    Column("copied_from", String(200), nullable=False, server_default=""),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""What is being written. `content` is JSON and may lack anything; `revision` rises by one with
each change, so that two who write at once are told."""

achievement_standing = Table(
    "achievement_standing",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("may_copy", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("archived_at", Instant),
)
"""What holds for every version of an achievement; no row means: not copied, not archived."""

catalogue_policy = Table(
    "catalogue_policy",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True, autoincrement=False),
    Column("publisher", String(20), nullable=False),
    CheckConstraint("publisher IN ('definer', 'quality-officer')", name="publisher"),
)
"""Who publishes at an organisation; no row means: whoever may define."""

review_invitation = Table(
    "review_invitation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("key", String(120), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("invitee", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)
"""A link by which somebody outside reads one draft; signing off uses it up."""

Index("ix_review_invitation_key", review_invitation.c.organisation_id, review_invitation.c.key)

review_comment = Table(
    "review_comment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("invitation_id", ForeignKey("review_invitation.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""What a reviewer said, and of which text (`digest`)."""

review_sign_off = Table(
    "review_sign_off",
    metadata,
    Column(
        "invitation_id", ForeignKey("review_invitation.id"), primary_key=True, autoincrement=False
    ),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)
"""That somebody outside agrees with exactly the text of this digest."""

TABLES = (
    achievement_draft,
    achievement_standing,
    catalogue_policy,
    review_invitation,
    review_comment,
    review_sign_off,
)
