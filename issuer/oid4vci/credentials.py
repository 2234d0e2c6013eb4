"""Hand out credentials: now, later, and hear what became of them.

Spec: OpenID4VCI 1.0 §8 (credential), §9 (deferred), §11 (notification).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from did import jwk
from issuer.db.session import passing_work, reading, unit_of_work
from issuer.instance import Instance
from issuer.oid4vci import (
    compat,
    dpop,
    encryption,
    flow,
    holder_proofs,
    messages,
    session_log,
    store,
)
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.messages import CredentialAnswer, DeferredAnswer, Issued, ResponseEncryption
from issuer.oid4vci.model import NONCE_LIFE, Access, Configuration, Holder, Offer
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.store import Transaction
from issuer.oid4vci.tickets import Purpose, TicketInvalid
from issuer.oid4vci.tokens import create_nonce, logged

__all__ = ["Answer", "Bearer", "Issue", "fetch_deferred", "hand_out", "identify", "notify"]

Issue = Callable[[Instance, Offer, Configuration, Holder], str | dict[str, Any]]
"""Make one holder's copy (`copies.issue_copy`)."""

INTERVAL = 5
"""Seconds a wallet should wait before it asks again."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """How a request authenticates: the scheme, the token, and the DPoP proof beside it."""

    scheme: str
    token: str
    proof: str | None
    url: str
    """The address asked, as the world sees it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, with which status, and for whom it is encrypted."""

    members: Mapping[str, Any]
    status: int = 200
    encrypt: ResponseEncryption | None = None


def identify(desk: Desk, bearer: Bearer | None) -> Access:
    """Return what the bearer may fetch.

    Raises:
        Refused: 401 ``invalid_token`` or ``invalid_dpop_proof``.
    """
    if bearer is None:
        raise Refused(Code.INVALID_TOKEN, "send the access token in the Authorization header")
    with reading(desk.instance.engine) as connection:
        found = store.token(connection, bearer.token)
    access = flow.verify_access(found, desk.organisation.id, desk.now())
    if (access.jkt is not None) != (bearer.scheme == "dpop"):
        raise Refused(Code.INVALID_TOKEN, "use the token with the scheme it was given for")
    if access.jkt is not None:
        _check_dpop(desk, bearer, access.jkt)
    return access


def hand_out(
    desk: Desk, access: Access, members: Mapping[str, Any], *, issue: Issue, encrypted: bool
) -> Answer:
    """Answer a credential request (§8.2).

    Raises:
        Refused: with the code of §8.3.1.2; nothing was issued then.
    """
    with logged(desk, access.offer_id, "credential"):
        worded = compat.to_credential_request(members, access, desk.configurations, desk.switches)
        request = messages.parse_credential_request(worded)
        name = flow.choose_configuration(request, access, desk.configurations)
        wanted = request.credential_response_encryption
        encryption.verify_parameters(wanted, request_encrypted=encrypted)
        proven = holder_proofs.verify_proofs(request.proofs, _expected(desk, access))
        offer = _reserve(desk, access.offer_id, proven)
        if offer.deferred_seconds:
            return _defer(desk, offer, name, proven.holders, wanted)
        credentials = _issue_all(desk, offer, name, proven.holders, issue)
        answer = _finish(desk, offer, credentials, "credential")
    return Answer(compat.with_credential(answer.members(), members), encrypt=wanted)


def fetch_deferred(
    desk: Desk, access: Access, members: Mapping[str, Any], *, issue: Issue, encrypted: bool
) -> Answer:
    """Answer a deferred credential request (§9.1).

    Raises:
        Refused: ``invalid_transaction_id`` or ``invalid_encryption_parameters``.
    """
    with logged(desk, access.offer_id, "deferred"):
        request = messages.parse_deferred_request(dict(members))
        wanted = request.credential_response_encryption
        encryption.verify_parameters(wanted, request_encrypted=encrypted)
        secret, now = request.transaction_id, desk.now()
        with unit_of_work(desk.instance.engine) as connection:
            waiting = store.transaction(connection, secret)
            if waiting is None or waiting.offer_id != access.offer_id:
                raise Refused(Code.INVALID_TRANSACTION_ID, "no such transaction")
            offer = store.offer_by_id(connection, waiting.offer_id)
            if now < waiting.ready_at and waiting.spent_at is None:
                answer = DeferredAnswer(transaction_id=secret, interval=INTERVAL)
                return Answer(answer.members(), 202, wanted)
            if not store.spend_transaction(connection, secret, now):
                raise Refused(Code.INVALID_TRANSACTION_ID, "this transaction was fetched before")
        holders = [Holder(jwk.from_jwk(one["jwk"]), **one) for one in waiting.holders]
        credentials = _issue_all(desk, offer, waiting.configuration_id, holders, issue)
        # Without notification_id: a common wallet library refuses both together in this answer.
        given = _finish(desk, offer, credentials, "deferred")
    return Answer({"credentials": given.members()["credentials"]}, encrypt=wanted)


def notify(desk: Desk, access: Access, members: Mapping[str, Any]) -> None:
    """Keep what a wallet tells of its credentials (§11); again is as good as once.

    Raises:
        Refused: ``invalid_notification_request`` or ``invalid_notification_id``.
    """
    with logged(desk, access.offer_id, "notification"):
        request = messages.parse_notification_request(dict(members))
        told = {
            "event": request.event,
            "description": request.event_description,
            "told_at": desk.now(),
        }
        with passing_work(desk.instance.engine) as connection:
            known = store.tell_notification(
                connection, request.notification_id, access.offer_id, told
            )
            if known:
                session_log.append(
                    connection,
                    access.offer_id,
                    "notification",
                    desk.now(),
                    event=request.event,
                    description=request.event_description or "",
                )
        if not known:
            raise Refused(Code.INVALID_NOTIFICATION_ID, "no such notification_id")


def with_fresh_nonce(desk: Desk, refused: Refused) -> dict[str, Any]:
    """Return the body of a refusal; older wallets find a nonce in it where that is switched on."""
    body = {"error": refused.code, "error_description": refused.why}
    if refused.error not in (Code.INVALID_PROOF, Code.INVALID_NONCE):
        return body
    return compat.with_nonce(
        body, create_nonce(desk), int(NONCE_LIFE.total_seconds()), desk.switches
    )


def _check_dpop(desk: Desk, bearer: Bearer, jkt: str) -> None:
    if bearer.proof is None:
        raise Refused(Code.INVALID_TOKEN, "this token needs a DPoP proof beside it")
    now = desk.now()
    try:
        bound = dpop.verify_dpop(
            bearer.proof, method="POST", url=bearer.url, now=now, access_token=bearer.token
        )
    except Refused as refused:
        raise Refused(refused.error, refused.why, status=401) from refused
    if bound.jkt != jkt:
        raise Refused(Code.INVALID_TOKEN, "the token is bound to another key")
    with passing_work(desk.instance.engine) as connection:
        fresh = store.spend_marks(connection, [bound.mark], now + 2 * dpop.MAX_AGE)
    if not fresh:
        raise Refused(Code.INVALID_DPOP_PROOF, "this DPoP proof was used before", status=401)


def _expected(desk: Desk, access: Access) -> holder_proofs.Expected:
    return holder_proofs.Expected(
        audience=desk.site.issuer,
        now=desk.now(),
        nonce_holds=lambda nonce: _is_nonce(desk, nonce),
        client_id=access.client_id,
        attesters=desk.attesters,
        relaxed=compat.VCAPI in desk.switches,
    )


def _is_nonce(desk: Desk, nonce: str) -> bool:
    try:
        desk.tickets.parse(Purpose.NONCE, nonce, desk.now())
    except TicketInvalid:
        return False
    return True


def _reserve(desk: Desk, offer_id: int, proven: holder_proofs.Proven) -> Offer:
    """Spend the nonces and count the copies, in one commit, before anything is issued."""
    marks = [f"nonce {nonce}" for nonce in proven.nonces]
    with passing_work(desk.instance.engine) as connection:
        if not store.spend_marks(connection, marks, desk.now() + NONCE_LIFE):
            raise Refused(Code.INVALID_NONCE, "this nonce was used before: fetch a new one")
        offer = store.count_copies(connection, offer_id, len(proven.holders))
        if offer is None:
            raise Refused(Code.CREDENTIAL_REQUEST_DENIED, "this offer gave out all its copies")
    return offer


def _defer(
    desk: Desk,
    offer: Offer,
    name: str,
    holders: Sequence[Holder],
    wanted: ResponseEncryption | None,
) -> Answer:
    now = desk.now()
    waiting = Transaction(
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        configuration_id=name,
        holders=[{"jwk": dict(holder.jwk), "did": holder.did} for holder in holders],
        ready_at=now + timedelta(seconds=offer.deferred_seconds),
    )
    with unit_of_work(desk.instance.engine) as connection:
        secret = store.add_transaction(connection, waiting)
        session_log.append(connection, offer.id, "waiting", now, copies=len(holders))
    answer = DeferredAnswer(transaction_id=secret, interval=INTERVAL)
    return Answer(answer.members(), 202, wanted)


def _issue_all(
    desk: Desk, offer: Offer, name: str, holders: Sequence[Holder], issue: Issue
) -> list[str | dict[str, Any]]:
    configuration = desk.configurations[name]
    return [issue(desk.instance, offer, configuration, holder) for holder in holders]


def _finish(
    desk: Desk, offer: Offer, credentials: Sequence[str | dict[str, Any]], step: str
) -> CredentialAnswer:
    with passing_work(desk.instance.engine) as connection:
        secret = store.add_notification(connection, offer.organisation_id, offer.id)
        session_log.append(connection, offer.id, step, desk.now(), copies=len(credentials))
    return CredentialAnswer(
        credentials=[Issued(credential=one) for one in credentials], notification_id=secret
    )
