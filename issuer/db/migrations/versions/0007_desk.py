"""Awarding at the desk: approval by a second person, remembered columns, rows as they came.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db import triggers
from issuer.db.columns import Id, Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables and columns, and the rules that hold an unapproved batch."""
    _create_tables()
    op.add_column("batch_row", sa.Column("cells", sa.Text(), nullable=True))
    with op.batch_alter_table("batch_job") as job:
        job.add_column(
            sa.Column("approval", sa.String(length=10), server_default="none", nullable=False)
        )
        job.add_column(sa.Column("asked_by", sa.String(length=200), nullable=True))
        job.add_column(sa.Column("decided_by", sa.String(length=200), nullable=True))
        job.add_column(sa.Column("decided_at", Instant(), nullable=True))
        job.add_column(sa.Column("decided_why", sa.Text(), nullable=True))
        job.add_column(sa.Column("submission", sa.String(length=64), nullable=True))
        job.add_column(sa.Column("layout", sa.Text(), nullable=True))
        job.create_unique_constraint(op.f("uq_batch_job_submission"), ["submission"])
        job.create_check_constraint(
            op.f("ck_batch_job_approval"),
            "approval IN ('none', 'waiting', 'approved', 'sent-back')",
        )
        job.create_check_constraint(
            op.f("ck_batch_job_unapproved_waits"),
            "handed_run = 0 OR approval IN ('none', 'approved')",
        )
        job.create_check_constraint(
            op.f("ck_batch_job_two_people"),
            "approval <> 'approved' OR (asked_by IS NOT NULL AND decided_by IS NOT NULL"
            " AND decided_at IS NOT NULL AND decided_by <> asked_by)",
        )
    triggers.create_triggers(op.get_bind(), triggers.APPROVAL)


def _create_tables() -> None:
    op.create_table(
        "four_eyes",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("above", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_four_eyes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_four_eyes")),
    )
    op.create_table(
        "list_layout",
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("header_digest", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_list_layout_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "header_digest", name=op.f("pk_list_layout")),
    )
