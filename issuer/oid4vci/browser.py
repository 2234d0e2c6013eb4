"""The browser's part: pushed requests, the page that asks for the code, the way back.

Spec: RFC 9126 (PAR), RFC 6749 §4.1.1 and §4.1.2, OpenID4VCI 1.0 §5.
Who may have the badge is known by the offer: its ``issuer_state`` is as secret as a code. A wallet
that comes without an offer sends the learner to a page that asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from issuer.claiming.proving import is_let_in
from issuer.claiming.rules import rules_of_award, sends_mail
from issuer.claiming.service import find_claim
from issuer.db.session import reading, unit_of_work
from issuer.errors import ClaimExpired, ClaimWithdrawn, NotFound
from issuer.oid4vci import access_store, flow, session_log, store
from issuer.oid4vci.access_store import Grant
from issuer.oid4vci.authorization import (
    authorization_to_json,
    create_redirect,
    json_to_authorization,
    parse_authorization_request,
    parse_redirect_uri,
)
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.mailed_code import send_code
from issuer.oid4vci.model import CODE_LIFE, Authorization, GrantKind, Offer
from issuer.oid4vci.offers import OfferChoice, create_offer
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.tickets import Purpose, TicketInvalid
from issuer.oid4vci.tokens import logged

__all__ = ["Ask", "ProveFirst", "answer_form", "authorize", "push"]

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
PUSHED_LIFE = timedelta(seconds=90)
FORM_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ask:
    """The learner must type something first."""

    request_uri: str
    client_id: str
    needs_offer: bool
    """Ask for the code of the offer: the wallet came without one."""

    needs_tx_code: bool
    wrong: bool = False
    offer_code: str = ""
    """What the learner typed before, once it was right: it need not be typed again."""


class ProveFirst(Exception):
    """The organisation wants the learner's e-mail address proved in this browser first."""

    def __init__(self, code: str) -> None:
        super().__init__("prove the address first")
        self.code = code


def push(desk: Desk, parameters: Mapping[str, str]) -> dict[str, object]:
    """Keep a pushed authorization request (RFC 9126 §2).

    Raises:
        Refused: whatever is wrong with it, before a browser is involved.
    """
    if "request_uri" in parameters:
        raise Refused(Code.INVALID_REQUEST, "request_uri cannot be pushed")
    request = parse_authorization_request(parameters, desk.configurations, desk.site.issuer)
    return {
        "request_uri": _keep(desk, request, PUSHED_LIFE),
        "expires_in": int(PUSHED_LIFE.total_seconds()),
    }


def authorize(desk: Desk, parameters: Mapping[str, str]) -> Ask | str:
    """Answer an authorization request: a page to show, or the URL to go back to.

    Raises:
        Refused: no safe way back is known.
    """
    if "request_uri" in parameters:
        request = _pushed(desk, parameters)
    else:
        parse_redirect_uri(parameters)
        try:
            request = parse_authorization_request(parameters, desk.configurations, desk.site.issuer)
        except Refused as refused:
            return _back(desk, parameters["redirect_uri"], parameters.get("state"), refused)
    try:
        return _decide(desk, request)
    except Refused as refused:
        return _back(desk, request.redirect_uri, request.state, refused)


def answer_form(desk: Desk, form: Mapping[str, str], browser: str = "") -> Ask | str:
    """Answer the page where the learner typed the codes; `browser` is its cookie of proof.

    Raises:
        Refused: the page is too old, or was never ours.
        ProveFirst: the learner has to prove the e-mail address at the claim page.
    """
    request = _pushed(desk, form, spend=False)
    given = form.get("offer_code") or request.issuer_state or ""
    try:
        if request.issuer_state is None:
            given = _offer_of_claim(desk, given.strip(), request, browser) or given
        offer = _offer(desk, given, request)
        if offer.tx_code_hash is not None and "tx_code" not in form:
            return _ask_number(form["request_uri"], request, given)
        with logged(desk, offer.id, "authorize"):
            _try_tx_code(desk, offer, form.get("tx_code"))
            return _let_in(desk, request, offer)
    except Refused as refused:
        if refused.error not in (Code.INVALID_GRANT, Code.ACCESS_DENIED):
            return _back(desk, request.redirect_uri, request.state, refused)
        if "tx_code" in form and refused.error is Code.INVALID_GRANT:
            return replace(_ask_number(form["request_uri"], request, given), wrong=True)
        needs_offer = request.issuer_state is None
        if not needs_offer:
            return _back(desk, request.redirect_uri, request.state, refused)
        return Ask(form["request_uri"], request.client_id, needs_offer, False, wrong=True)


def _ask_number(request_uri: str, request: Authorization, given: str) -> Ask:
    known = given if request.issuer_state is None else ""
    return Ask(request_uri, request.client_id, False, True, offer_code=known)


def _offer_of_claim(desk: Desk, code: str, request: Authorization, browser: str) -> str | None:
    """Return what opens a new offer of the claim with this code; None when there is none.

    Raises:
        Refused: ``access_denied``: the claim is for another badge, or of another organisation.
        ProveFirst: its organisation wants the address proved in this browser.
    """
    instance = desk.instance
    try:
        with reading(instance.engine) as connection:
            claim = find_claim(instance, connection, code)
            inside = is_let_in(instance, connection, claim, browser)
            rules = rules_of_award(connection, claim.award_id)
            slug, key = store.award_place(connection, claim.award_id)
    except (NotFound, ClaimExpired, ClaimWithdrawn):
        return None
    if not inside:
        raise ProveFirst(code)
    wanted = next((desk.configurations[name] for name in request.configuration_ids), None)
    if slug != desk.organisation.slug or wanted is None or wanted.achievement != key:
        raise Refused(Code.ACCESS_DENIED, "this claim code is for another badge")
    choice = OfferChoice(
        wanted.format, GrantKind.AUTHORIZATION_CODE, rules.wallet_code, lifetime=FORM_LIFE
    )
    made = create_offer(instance, claim.award_id, choice)
    if made.tx_code is not None and sends_mail(instance):
        send_code(instance, made.name)
    return desk.tickets.create(Purpose.STATE, made.name, made.expires_at)


def _decide(desk: Desk, request: Authorization) -> Ask | str:
    if request.issuer_state is None:
        uri = _keep(desk, request, FORM_LIFE)
        return Ask(uri, request.client_id, needs_offer=True, needs_tx_code=False)
    offer = _offer(desk, request.issuer_state, request)
    if offer.tx_code_hash is not None:
        uri = _keep(desk, request, FORM_LIFE)
        return Ask(uri, request.client_id, needs_offer=False, needs_tx_code=True)
    with logged(desk, offer.id, "authorize"):
        return _let_in(desk, request, offer)


def _let_in(desk: Desk, request: Authorization, offer: Offer) -> str:
    wanted = request.configuration_ids or tuple(offer.configuration_ids)
    if set(wanted) - set(offer.configuration_ids):
        raise Refused(Code.ACCESS_DENIED, "the offer is for another badge")
    text = authorization_to_json(replace(request, configuration_ids=wanted))
    now = desk.now()
    with unit_of_work(desk.instance.engine) as connection:
        grant = Grant("code", desk.organisation.id, text, now + CODE_LIFE, offer.id)
        code = access_store.add_grant(connection, grant)
        session_log.append(connection, offer.id, "authorize", now, client=request.client_id[:100])
    return create_redirect(request.redirect_uri, desk.site.issuer, request.state, {"code": code})


def _offer(desk: Desk, ticket: str, request: Authorization) -> Offer:
    now = desk.now()
    try:
        name = desk.tickets.parse(Purpose.STATE, ticket.strip(), now)
    except TicketInvalid as error:
        code = Code.INVALID_REQUEST if request.issuer_state else Code.ACCESS_DENIED
        raise Refused(code, "there is no such offer, or it has expired") from error
    with reading(desk.instance.engine) as connection:
        offer = store.offer_by_name(connection, desk.organisation.id, name)
    if offer is None or not offer.is_open(now) or offer.grant is not GrantKind.AUTHORIZATION_CODE:
        raise Refused(Code.ACCESS_DENIED, "this offer was used or has expired")
    return offer


def _try_tx_code(desk: Desk, offer: Offer, given: str | None) -> None:
    if offer.tx_code_hash is None:
        return
    with unit_of_work(desk.instance.engine) as connection:
        left = store.count_try(connection, offer.id)
    if not left:
        raise Refused(Code.ACCESS_DENIED, "too many wrong codes")
    flow.verify_tx_code(offer, desk.key, given)


def _keep(desk: Desk, request: Authorization, life: timedelta) -> str:
    text, expires = authorization_to_json(request), desk.now() + life
    with unit_of_work(desk.instance.engine) as connection:
        grant = Grant("request", desk.organisation.id, text, expires)
        return REQUEST_URI + access_store.add_grant(connection, grant)


def _pushed(desk: Desk, parameters: Mapping[str, str], *, spend: bool = True) -> Authorization:
    secret = parameters.get("request_uri", "").removeprefix(REQUEST_URI)
    now = desk.now()
    with unit_of_work(desk.instance.engine) as connection:
        found = access_store.find_grant(connection, "request", desk.organisation.id, secret, now)
        if found is None or (spend and not access_store.spend_grant(connection, secret, now)):
            raise Refused(Code.INVALID_REQUEST, "this request is unknown, used or too old")
    request = json_to_authorization(found[0])
    if spend and parameters.get("client_id") != request.client_id:
        raise Refused(Code.INVALID_REQUEST, "client_id is not the one that pushed the request")
    return request


def _back(desk: Desk, uri: str, state: str | None, refused: Refused) -> str:
    answer = {"error": refused.code, "error_description": refused.why}
    return create_redirect(uri, desk.site.issuer, state, answer)
