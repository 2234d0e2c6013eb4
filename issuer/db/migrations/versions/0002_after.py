"""After an award: what offices decide, whom they told, bounced mail, consent, counted checks.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables and columns."""
    _create_decisions()
    _create_notices()
    op.create_table(
        "verification_count",
        sa.Column("achievement_id", Id, autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["achievement.id"],
            name=op.f("fk_verification_count_achievement_id"),
        ),
        sa.PrimaryKeyConstraint("achievement_id", "month", name=op.f("pk_verification_count")),
    )
    with op.batch_alter_table("mail") as mail:
        mail.add_column(sa.Column("bounced_at", Instant, nullable=True))
    with op.batch_alter_table("staff_session") as session:
        session.add_column(sa.Column("confirmed_at", Instant, nullable=True))
    with op.batch_alter_table("claim") as claim:
        claim.add_column(sa.Column("consent_id", Id, nullable=True))
        claim.create_foreign_key(
            op.f("fk_claim_consent_id"), "consent_text", ["consent_id"], ["id"]
        )


def _create_decisions() -> None:
    op.create_table(
        "aftercare",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("suspendable", sa.Boolean(), nullable=False),
        sa.Column("reminder_days", sa.String(length=60), nullable=False),
        sa.Column("retention_years", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_aftercare_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_aftercare")),
    )
    op.create_table(
        "consent_text",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_consent_text_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "organisation_id", "version", name=op.f("uq_consent_text_organisation_id_version")
        ),
    )


def _create_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", Id, nullable=False),
        sa.Column("award_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("public_reason", sa.String(length=60), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_notice_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_award_id"), "notice", ["award_id"])
    reminder = sa.text("kind = 'reminder'")
    op.create_index(
        "uq_notice_reminder",
        "notice",
        ["award_id", "step"],
        unique=True,
        sqlite_where=reminder,
        postgresql_where=reminder,
    )
