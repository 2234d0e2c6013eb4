"""Offer an award to a wallet, and tell what became of the offer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from issuer.db.session import passing_work, reading, unit_of_work
from issuer.instance import Instance
from issuer.oid4vci import access_store, answer_store, flow, session_log, store
from issuer.oid4vci.desk import Desk, configuration_id, open_desk
from issuer.oid4vci.model import CODE_LIFE, TX_TRIES, Format, GrantKind, Offer
from issuer.oid4vci.refusal import Code, Refused
from issuer.oid4vci.tickets import Purpose, TicketInvalid, new_name

__all__ = ["CreatedOffer", "OfferChoice", "OfferState", "create_offer", "offer_state", "show_offer"]


class OfferState(StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    REDEEMED = "redeemed"
    """A wallet came with the code."""

    ISSUED = "issued"
    """The wallet has the credential."""

    ACCEPTED = "accepted"
    """The wallet said that it kept it."""

    FAILED = "failed"
    """The wallet said that it could not keep it."""

    LOCKED = "locked"
    """Too many wrong transaction codes."""

    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class OfferChoice:
    """How an award is offered."""

    format: Format = Format.LDP_VC
    grant: GrantKind = GrantKind.PRE_AUTHORIZED
    tx_code: bool = False
    lifetime: timedelta = timedelta(days=14)
    deferred_seconds: int = 0


@dataclass(frozen=True, slots=True)
class CreatedOffer:
    """An offer as staff or the claim page get it."""

    name: str
    """Names the offer in the API; opens nothing."""

    uri: str
    """The deep link, by reference: for the QR code and for phones."""

    uri_by_value: str
    """The deep link with the whole offer in it; its code lives ten minutes."""

    tx_code: str | None
    """To reach the learner another way than the link."""

    expires_at: datetime


def create_offer(instance: Instance, award_id: int, choice: OfferChoice) -> CreatedOffer:
    """Offer one award to one wallet.

    Raises:
        NotFound: there is no such award.
    """
    with reading(instance.engine) as connection:
        slug, key = store.award_place(connection, award_id)
    desk, now = open_desk(instance, slug), instance.now()
    name = new_name()
    tx_code = flow.derive_tx_code(desk.key, name) if choice.tx_code else None
    offer = Offer(
        id=0,
        name=name,
        organisation_id=desk.organisation.id,
        award_id=award_id,
        configuration_ids=(configuration_id(key, choice.format),),
        grant=choice.grant,
        expires_at=now + choice.lifetime,
        tx_code_hash=flow.hash_tx_code(desk.key, name, tx_code) if tx_code else None,
        deferred_seconds=choice.deferred_seconds,
    )
    with unit_of_work(instance.engine) as connection:
        access_store.forget_expired(connection, now)
        kept = store.add_offer(connection, offer, now)
        session_log.append(connection, kept.id, "offer", now, format=choice.format)
    return CreatedOffer(
        name=name,
        uri=flow.offer_uri(offer_url(desk, kept)),
        uri_by_value=flow.offer_uri(flow.create_offer(desk.site.issuer, kept, _code(desk, kept))),
        tx_code=tx_code,
        expires_at=kept.expires_at,
    )


def offer_url(desk: Desk, offer: Offer) -> str:
    """Return where a wallet fetches the offer: nobody can guess it, and it expires."""
    ticket = desk.tickets.create(Purpose.OFFER, offer.name, offer.expires_at)
    return desk.site.url(f"offers/{ticket}")


def show_offer(desk: Desk, ticket: str) -> dict[str, object]:
    """Return the credential offer behind a ticket, with a code that lives from now on.

    Raises:
        Refused: the offer is not there, or may not be redeemed any more.
    """
    now = desk.now()
    with passing_work(desk.instance.engine) as connection:
        try:
            name = desk.tickets.parse(Purpose.OFFER, ticket, now)
        except TicketInvalid as error:
            raise Refused(Code.INVALID_REQUEST, "there is no such offer", status=404) from error
        offer = store.offer_by_name(connection, desk.organisation.id, name)
        if offer is None:
            raise Refused(Code.INVALID_REQUEST, "there is no such offer", status=404)
        over = None if offer.is_open(now) else _over()
        session_log.append(connection, offer.id, "fetch", now, refused=over)
    if over is not None:
        raise over
    return flow.create_offer(desk.site.issuer, offer, _code(desk, offer))


def _over() -> Refused:
    why = "this offer was used or has expired: ask for a new one"
    return Refused(Code.INVALID_REQUEST, why, status=410)


def offer_state(instance: Instance, name: str) -> OfferState:
    """Tell where an offer stands.

    Raises:
        NotFound: there is no such offer.
    """
    with reading(instance.engine) as connection:
        offer = store.find_offer(connection, name)
        told = answer_store.last_notification(connection, offer.id)
        steps = [
            entry.step
            for entry in session_log.entries(connection, offer.id)
            if entry.outcome == "ok"
        ]
    if told is not None:
        return OfferState.ACCEPTED if told == "credential_accepted" else OfferState.FAILED
    if "credential" in steps or "deferred" in steps:
        return OfferState.ISSUED
    if offer.redeemed_at is not None:
        return OfferState.REDEEMED
    if offer.tx_tries >= TX_TRIES:
        return OfferState.LOCKED
    return OfferState.OPEN if instance.now() < offer.expires_at else OfferState.EXPIRED


def _code(desk: Desk, offer: Offer) -> str:
    """Return the pre-authorized code, or the ``issuer_state``, of an offer."""
    if offer.grant is GrantKind.AUTHORIZATION_CODE:
        return desk.tickets.create(Purpose.STATE, offer.name, offer.expires_at)
    expires = min(desk.now() + CODE_LIFE, offer.expires_at)
    return desk.tickets.create(Purpose.CODE, offer.name, expires)
