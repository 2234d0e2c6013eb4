"""Whom to believe: the authorities of a trusted list, handed in by the caller.

Spec: ETSI TS 119 612 (EU trusted lists); which services count: ``CA/QC`` for seals, ``TSA/QTST``
      (and ``TSA``) for timestamps.
Shape: a source of lists fetches and checks them elsewhere; here they are plain certificates.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509

__all__ = ["NO_LIST", "TrustAnchors", "TrustList"]


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The certificates on which trust may end; empty means nobody looked."""

    seals: tuple[x509.Certificate, ...] = ()
    timestamps: tuple[x509.Certificate, ...] = ()

    @property
    def is_checked(self) -> bool:
        """Tell whether there was a list to look at."""
        return bool(self.seals)


class TrustList(Protocol):
    """A source of trust anchors: an EU trusted list already fetched, a file, a test."""

    def anchors(self, at: datetime) -> TrustAnchors:
        """Return the authorities that were granted at `at`."""
        ...


NO_LIST = TrustAnchors()
"""No trusted list at hand: a seal can be valid, never trusted."""
