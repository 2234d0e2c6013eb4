"""Every table of the service, in one metadata.

Shape: what is written once lives apart from what changes (`issuance_draft` and `issuance_proof`
beside `issuance`), so that a change of state never rewrites a document.
What must never happen twice is a unique constraint here, not a habit of the code.
Names avoid those of the job engine, which may share the SQLite file.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from issuer.db.columns import Id, Instant

__all__ = [
    "achievement",
    "audit_head",
    "audit_line",
    "award",
    "batch",
    "claim",
    "commissioned_entry",
    "consent_text",
    "counter",
    "idempotency",
    "instance_secret",
    "issuance",
    "issuance_draft",
    "issuance_proof",
    "mail",
    "metadata",
    "organisation",
    "outbox",
    "signing_key",
    "status_entry",
    "status_list",
    "vc_api_credential",
]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("last", Id, nullable=False),
)
"""Numbers given out in blocks, so that rows know theirs before they are written."""

instance_secret = Table(
    "instance_secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""Random keys of this service for keyed hashes (never signing keys)."""

organisation = Table(
    "organisation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("parent_id", ForeignKey("organisation.id")),
    Column("kind", String(20), nullable=False),
    Column("slug", String(63), nullable=False, unique=True),
    Column("did", String(512), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("legal", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("kind IN ('alliance', 'member', 'unit')", name="kind"),
)
"""An alliance, its members, their units. `legal` is JSON: names, address, identifiers, …"""

signing_key = Table(
    "signing_key",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("uri", Text, nullable=False),
    Column("verification_method", String(600), nullable=False, unique=True),
    Column("curve", String(20), nullable=False),
    Column("multikey", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("retired_at", Instant),
    Column("compromised_at", Instant),
    CheckConstraint("state IN ('active', 'retired', 'compromised')", name="state"),
)
Index(
    "uq_signing_key_active",
    signing_key.c.organisation_id,
    signing_key.c.curve,
    unique=True,
    sqlite_where=text("state = 'active'"),
    postgresql_where=text("state = 'active'"),
)

achievement = Table(
    "achievement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("key", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("is_micro_credential", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("locked_at", Instant),
    UniqueConstraint("key", "version"),
)
"""One version of one achievement; locked by its first award. `content` is JSON."""

batch = Table(
    "batch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("achievement_id", ForeignKey("achievement.id"), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("source_name", Text, nullable=False),
    Column("source_digest", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
)
"""One uploaded award list. Progress is counted on its issuances, never kept beside them."""

award = Table(
    "award",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("issuer_id", ForeignKey("organisation.id"), nullable=False),
    Column("achievement_id", ForeignKey("achievement.id"), nullable=False),
    Column("batch_id", ForeignKey("batch.id"), index=True),
    Column("row_number", Integer),
    Column("natural_key", LargeBinary(32), nullable=False, unique=True),
    Column("awarded_on", Date, nullable=False),
    Column("content", Text, nullable=False),
    Column("replaces_id", ForeignKey("award.id")),
    Column("created_at", Instant, nullable=False),
    Column("erased_at", Instant),
)
"""The decision that one person gets it. `natural_key` = keyed hash (achievement, person, date)."""

issuance = Table(
    "issuance",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("award_id", ForeignKey("award.id"), nullable=False),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("format", String(20), nullable=False),
    Column("holder", String(2048), nullable=False, server_default=""),
    Column("credential_id", String(300), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("signing_key_id", ForeignKey("signing_key.id")),
    Column("draft_hash", LargeBinary(32)),
    Column("salt", LargeBinary(16)),
    Column("intended_at", Instant),
    Column("signed_at", Instant),
    Column("published_at", Instant),
    Column("void_reason", Text),
    UniqueConstraint("award_id", "format", "holder"),
    CheckConstraint(
        "state IN ('reserved', 'intended', 'signed', 'published', 'void')", name="state"
    ),
)
"""One signed artefact of an award, for one format and holder. `salt` keys its audited hash."""

Index(
    "ix_issuance_open",
    issuance.c.id,
    sqlite_where=text("published_at IS NULL"),
    postgresql_where=text("published_at IS NULL"),
)
"""What is on its way, and the few that are void: whoever asks for them says `published_at IS NULL`.
It says nothing of `state`, for an index that does is written at each step of an issuance."""

issuance_draft = Table(
    "issuance_draft",
    metadata,
    Column("issuance_id", ForeignKey("issuance.id"), primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
"""The intent: the exact bytes that are to be signed."""

issuance_proof = Table(
    "issuance_proof",
    metadata,
    Column("issuance_id", ForeignKey("issuance.id"), primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
"""What signing added; `issuer.awarding.formats` joins the two."""

consent_text = Table(
    "consent_text",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("organisation_id", "version"),
)
"""What learners are told about their data; a version is never changed, a later one follows."""

claim = Table(
    "claim",
    metadata,
    Column("id", Id, primary_key=True),
    Column("award_id", ForeignKey("award.id"), nullable=False, index=True),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("kept_at", Instant),
    Column("withdrawn_at", Instant),
    Column("offer_name", String(80)),
    Column("consent_id", ForeignKey("consent_text.id")),
)
"""A link by which a learner takes an award. The code itself is nowhere but in the link."""

mail = Table(
    "mail",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("token", String(40), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant, nullable=False, index=True),
    Column("done_at", Instant),
    Column("last_error", String(200), nullable=False, server_default=""),
    Column("bounced_at", Instant),
    UniqueConstraint("kind", "subject_id"),
)
"""One mail about one thing: numbers only. `token` is the fixed part of its Message-ID."""

vc_api_credential = Table(
    "vc_api_credential",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("signing_key_id", ForeignKey("signing_key.id"), nullable=False),
    Column("suite", String(40), nullable=False),
    Column("draft", LargeBinary, nullable=False),
    Column("draft_hash", LargeBinary(32), nullable=False),
    Column("proof", LargeBinary),
    Column("intended_at", Instant, nullable=False),
    Column("signed_at", Instant),
)
"""What an integrator had us sign that was no award of ours: the draft first, then its proof."""

status_list = Table(
    "status_list",
    metadata,
    Column("id", Id, primary_key=True),
    Column("public_id", String(40), nullable=False, unique=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    Column("allocated", Integer, nullable=False, server_default="0"),
    Column("closed", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("shuffle_key", LargeBinary(32), nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("published_at", Instant),
    Column("published_bits", LargeBinary),
    Column("document", LargeBinary),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("allocated >= 0 AND allocated <= size", name="allocated"),
    CheckConstraint("size >= 131072", name="herd"),
    CheckConstraint("purpose IN ('revocation', 'suspension')", name="purpose"),
)
"""A list of one organisation and purpose; `version` only rises (trigger)."""

status_entry = Table(
    "status_entry",
    metadata,
    Column("list_id", ForeignKey("status_list.id"), primary_key=True),
    Column("index", Integer, primary_key=True),
    Column("issuance_id", ForeignKey("issuance.id"), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("set_at", Instant),
    Column("public_reason", String(60)),
    Column("internal_reason", Text),
    UniqueConstraint("issuance_id", "purpose"),
    sqlite_with_rowid=False,
)
"""One credential's place in one list. A revocation, once set, stays (trigger)."""

Index(
    "ix_status_entry_set",
    status_entry.c.list_id,
    status_entry.c.index,
    sqlite_where=text("set_at IS NOT NULL"),
    postgresql_where=text("set_at IS NOT NULL"),
)

commissioned_entry = Table(
    "commissioned_entry",
    metadata,
    Column("list_id", ForeignKey("status_list.id"), primary_key=True),
    Column("index", Integer, primary_key=True),
    Column("vc_api_credential_id", ForeignKey("vc_api_credential.id"), nullable=False, unique=True),
    Column("set_at", Instant),
    Column("public_reason", String(60)),
    Column("internal_reason", Text),
    sqlite_with_rowid=False,
)
"""The same for what an integrator had us sign: places of the same lists, never given out twice."""

audit_line = Table(
    "audit_line",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("line", LargeBinary, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""Append-only; `hash` = SHA-256 of (the hash before it + `line`)."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", Id, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    CheckConstraint("id = 1", name="single"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("topic", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
)
"""What follows from a commit, written in that commit. Ids only, never personal data."""

Index(
    "ix_outbox_open",
    outbox.c.id,
    sqlite_where=text("done_at IS NULL"),
    postgresql_where=text("done_at IS NULL"),
)
