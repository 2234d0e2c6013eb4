"""Give access tokens: to who has a code, once.

Spec: OpenID4VCI 1.0 §6, RFC 6749 §4.1.3, RFC 9449 §5.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from issuer.db.session import passing_work, reading, unit_of_work
from issuer.oid4vci import access_store, authorization, compat, dpop, flow, session_log, store
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.flow import Redeemed
from issuer.oid4vci.messages import PRE_AUTHORIZED
from issuer.oid4vci.model import NONCE_LIFE, Offer
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.tickets import Purpose, TicketInvalid, new_name

__all__ = ["Shown", "create_nonce", "logged", "redeem"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a token request shows beside its form."""

    dpop: str | None = None
    """Its ``DPoP`` header."""

    client_id: str | None = None
    """The client a wallet provider vouches for."""


def create_nonce(desk: Desk) -> str:
    """Return a nonce for one request (§7); it has no row until it is used."""
    return desk.tickets.create(Purpose.NONCE, new_name(), desk.now() + NONCE_LIFE)


def redeem(desk: Desk, parameters: Mapping[str, str], shown: Shown) -> dict[str, object]:
    """Answer a token request.

    Args:
        desk: the organisation asked.
        parameters: the form of the request.
        shown: what came beside the form.

    Raises:
        Refused: with the code of RFC 6749 §5.2 or RFC 9449 §5.
    """
    grant = parameters.get("grant_type")
    if grant is None:
        raise Refused(Code.INVALID_REQUEST, "grant_type is missing")
    if grant not in _GRANTS:
        raise Refused(Code.UNSUPPORTED_GRANT_TYPE, f"known grant types: {', '.join(_GRANTS)}")
    answer = _GRANTS[grant](desk, parameters, shown)
    nonce = create_nonce(desk)
    return compat.with_nonce(answer, nonce, int(NONCE_LIFE.total_seconds()), desk.switches)


@contextmanager
def logged(desk: Desk, offer_id: int, step: str) -> Iterator[None]:
    """Write a refusal inside into the offer's session log."""
    try:
        yield
    except Refused as refused:
        with passing_work(desk.instance.engine) as connection:
            session_log.append(connection, offer_id, step, desk.now(), refused=refused)
        raise


def _pre_authorized(desk: Desk, parameters: Mapping[str, str], shown: Shown) -> dict[str, object]:
    offer = _offer_of_code(desk, parameters.get("pre-authorized_code"))
    with logged(desk, offer.id, "token"):
        flow.verify_pre_authorized(offer, parameters, desk.now())
        redeemed = replace(_wanted(desk, offer, parameters), client_id=shown.client_id)
        bound = _bound(desk, shown.dpop)
        if offer.tx_code_hash is not None:
            with unit_of_work(desk.instance.engine) as connection:
                left = store.count_try(connection, offer.id)
            if not left:
                raise Refused(Code.INVALID_GRANT, "too many wrong transaction codes")
            flow.verify_tx_code(offer, desk.key, parameters.get("tx_code"))
        return _grant(desk, offer, redeemed, bound)


def _authorization_code(
    desk: Desk, parameters: Mapping[str, str], shown: Shown
) -> dict[str, object]:
    secret = parameters.get("code")
    if secret is None:
        raise Refused(Code.INVALID_REQUEST, "code is missing")
    with reading(desk.instance.engine) as connection:
        found = access_store.find_grant(
            connection, "code", desk.organisation.id, secret, desk.now()
        )
        if found is None or found[1] is None:
            raise Refused(Code.INVALID_GRANT, "this code is unknown or has expired")
        offer = store.offer_by_id(connection, found[1])
    request = authorization.json_to_authorization(found[0])
    with logged(desk, offer.id, "token"):
        redeemed = flow.redeem_authorization(request, parameters)
        bound = _bound(desk, shown.dpop)
        if request.dpop_jkt is not None and (bound is None or bound.jkt != request.dpop_jkt):
            raise Refused(Code.INVALID_DPOP_PROOF, "the code was asked for with another key")
        _spend_code(desk, offer, secret)
        return _grant(desk, offer, redeemed, bound)


_GRANTS = {PRE_AUTHORIZED: _pre_authorized, "authorization_code": _authorization_code}


def _offer_of_code(desk: Desk, code: str | None) -> Offer:
    if code is None:
        raise Refused(Code.INVALID_REQUEST, "pre-authorized_code is missing")
    try:
        name = desk.tickets.parse(Purpose.CODE, code, desk.now())
    except TicketInvalid as error:
        raise Refused(Code.INVALID_GRANT, "this code is not ours or has expired") from error
    with reading(desk.instance.engine) as connection:
        offer = store.offer_by_name(connection, desk.organisation.id, name)
    if offer is None:
        raise Refused(Code.INVALID_GRANT, "this code is not ours")
    return offer


def _wanted(desk: Desk, offer: Offer, parameters: Mapping[str, str]) -> Redeemed:
    """Return what of the offer the wallet asks for: all of it, or what its details name."""
    text = parameters.get("authorization_details")
    if text is None:
        return Redeemed(offer.configuration_ids, with_identifiers=False)
    known = frozenset(offer.configuration_ids)
    ids = authorization.parse_authorization_details(text, known, desk.site.issuer)
    return Redeemed(tuple(dict.fromkeys(ids)), with_identifiers=True)


def _bound(desk: Desk, proof: str | None) -> dpop.Bound | None:
    if proof is None:
        return None
    return dpop.verify_dpop(proof, method="POST", url=desk.site.url("token"), now=desk.now())


def _spend_code(desk: Desk, offer: Offer, secret: str) -> None:
    with unit_of_work(desk.instance.engine) as connection:
        won = access_store.spend_grant(connection, secret, desk.now())
        if not won:
            access_store.revoke_tokens(connection, offer.id)
    if not won:
        raise Refused(Code.INVALID_GRANT, "this code was used before: its tokens are revoked")


def _grant(
    desk: Desk, offer: Offer, redeemed: Redeemed, bound: dpop.Bound | None
) -> dict[str, object]:
    """Spend the offer and make the token, in one commit: of many at once, one wins.

    A power cut may take both away again, never one of them: what is issued for the token is kept
    in a later commit that waits for the disk, and for everything before it.
    """
    now = desk.now()
    jkt = bound.jkt if bound else None
    access = flow.create_access(offer, redeemed, key=desk.key, now=now, jkt=jkt)
    with passing_work(desk.instance.engine) as connection:
        if bound and not access_store.spend_marks(connection, [bound.mark], now + 2 * dpop.MAX_AGE):
            raise Refused(Code.INVALID_DPOP_PROOF, "this DPoP proof was used before")
        if not store.spend_offer(connection, offer.id, now):
            raise Refused(Code.INVALID_GRANT, "this offer was redeemed before")
        token = access_store.add_token(connection, access)
        session_log.append(connection, offer.id, "token", now, bound="dpop" if jkt else "bearer")
    return flow.create_token_answer(token, access, redeemed.scope).members()
