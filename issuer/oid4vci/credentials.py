"""Hand out credentials, and hear what became of them.

Spec: OpenID4VCI 1.0 §8 (credential), §11 (notification).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from issuer.awarding.artefacts import Beside
from issuer.db.session import passing_work, reading
from issuer.oid4vci import (
    access_store,
    answer_store,
    compat,
    dpop,
    encryption,
    flow,
    holder_proofs,
    messages,
    session_log,
    store,
)
from issuer.oid4vci.answers import Answer, Given
from issuer.oid4vci.copies import Issue
from issuer.oid4vci.deferred import Waiting, defer
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.model import NONCE_LIFE, Access, Offer
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.tickets import Purpose, TicketInvalid
from issuer.oid4vci.tokens import create_nonce, logged

__all__ = ["Bearer", "hand_out", "identify", "notify", "with_fresh_nonce"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """How a request authenticates: the scheme, the token, and the DPoP proof beside it."""

    scheme: str
    token: str
    proof: str | None
    url: str
    """The address asked, as the world sees it."""


def identify(desk: Desk, bearer: Bearer | None) -> Access:
    """Return what the bearer may fetch.

    Raises:
        Refused: 401 ``invalid_token`` or ``invalid_dpop_proof``.
    """
    if bearer is None:
        raise Refused(Code.INVALID_TOKEN, "send the access token in the Authorization header")
    with reading(desk.instance.engine) as connection:
        found = access_store.token(connection, bearer.token)
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
        with reading(desk.instance.engine) as connection:
            offer = store.offer_by_id(connection, access.offer_id)
        spend = partial(_spend, desk, offer, proven)
        if offer.deferred_seconds:
            return defer(desk, offer, Waiting(name, proven.holders, wanted), spend)
        given = Given(desk, offer, "credential", len(proven.holders))
        beside = Beside(spend, given.keep)
        configuration = desk.configurations[name]
        answer = given.answer(issue(desk.instance, offer, configuration, proven.holders, beside))
    return Answer(compat.with_credential(answer.members(), members), encrypt=wanted)


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
            known = answer_store.tell_notification(
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
        fresh = access_store.spend_marks(connection, [bound.mark], now + 2 * dpop.MAX_AGE)
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


def _spend(desk: Desk, offer: Offer, proven: holder_proofs.Proven, connection: Connection) -> None:
    """Spend the nonces and count the copies, in the commit before anything is signed."""
    marks = [f"nonce {nonce}" for nonce in proven.nonces]
    if not access_store.spend_marks(connection, marks, desk.now() + NONCE_LIFE):
        raise Refused(Code.INVALID_NONCE, "this nonce was used before: fetch a new one")
    if not store.count_copies(connection, offer.id, len(proven.holders)):
        raise Refused(Code.CREDENTIAL_REQUEST_DENIED, "this offer gave out all its copies")
