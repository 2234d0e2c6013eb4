"""The decision that one person gets an achievement, and one signed artefact of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from badges.award import Evidence, Learner
from issuer.status.model import Purpose

__all__ = ["Decision", "Issuance", "Order", "State"]


class State(StrEnum):
    """The life of an issuance; it only moves down this list, or to `VOID`."""

    RESERVED = "reserved"
    """It has its id and its places in status lists."""

    INTENDED = "intended"
    """The exact bytes to be signed are stored, with their hash and the key."""

    SIGNED = "signed"
    """The proof is stored and our own verifier accepts the whole."""

    PUBLISHED = "published"
    """Its status list is out; the learner may have it."""

    VOID = "void"
    """It was not signed and never will be; its place stays taken."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one person."""

    learner: Learner
    awarded_on: date
    grade: str | None = None
    activity_start: date | None = None
    activity_end: date | None = None
    evidence: tuple[Evidence, ...] = ()
    narrative: str = ""
    language: str = "en"
    skill_levels: Mapping[str, str] = field(default_factory=dict)
    """Skill URI → level this learner reached, where it differs from the achievement's."""

    occasion: int = 0
    """Above 0 when the same person gets the same thing again for the same date on purpose."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an award is to be issued as."""

    format: str = "ldp_vc"
    holder: str = ""
    """DID of the wallet key the credential is bound to; empty = not bound."""

    purposes: tuple[Purpose, ...] = (Purpose.REVOCATION,)
    """The status lists it gets a place in. Open Badges carry one status: with a place in a
    suspension list it is that one, which tells of revocation as well."""


@dataclass(frozen=True, slots=True)
class Issuance:
    """One signed artefact of an award, as far as it got."""

    id: int
    award_id: int
    organisation_id: int
    format: str
    holder: str
    credential_id: str
    state: State
    signing_key_id: int | None = None
    draft_hash: bytes | None = field(default=None, repr=False)
    intended_at: datetime | None = None
    signed_at: datetime | None = None
    published_at: datetime | None = None
    void_reason: str | None = None
