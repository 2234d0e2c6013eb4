"""An organisation of this service, and the life of its keys."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from badges.award import Organisation as Particulars
from did.public_key import PublicKey
from issuer.errors import InvalidOrganisation

__all__ = [
    "SANDBOX",
    "Key",
    "KeyState",
    "Kind",
    "Organisation",
    "Particulars",
    "check_slug",
    "host_did",
    "web_did",
]


SANDBOX = "sandbox"
"""Slug of the organisation for trying things out: what it awards is genuine, and never valid."""


class Kind(StrEnum):
    """Where an organisation stands."""

    ALLIANCE = "alliance"
    MEMBER = "member"
    UNIT = "unit"


class KeyState(StrEnum):
    """What a key may still do."""

    ACTIVE = "active"
    """It signs."""

    RETIRED = "retired"
    """It signs no more; what it signed stays valid."""

    COMPROMISED = "compromised"
    """Somebody else may hold it; the DID document says since when."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An issuer or awarding body that this service works for."""

    id: int
    kind: Kind
    slug: str
    """Its name in URLs: ``/o/{slug}``."""

    did: str
    particulars: Particulars
    parent_id: int | None = None

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing it awards is real; the slug decides, because it never changes."""
        return self.slug == SANDBOX


@dataclass(frozen=True, slots=True)
class Key:
    """One signing key of an organisation; the private half is behind `uri`."""

    id: int
    organisation_id: int
    uri: str
    verification_method: str
    public_key: PublicKey
    state: KeyState
    created_at: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None

    @property
    def fragment(self) -> str:
        """The part of the verification method after ``#``."""
        return self.verification_method.partition("#")[2]


def check_slug(slug: str) -> None:
    """Refuse what would not do as a part of URLs and of a DID.

    Raises:
        InvalidOrganisation: saying what a slug looks like.
    """
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", slug):
        raise InvalidOrganisation(
            f"slug {slug[:80]!r}: use 1 to 63 lower-case letters, digits, hyphens, like 'tu-delft'"
        )


def host_did(origin: str) -> str:
    """Return the did:web of a host (and path) itself.

    Spec: did:web method, "Read": ``:`` separates path parts, the port's colon is ``%3A``.
    """
    host = origin.partition("://")[2].rstrip("/")
    return f"did:web:{host.replace(':', '%3A').replace('/', ':')}"


def web_did(origin: str, slug: str) -> str:
    """Return the did:web of an organisation served at `origin`."""
    return f"{host_did(origin)}:o:{slug}"
