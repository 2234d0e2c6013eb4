"""The claim page's wallet offers, made by OpenID4VCI."""

from dataclasses import dataclass

from issuer.claiming.rules import rules_of_award
from issuer.claiming.wallets import Progress, WalletOffer
from issuer.db.session import reading
from issuer.instance import Instance
from issuer.oid4vci import flow, store
from issuer.oid4vci.desk import open_desk
from issuer.oid4vci.mailed_code import is_sent, send_code
from issuer.oid4vci.offers import OfferChoice, OfferState, create_offer, offer_state, offer_url

__all__ = ["OpenId4VciWallets"]

PROGRESS = {
    OfferState.OPEN: Progress.WAITING,
    OfferState.REDEEMED: Progress.OPENED,
    OfferState.ISSUED: Progress.KEPT,
    OfferState.ACCEPTED: Progress.KEPT,
    OfferState.FAILED: Progress.ENDED,
    OfferState.LOCKED: Progress.ENDED,
    OfferState.EXPIRED: Progress.ENDED,
}
"""What the protocol knows → what a learner is told."""


@dataclass(frozen=True, slots=True)
class OpenId4VciWallets:
    """Offers of a running service."""

    instance: Instance

    def create(self, award_id: int) -> WalletOffer:
        """Offer an award to one wallet."""
        with reading(self.instance.engine) as connection:
            wanted = rules_of_award(connection, award_id)
        made = create_offer(self.instance, award_id, OfferChoice(tx_code=wanted.wallet_code))
        return WalletOffer(made.name, made.uri, Progress.WAITING, made.tx_code is not None)

    def find(self, name: str) -> WalletOffer:
        """Return an offer made before, as it stands now."""
        with reading(self.instance.engine) as connection:
            offer = store.find_offer(connection, name)
            slug, _ = store.award_place(connection, offer.award_id)
            sent = is_sent(connection, offer.id)
        uri = flow.offer_uri(offer_url(open_desk(self.instance, slug), offer))
        progress = PROGRESS[offer_state(self.instance, name)]
        return WalletOffer(name, uri, progress, offer.tx_code_hash is not None, sent)

    def send_code(self, name: str) -> None:
        """Send the learner the number that the wallet asks for."""
        send_code(self.instance, name)
