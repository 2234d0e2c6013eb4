"""Batches get European Digital Credentials, one for each award.

Where two artefacts of one award had an EDC each, the first that was sealed stays.
Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant

revision = "0003"
down_revision = "0002"

EARLIER = """
DELETE FROM edc_file WHERE EXISTS (
  SELECT 1 FROM edc_file AS kept WHERE kept.award_id = edc_file.award_id
  AND ((kept.sealed IS NOT NULL AND edc_file.sealed IS NULL)
    OR ((kept.sealed IS NULL) = (edc_file.sealed IS NULL)
        AND kept.issuance_id < edc_file.issuance_id)))
"""


def upgrade() -> None:
    """Name the award of each file; make the tables of refusals and of batches."""
    op.add_column("edc_file", sa.Column("award_id", Id, nullable=True))
    op.execute(
        "UPDATE edc_file SET award_id ="
        " (SELECT issuance.award_id FROM issuance WHERE issuance.id = edc_file.issuance_id)"
    )
    op.execute(EARLIER)
    with op.batch_alter_table("edc_file") as table:
        table.alter_column("award_id", existing_type=Id, nullable=False)
        table.create_unique_constraint(op.f("uq_edc_file_award_id"), ["award_id"])
        table.create_foreign_key(op.f("fk_edc_file_award_id"), "award", ["award_id"], ["id"])
    op.create_table(
        "edc_refusal",
        sa.Column("award_id", Id, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refused_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_edc_refusal_award_id")),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_edc_refusal")),
    )
    op.create_table(
        "edc_job",
        sa.Column("batch_id", Id, autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), server_default="1", nullable=False),
        sa.Column("handed_run", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_edc_job_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_edc_job")),
    )
    op.create_index(
        op.f("ix_edc_job_open"),
        "edc_job",
        ["batch_id"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
