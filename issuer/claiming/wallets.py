"""What the claim page is given for wallets: offers, and what became of them.

The protocol itself lives in `issuer.oid4vci`; `issuer.app` hands it in.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fastapi import Request

__all__ = ["Progress", "WalletOffer", "Wallets", "wallets_of"]


class Progress(StrEnum):
    """How far a wallet has come with an offer."""

    WAITING = "waiting"
    OPENED = "opened"
    KEPT = "kept"
    ENDED = "ended"
    """Expired, locked, or the wallet could not keep it: a new offer is needed."""


@dataclass(frozen=True, slots=True)
class WalletOffer:
    """One offer as the page shows it."""

    name: str
    uri: str
    progress: Progress
    needs_code: bool = False
    """The wallet will ask for a number that is sent by mail."""

    code_sent: bool = False


class Wallets(Protocol):
    """Makes and follows offers."""

    def create(self, award_id: int) -> WalletOffer:
        """Offer an award to one wallet."""
        ...

    def find(self, name: str) -> WalletOffer:
        """Return an offer made before, as it stands now."""
        ...

    def send_code(self, name: str) -> None:
        """Send the learner the number that the wallet asks for."""
        ...


def wallets_of(request: Request) -> Wallets:
    """Return the wallet side of the service this request came to."""
    wallets: Wallets = request.app.state.wallets
    return wallets
