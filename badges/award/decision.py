"""An award: the decision that one learner earned one achievement.

Units: times are aware UTC; ``birth_date`` is a calendar date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from badges.award.achievement import Achievement
from badges.award.organisation import Organisation
from badges.errors import MalformedValue

__all__ = ["Award", "Evidence", "Learner"]


@dataclass(frozen=True, slots=True)
class Learner:
    """The person who learned."""

    given_name: str = ""
    family_name: str = ""
    full_name: str = ""
    """As it is printed; made of given and family name when empty."""

    email: str | None = None
    birth_date: date | None = None
    did: str | None = None
    """The holder's own identifier, once a wallet gave one."""

    identifiers: Mapping[str, str] = field(default_factory=dict)
    """OB 3.0 identity type → value: ``sourcedId``, ``nationalIdentityNumber`` …"""

    def __post_init__(self) -> None:
        if not (self.email or self.name or self.did or self.identifiers):
            raise MalformedValue("a learner needs a name, an e-mail address or an identifier")

    @property
    def name(self) -> str:
        """Return the name as it is printed."""
        return self.full_name or " ".join(filter(None, (self.given_name, self.family_name)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that shows how the learner earned it."""

    name: str
    url: str | None = None
    narrative: str = ""
    description: str = ""
    genre: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """One learner earned one achievement."""

    id: str
    """A URI: ``urn:uuid:…``."""

    achievement: Achievement
    learner: Learner
    awarded: datetime
    issuer: Organisation | None = None
    """Who signs, when it is not the achievement's creator."""

    grade: str | None = None
    skill_levels: Mapping[str, str] = field(default_factory=dict)
    """Skill URI → level reached by this learner, where it differs from the achievement's."""

    credits_earned: float | None = None
    """ECTS; the achievement's when not said."""

    activity_start: datetime | None = None
    activity_end: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    narrative: str = ""
    language: str = "en"
    """The language the credential is written in."""

    def __post_init__(self) -> None:
        for moment in (self.awarded, self.activity_start, self.activity_end):
            if moment is not None and moment.tzinfo is None:
                raise MalformedValue(f"{moment} has no time zone")

    @property
    def awarding_body(self) -> Organisation:
        """Return the organisation that issues this award."""
        return self.issuer or self.achievement.bodies[0]
