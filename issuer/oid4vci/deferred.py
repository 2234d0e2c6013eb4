"""Hand out credentials later: keep what was asked for, and give it when the time has come.

Spec: OpenID4VCI 1.0 §8.3 (``transaction_id``), §9 (deferred).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from did import jwk
from issuer.awarding.artefacts import Beside
from issuer.db.session import reading, unit_of_work
from issuer.oid4vci import answer_store, encryption, messages, session_log, store
from issuer.oid4vci.answer_store import Transaction
from issuer.oid4vci.answers import Answer, Given
from issuer.oid4vci.copies import Issue
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.messages import DeferredAnswer, ResponseEncryption
from issuer.oid4vci.model import Access, Holder, Offer
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.tokens import logged

__all__ = ["Waiting", "defer", "fetch_deferred"]

INTERVAL = 5
"""Seconds a wallet should wait before it asks again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a wallet asked for and will fetch later."""

    configuration_id: str
    holders: Sequence[Holder]
    encrypt: ResponseEncryption | None


def defer(desk: Desk, offer: Offer, asked: Waiting, spend: Callable[[Connection], None]) -> Answer:
    """Keep what was asked, and `spend` what it was asked with, in one commit (§8.3)."""
    now = desk.now()
    kept = Transaction(
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        configuration_id=asked.configuration_id,
        holders=[{"jwk": dict(holder.jwk), "did": holder.did} for holder in asked.holders],
        ready_at=now + timedelta(seconds=offer.deferred_seconds),
    )
    with unit_of_work(desk.instance.engine) as connection:
        spend(connection)
        secret = answer_store.add_transaction(connection, kept)
        session_log.append(connection, offer.id, "waiting", now, copies=len(asked.holders))
    return _later(secret, asked.encrypt)


def fetch_deferred(
    desk: Desk, access: Access, members: Mapping[str, Any], *, issue: Issue, encrypted: bool
) -> Answer:
    """Answer a deferred credential request (§9.1).

    Raises:
        Refused: ``invalid_transaction_id`` or ``invalid_encryption_parameters``; or
            ``credential_request_denied``, and the transaction can still be fetched.
    """
    with logged(desk, access.offer_id, "deferred"):
        request = messages.parse_deferred_request(dict(members))
        wanted = request.credential_response_encryption
        encryption.verify_parameters(wanted, request_encrypted=encrypted)
        secret, now = request.transaction_id, desk.now()
        kept, offer = _find(desk, access, secret)
        if now < kept.ready_at and kept.spent_at is None:
            return _later(secret, wanted)
        holders = [Holder(jwk.from_jwk(one["jwk"]), **one) for one in kept.holders]
        given = Given(desk, offer, "deferred", len(holders))
        beside = Beside(partial(_spend, secret, now), given.keep)
        configuration = desk.configurations[kept.configuration_id]
        # Without notification_id: a common wallet library refuses both together in this answer.
        whole = given.answer(issue(desk.instance, offer, configuration, holders, beside))
    return Answer({"credentials": whole.members()["credentials"]}, encrypt=wanted)


def _find(desk: Desk, access: Access, secret: str) -> tuple[Transaction, Offer]:
    with reading(desk.instance.engine) as connection:
        kept = answer_store.transaction(connection, secret)
        if kept is None or kept.offer_id != access.offer_id:
            raise Refused(Code.INVALID_TRANSACTION_ID, "no such transaction")
        return kept, store.offer_by_id(connection, kept.offer_id)


def _spend(secret: str, now: datetime, connection: Connection) -> None:
    if not answer_store.spend_transaction(connection, secret, now):
        raise Refused(Code.INVALID_TRANSACTION_ID, "this transaction was fetched before")


def _later(secret: str, encrypt: ResponseEncryption | None) -> Answer:
    answer = DeferredAnswer(transaction_id=secret, interval=INTERVAL)
    return Answer(answer.members(), 202, encrypt)
