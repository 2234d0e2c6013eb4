"""One credential's place in one status list, and what may happen to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from badges.status import standing
from badges.status.entry import make_entry
from issuer.errors import AlreadyRevoked, AlreadySuspended, NotSuspended

__all__ = ["Entry", "Purpose", "Reason", "StatusList"]


class Purpose(StrEnum):
    """What a list says (Bitstring Status List §2.1)."""

    REVOCATION = "revocation"
    """For ever."""

    SUSPENSION = "suspension"
    """For the time being. Its lists tell what is revoked as well (`badges.status.standing`)."""


class Reason(StrEnum):
    """What employers and learners are told."""

    ISSUED_IN_ERROR = "issued-in-error"
    SUPERSEDED = "superseded"
    REQUIREMENTS_NOT_MET = "requirements-not-met"
    MISCONDUCT = "academic-misconduct"
    LEARNER_REQUEST = "learner-request"
    KEY_COMPROMISE = "key-compromise"
    UNDER_REVIEW = "under-review"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list of one organisation and purpose."""

    id: int
    public_id: str
    organisation_id: int
    purpose: Purpose
    size: int
    version: int
    published_at: datetime | None

    def url(self, origin: str) -> str:
        """Return where the list is served: it tells nothing about any credential."""
        return f"{origin}/status/{self.public_id}"

    def index_of(self, place: int) -> int:
        """Return the index of a place; lists for suspension have two bits an entry."""
        return standing.index_of(place, self.size) if self.purpose is Purpose.SUSPENSION else place

    def entry(self, origin: str, index: int) -> dict[str, Any]:
        """Return what a credential says about its status."""
        if self.purpose is Purpose.SUSPENSION:
            return standing.make_standing_entry(self.url(origin), index)
        return make_entry(self.url(origin), index, self.purpose)


@dataclass(frozen=True, slots=True)
class Entry:
    """One credential's place in one list."""

    list_id: int
    index: int
    issuance_id: int
    purpose: Purpose
    set_at: datetime | None = None
    public_reason: str | None = None
    internal_reason: str | None = None

    def revoke(self, reason: Reason, note: str, now: datetime) -> "Entry":
        """Return this entry, revoked.

        Raises:
            AlreadyRevoked: it was; the first reason and time stand.
        """
        if self.set_at:
            raise AlreadyRevoked(f"revoked {self.set_at:%Y-%m-%d}: the first reason stands")
        return replace(self, set_at=now, public_reason=reason, internal_reason=note)

    def suspend(self, reason: Reason, note: str, now: datetime) -> "Entry":
        """Return this entry, suspended.

        Raises:
            AlreadySuspended: it is.
        """
        if self.set_at:
            raise AlreadySuspended(f"suspended {self.set_at:%Y-%m-%d}")
        return replace(self, set_at=now, public_reason=reason, internal_reason=note)

    def reinstate(self) -> "Entry":
        """Return this entry, in force again.

        Raises:
            NotSuspended: it is in force.
        """
        if not self.set_at:
            raise NotSuspended("it is not suspended")
        return replace(self, set_at=None, public_reason=None, internal_reason=None)
