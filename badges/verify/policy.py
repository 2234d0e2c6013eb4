"""What the verifier's owner decides: how strict, against which register, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from badges.verify.register import Register

__all__ = ["DEFAULT", "Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices of one verification."""

    skew: timedelta = timedelta(seconds=60)
    """How far clocks may differ."""

    register: Register | None = None
    """Trusted issuers; without one, recognition is not asked."""

    known_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Keys (thumbprints) of issuers as seen before; an issuer that is not here has no history."""

    recipient: str | None = None
    """Address or name of the person it should be for."""

    seal_authorities: tuple[bytes, ...] = ()
    """Certificates (DER) on which trust in an e-seal may end; none: no trust list was looked at."""

    timestamp_authorities: tuple[bytes, ...] = ()
    """The same for timestamps."""

    challenge: str | None = None
    """What a presentation must answer."""

    domain: str | None = None
    """Whom a presentation must be made for."""

    proof_only: bool = False
    """Only the signature, for conformance tools; never ``valid``."""

    allow_local: bool = False
    """Let did:web name a local machine: development only."""

    allow_published_keys: bool = False
    """Let keys count whose secret is printed in a specification: for official samples only."""


DEFAULT = Policy()
"""Strict, without a register, for anybody."""
