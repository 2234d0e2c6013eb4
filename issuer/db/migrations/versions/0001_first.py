"""The first schema, as it was when it was released: what later migrations start from.

Revision: 0001, after nothing. Frozen: tables change by a new file beside this one.
"""

import sqlalchemy as sa
from alembic import op

from issuer.db.columns import Id, Instant
from issuer.db.triggers import COMMISSIONED, FIRST, create_triggers

revision = "0001"
down_revision = None

ROLES = "role IN ('alliance-admin', 'member-admin', 'coordinator', 'quality-officer', 'viewer')"


def upgrade() -> None:
    """Create everything."""
    _create_tables()
    create_triggers(op.get_bind(), FIRST)
    create_triggers(op.get_bind(), COMMISSIONED)
    head = sa.table(
        "audit_head", sa.column("id"), sa.column("seq"), sa.column("hash", sa.LargeBinary)
    )
    op.execute(head.insert().values(id=1, seq=0, hash=bytes(32)))


def _create_tables() -> None:  # noqa: PLR0915
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", Id, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_line",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_line")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "instance_secret",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_instance_secret")),
    )
    op.create_table(
        "mail",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("last_error", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_mail_kind_subject_id")),
        sa.UniqueConstraint("token", name=op.f("uq_mail_token")),
    )
    op.create_index(op.f("ix_mail_next_try_at"), "mail", ["next_try_at"], unique=False)
    op.create_table(
        "oid4vci_spent",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_oid4vci_spent")),
    )
    op.create_index(
        op.f("ix_oid4vci_spent_expires_at"), "oid4vci_spent", ["expires_at"], unique=False
    )
    op.create_table(
        "organisation",
        sa.Column("id", Id, nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("did", sa.String(length=512), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('alliance', 'member', 'unit')", name=op.f("ck_organisation_kind")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("did", name=op.f("uq_organisation_did")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_key_at", "sign_in_attempt", ["key", "at"], unique=False)
    op.create_table(
        "staff_account",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_account_email")),
    )
    op.create_table(
        "achievement",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("is_micro_credential", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("locked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_achievement_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_achievement_key_version")),
    )
    op.create_table(
        "idempotency",
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_idempotency_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "oid4vci_profile",
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("compat", sa.Text(), server_default="", nullable=False),
        sa.Column("attesters", sa.Text(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_oid4vci_profile_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_oid4vci_profile")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("verification_method", sa.String(length=600), nullable=False),
        sa.Column("curve", sa.String(length=20), nullable=False),
        sa.Column("multikey", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.Column("compromised_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('active', 'retired', 'compromised')", name=op.f("ck_signing_key_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signing_key_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("verification_method", name=op.f("uq_signing_key_verification_method")),
    )
    op.create_index(
        "uq_signing_key_active",
        "signing_key",
        ["organisation_id", "curve"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "staff_link",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.CheckConstraint(
            ROLES,
            name=op.f("ck_staff_link_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_link_token_hash")),
    )
    op.create_table(
        "staff_role",
        sa.Column("account_id", Id, autoincrement=False, nullable=False),
        sa.Column("organisation_id", Id, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            ROLES,
            name=op.f("ck_staff_role_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_staff_role_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_role_organisation_id")
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "organisation_id", "role", name=op.f("pk_staff_role")
        ),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_staff_session_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(
        op.f("ix_staff_session_account_id"), "staff_session", ["account_id"], unique=False
    )
    op.create_table(
        "status_list",
        sa.Column("id", Id, nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("shuffle_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("published_bits", sa.LargeBinary(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('revocation', 'suspension')", name=op.f("ck_status_list_purpose")
        ),
        sa.CheckConstraint(
            "allocated >= 0 AND allocated <= size", name=op.f("ck_status_list_allocated")
        ),
        sa.CheckConstraint("size >= 131072", name=op.f("ck_status_list_herd")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_status_list_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
        sa.UniqueConstraint("public_id", name=op.f("uq_status_list_public_id")),
    )
    op.create_table(
        "batch",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("achievement_id", Id, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("cancelled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_batch_achievement_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_batch_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_table(
        "vc_api_credential",
        sa.Column("id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("signing_key_id", Id, nullable=False),
        sa.Column("suite", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=False),
        sa.Column("draft_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=True),
        sa.Column("intended_at", Instant(), nullable=False),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vc_api_credential_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["signing_key_id"], ["signing_key.id"], name=op.f("fk_vc_api_credential_signing_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vc_api_credential")),
    )
    op.create_table(
        "award",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("issuer_id", Id, nullable=False),
        sa.Column("achievement_id", Id, nullable=False),
        sa.Column("batch_id", Id, nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("natural_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("replaces_id", Id, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_award_achievement_id")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_award_batch_id")),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["organisation.id"], name=op.f("fk_award_issuer_id")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["award.id"], name=op.f("fk_award_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("natural_key", name=op.f("uq_award_natural_key")),
    )
    op.create_index(op.f("ix_award_batch_id"), "award", ["batch_id"], unique=False)
    op.create_table(
        "batch_job",
        sa.Column("batch_id", Id, autoincrement=False, nullable=False),
        sa.Column("ordered", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("run", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handed_run", sa.Integer(), server_default="0", nullable=False),
        sa.Column("starts_at", Instant(), nullable=True),
        sa.Column("ready_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_job_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_batch_job")),
    )
    op.create_index(
        "ix_batch_job_open",
        "batch_job",
        ["batch_id"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "batch_row",
        sa.Column("batch_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=True),
        sa.Column("issuance_id", Id, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'awarded', 'duplicate', 'invalid')",
            name=op.f("ck_batch_row_state"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_row_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_row")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_batch_row_waiting",
        "batch_row",
        ["batch_id", "number"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "commissioned_entry",
        sa.Column("list_id", Id, nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("vc_api_credential_id", Id, nullable=False),
        sa.Column("set_at", Instant(), nullable=True),
        sa.Column("public_reason", sa.String(length=60), nullable=True),
        sa.Column("internal_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["status_list.id"], name=op.f("fk_commissioned_entry_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["vc_api_credential_id"],
            ["vc_api_credential.id"],
            name=op.f("fk_commissioned_entry_vc_api_credential_id"),
        ),
        sa.PrimaryKeyConstraint("list_id", "index", name=op.f("pk_commissioned_entry")),
        sa.UniqueConstraint(
            "vc_api_credential_id", name=op.f("uq_commissioned_entry_vc_api_credential_id")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claim",
        sa.Column("id", Id, nullable=False),
        sa.Column("award_id", Id, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("kept_at", Instant(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("offer_name", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_claim_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_claim_code_hash")),
    )
    op.create_index(op.f("ix_claim_award_id"), "claim", ["award_id"], unique=False)
    op.create_table(
        "issuance",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("award_id", Id, nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=2048), server_default="", nullable=False),
        sa.Column("credential_id", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("signing_key_id", Id, nullable=True),
        sa.Column("draft_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("intended_at", Instant(), nullable=True),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('reserved', 'intended', 'signed', 'published', 'void')",
            name=op.f("ck_issuance_state"),
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_issuance_award_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_issuance_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["signing_key_id"], ["signing_key.id"], name=op.f("fk_issuance_signing_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuance")),
        sa.UniqueConstraint(
            "award_id", "format", "holder", name=op.f("uq_issuance_award_id_format_holder")
        ),
        sa.UniqueConstraint("credential_id", name=op.f("uq_issuance_credential_id")),
    )
    op.create_index(
        "ix_issuance_open",
        "issuance",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('reserved', 'intended', 'signed')"),
        postgresql_where=sa.text("state IN ('reserved', 'intended', 'signed')"),
    )
    op.create_table(
        "oid4vci_offer",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("award_id", Id, nullable=False),
        sa.Column("configuration_ids", sa.Text(), nullable=False),
        sa.Column("grant_kind", sa.String(length=20), nullable=False),
        sa.Column("tx_code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("tx_length", sa.Integer(), nullable=False),
        sa.Column("tx_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("copies", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deferred_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("redeemed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_oid4vci_offer_award_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_oid4vci_offer_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oid4vci_offer")),
        sa.UniqueConstraint("name", name=op.f("uq_oid4vci_offer_name")),
    )
    op.create_index(op.f("ix_oid4vci_offer_award_id"), "oid4vci_offer", ["award_id"], unique=False)
    op.create_table(
        "edc_file",
        sa.Column("issuance_id", Id, autoincrement=False, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("payload_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("intended_at", Instant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issuance_id"], ["issuance.id"], name=op.f("fk_edc_file_issuance_id")
        ),
        sa.PrimaryKeyConstraint("issuance_id", name=op.f("pk_edc_file")),
    )
    op.create_table(
        "issuance_draft",
        sa.Column("issuance_id", Id, autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuance_id"], ["issuance.id"], name=op.f("fk_issuance_draft_issuance_id")
        ),
        sa.PrimaryKeyConstraint("issuance_id", name=op.f("pk_issuance_draft")),
    )
    op.create_table(
        "issuance_proof",
        sa.Column("issuance_id", Id, autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuance_id"], ["issuance.id"], name=op.f("fk_issuance_proof_issuance_id")
        ),
        sa.PrimaryKeyConstraint("issuance_id", name=op.f("pk_issuance_proof")),
    )
    op.create_table(
        "oid4vci_grant",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("offer_id", Id, nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["oid4vci_offer.id"], name=op.f("fk_oid4vci_grant_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_oid4vci_grant_organisation_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_oid4vci_grant")),
    )
    op.create_table(
        "oid4vci_log",
        sa.Column("id", Id, nullable=False),
        sa.Column("offer_id", Id, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["oid4vci_offer.id"], name=op.f("fk_oid4vci_log_offer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oid4vci_log")),
    )
    op.create_index("ix_oid4vci_log_offer", "oid4vci_log", ["offer_id", "id"], unique=False)
    op.create_table(
        "oid4vci_notification",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("offer_id", Id, nullable=False),
        sa.Column("event", sa.String(length=30), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["oid4vci_offer.id"], name=op.f("fk_oid4vci_notification_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_oid4vci_notification_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_oid4vci_notification")),
    )
    op.create_table(
        "oid4vci_token",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("offer_id", Id, nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["oid4vci_offer.id"], name=op.f("fk_oid4vci_token_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_oid4vci_token_organisation_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_oid4vci_token")),
    )
    op.create_index(op.f("ix_oid4vci_token_offer_id"), "oid4vci_token", ["offer_id"], unique=False)
    op.create_table(
        "oid4vci_transaction",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", Id, nullable=False),
        sa.Column("offer_id", Id, nullable=False),
        sa.Column("configuration_id", sa.Text(), nullable=False),
        sa.Column("holders", sa.Text(), nullable=False),
        sa.Column("ready_at", Instant(), nullable=False),
        sa.Column("spent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["oid4vci_offer.id"], name=op.f("fk_oid4vci_transaction_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_oid4vci_transaction_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_oid4vci_transaction")),
    )
    op.create_table(
        "status_entry",
        sa.Column("list_id", Id, nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("issuance_id", Id, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("set_at", Instant(), nullable=True),
        sa.Column("public_reason", sa.String(length=60), nullable=True),
        sa.Column("internal_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issuance_id"], ["issuance.id"], name=op.f("fk_status_entry_issuance_id")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["status_list.id"], name=op.f("fk_status_entry_list_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "index", name=op.f("pk_status_entry")),
        sa.UniqueConstraint(
            "issuance_id", "purpose", name=op.f("uq_status_entry_issuance_id_purpose")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_status_entry_set",
        "status_entry",
        ["list_id", "index"],
        unique=False,
        sqlite_where=sa.text("set_at IS NOT NULL"),
        postgresql_where=sa.text("set_at IS NOT NULL"),
    )
