"""A client (a program of an organisation) and what it may do."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["Client", "Scope"]


class Scope(StrEnum):
    """What a token is good for."""

    ACHIEVEMENT_READ = "achievement:read"
    AWARD_READ = "award:read"
    AWARD_WRITE = "award:write"
    STATUS_WRITE = "status:write"


@dataclass(frozen=True, slots=True)
class Client:
    """One program that acts for one organisation, and for nobody below or beside it."""

    id: int
    organisation_id: int
    client_id: str
    name: str
    scopes: frozenset[Scope]
    secret_hash: bytes | None = field(repr=False)
    public_key: str | None
    created_at: datetime
    rotated_at: datetime | None
    used_at: datetime | None
    closed_at: datetime | None

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return f"client:{self.id}"
