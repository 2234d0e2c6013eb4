"""A claim: the link by which a learner takes an award, and what became of it.

Shape: the code is 128 random bits in base64url; we keep only its SHA-256. The end of the link is
not the end of the award.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from issuer.errors import ClaimExpired, ClaimWithdrawn

__all__ = ["LIFETIME", "Claim", "ClaimState", "hash_code", "new_code"]

LIFETIME = timedelta(days=365)
"""How long a link opens; a new one can always be sent."""

CODE_BYTES = 16


class ClaimState(StrEnum):
    """How far a learner has come."""

    WAITING = "waiting"
    OPENED = "opened"
    KEPT = "kept"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Claim:
    """One link to one award."""

    id: int
    award_id: int
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None = None
    kept_at: datetime | None = None
    withdrawn_at: datetime | None = None
    offer_name: str | None = None
    """The wallet offer shown on its page, if one was made."""

    consent_id: int | None = None
    """The text about their data that was shown when they took it."""

    def state(self, now: datetime) -> ClaimState:
        """Tell how far the learner has come, or why the link does not open."""
        if self.withdrawn_at:
            return ClaimState.WITHDRAWN
        if now >= self.expires_at:
            return ClaimState.EXPIRED
        if self.kept_at:
            return ClaimState.KEPT
        return ClaimState.OPENED if self.opened_at else ClaimState.WAITING

    def require_open(self, now: datetime) -> None:
        """Return if the link still opens.

        Raises:
            ClaimWithdrawn: the organisation took it back.
            ClaimExpired: its time is over.
        """
        state = self.state(now)
        if state is ClaimState.WITHDRAWN:
            raise ClaimWithdrawn("ask the organisation that sent it what happened")
        if state is ClaimState.EXPIRED:
            raise ClaimExpired("ask the organisation that sent it for a new link")


def new_code() -> str:
    """Return a code nobody can guess."""
    return secrets.token_urlsafe(CODE_BYTES)


def hash_code(code: str) -> bytes:
    """Return what we keep of a code."""
    return sha256(code.strip().encode("utf-8", "replace")).digest()
