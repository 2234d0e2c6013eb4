"""The tables of issuing into wallets: offers, and what must be used once.

Shape: nothing a wallet sends as a secret is stored; tokens, codes and ids are kept as SHA-256.
Offer links, pre-authorized codes and nonces have no rows at all (`issuer.oid4vci.tickets`); what
was used once leaves a mark in `oid4vci_spent` until it would have expired anyway.
"""

from sqlalchemy import (
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
    "oid4vci_grant",
    "oid4vci_log",
    "oid4vci_notification",
    "oid4vci_offer",
    "oid4vci_profile",
    "oid4vci_spent",
    "oid4vci_token",
    "oid4vci_transaction",
]

oid4vci_profile = Table(
    "oid4vci_profile",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("compat", Text, nullable=False, server_default=""),
    Column("attesters", Text, nullable=False, server_default="[]"),
)
"""What an organisation switched: tolerated dialects, trusted wallet providers (JSON of JWKs)."""

oid4vci_offer = Table(
    "oid4vci_offer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(22), nullable=False, unique=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("award_id", ForeignKey("award.id"), nullable=False, index=True),
    Column("configuration_ids", Text, nullable=False),
    Column("grant_kind", String(20), nullable=False),
    Column("tx_code_hash", LargeBinary(32)),
    Column("tx_length", Integer, nullable=False),
    Column("tx_tries", Integer, nullable=False, server_default="0"),
    Column("copies", Integer, nullable=False, server_default="0"),
    Column("deferred_seconds", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("redeemed_at", Instant),
)
"""One award offered to one wallet. `redeemed_at` is set once, by the one who wins."""

oid4vci_grant = Table(
    "oid4vci_grant",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("offer_id", ForeignKey("oid4vci_offer.id")),
    Column("request", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
"""A pushed authorization request (``request``) or an authorization code (``code``)."""

oid4vci_token = Table(
    "oid4vci_token",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("offer_id", ForeignKey("oid4vci_offer.id"), nullable=False, index=True),
    Column("access", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

oid4vci_spent = Table(
    "oid4vci_spent",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Nonces and DPoP proofs that were used."""

oid4vci_transaction = Table(
    "oid4vci_transaction",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("offer_id", ForeignKey("oid4vci_offer.id"), nullable=False),
    Column("configuration_id", Text, nullable=False),
    Column("holders", Text, nullable=False),
    Column("ready_at", Instant, nullable=False),
    Column("spent_at", Instant),
)
"""A deferred issuance: which keys asked, and when it will be ready."""

oid4vci_notification = Table(
    "oid4vci_notification",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("offer_id", ForeignKey("oid4vci_offer.id"), nullable=False),
    Column("event", String(30)),
    Column("description", Text),
    Column("told_at", Instant),
)
"""What a wallet told of what it received; the last word stands."""

oid4vci_log = Table(
    "oid4vci_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("offer_id", ForeignKey("oid4vci_offer.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("step", String(30), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("code", String(60)),
    Column("detail", Text, nullable=False),
)
"""What happened to an offer, step by step, without secrets (`issuer.oid4vci.session_log`)."""

Index("ix_oid4vci_log_offer", oid4vci_log.c.offer_id, oid4vci_log.c.id)

TABLES = (
    oid4vci_profile,
    oid4vci_offer,
    oid4vci_grant,
    oid4vci_token,
    oid4vci_spent,
    oid4vci_transaction,
    oid4vci_notification,
    oid4vci_log,
)
