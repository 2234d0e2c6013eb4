"""Drafts of achievements, how an achievement stands, and reviews by outsiders.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables around achievements."""
    op.create_table(
        "achievement_draft",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("languages", sa.String(300), nullable=False),
        sa.Column("copied_from", sa.String(200), nullable=False, server_default=""),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_achievement_draft_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_achievement_draft_key")),
    )
    op.create_index(
        op.f("ix_achievement_draft_organisation_id"), "achievement_draft", ["organisation_id"]
    )
    op.create_table(
        "achievement_standing",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("may_copy", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("archived_at", Instant()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_achievement_standing")),
    )
    op.create_table(
        "catalogue_policy",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("publisher", sa.String(20), nullable=False),
        sa.CheckConstraint(
            "publisher IN ('definer', 'quality-officer')",
            name=op.f("ck_catalogue_policy_publisher"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_catalogue_policy_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_catalogue_policy")),
    )
    _create_reviews()


def _create_reviews() -> None:
    op.create_table(
        "review_invitation",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant()),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_review_invitation_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_review_invitation_token_hash")),
    )
    op.create_index("ix_review_invitation_key", "review_invitation", ["organisation_id", "key"])
    op.create_table(
        "review_comment",
        sa.Column("id", Id, nullable=False),
        sa.Column("invitation_id", Id, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["review_invitation.id"],
            name=op.f("fk_review_comment_invitation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index(op.f("ix_review_comment_invitation_id"), "review_comment", ["invitation_id"])
    op.create_table(
        "review_sign_off",
        sa.Column("invitation_id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signed_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant()),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["review_invitation.id"],
            name=op.f("fk_review_sign_off_invitation_id"),
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_review_sign_off")),
    )
