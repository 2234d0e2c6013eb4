"""What goes back to a wallet that asked for credentials, and what is kept of it.

Spec: OpenID4VCI 1.0 §8.3 (answer), §11.1 (``notification_id``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from issuer.oid4vci import answer_store, session_log
from issuer.oid4vci.copies import Copy
from issuer.oid4vci.desk import Desk
from issuer.oid4vci.messages import CredentialAnswer, Issued, ResponseEncryption
from issuer.oid4vci.model import Offer
from issuer.oid4vci.secret import new_secret

__all__ = ["Answer", "Given"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, with which status, and for whom it is encrypted."""

    members: Mapping[str, Any]
    status: int = 200
    encrypt: ResponseEncryption | None = None


class Given:
    """Copies that are given: kept in the commit that publishes them, and told to the wallet."""

    def __init__(self, desk: Desk, offer: Offer, step: str, copies: int) -> None:
        self._desk, self._offer, self._step, self._copies = desk, offer, step, copies
        self._notification_id = new_secret()

    def keep(self, connection: Connection) -> None:
        """Keep a place for the wallet's notification, and a line in the session log."""
        answer_store.add_notification(connection, self._offer, self._notification_id)
        now = self._desk.now()
        session_log.append(connection, self._offer.id, self._step, now, copies=self._copies)

    def answer(self, copies: Sequence[Copy]) -> CredentialAnswer:
        """Return what the wallet is told."""
        issued = [Issued(credential=one) for one in copies]
        return CredentialAnswer(credentials=issued, notification_id=self._notification_id)
