"""What a credential format is to `issuer.awarding`: four steps, each checked by the next.

Shape: a draft is the exact bytes to be signed; signing yields a proof, kept apart; ``join`` makes
the document of both, always the same bytes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from badges.award import Award
from badges.ob3 import build
from did.document import DidDocument
from did.signer import Signer

__all__ = ["Facts", "Format", "Prepared", "Seat"]


class Facts(NamedTuple):
    """What one issuance adds to its award."""

    award: Award
    credential_id: str
    valid_from: datetime
    status: Mapping[str, Any] | None
    holder: str

    def of_badge(self, issuer_did: str) -> build.Facts:
        """Return them as whoever writes an Open Badge wants them."""
        return {
            "credential_id": self.credential_id,
            "issuer_did": issuer_did,
            "status": self.status,
            "valid_from": self.valid_from,
            "holder": self.holder or None,
        }


@dataclass(frozen=True, slots=True)
class Seat:
    """The organisation that signs: its DID document and its key."""

    did: str
    document: DidDocument
    signer: Signer


@dataclass(slots=True)
class Prepared:
    """A draft that was checked and may be signed: its bytes, and what the signing step needs."""

    draft: bytes
    checked: Any
    _hash: bytes = field(default=b"", init=False, repr=False, compare=False)

    @property
    def draft_hash(self) -> bytes:
        """Return the SHA-256 of the draft, which whoever keeps it asks for more than once."""
        self._hash = self._hash or hashlib.sha256(self.draft).digest()
        return self._hash


class Format(Protocol):
    """One credential format."""

    media_type: str
    extension: str

    def draft(self, facts: Facts, seat: Seat) -> bytes:
        """Write the exact bytes that are to be signed."""
        ...

    def prepare(self, draft: bytes, seat: Seat, now: datetime) -> Prepared:
        """Check everything a verifier would refuse, before any key is used.

        Raises:
            NotSealable: with every problem.
        """
        ...

    def sign(self, prepared: Prepared, seat: Seat, created: datetime) -> bytes:
        """Return the proof of exactly these bytes."""
        ...

    def join(self, draft: bytes, proof: bytes) -> bytes:
        """Return the whole document."""
        ...
