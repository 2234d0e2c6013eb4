"""What checking a JAdES seal found: findings, the level reached, and how far it is trusted.

Spec: ETSI TS 119 182-1 §6 (baseline levels B-B, B-T, B-LT, B-LTA).
Shape: one finding per thing checked; `failed` means wrong, `unknown` means nobody could tell.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from badges.proofs.x509 import SealIdentity

__all__ = ["Finding", "JadesReport", "Level", "Outcome", "SealTrust"]


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Level(StrEnum):
    """The JAdES baseline levels, each including the ones before it."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


class SealTrust(StrEnum):
    """How far a valid seal says who made it."""

    TRUSTED = "trusted"
    NOT_CHECKED = "trust-list-not-checked"
    NOT_LISTED = "not-on-trust-list"
    TEST = "test-seal"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked about a seal."""

    check: str
    outcome: Outcome
    code: str
    detail: str = ""


_OPEN = {"trust", "timestamp-trust", "revocation"}
"""Checks that need lists from elsewhere."""


@dataclass(frozen=True, slots=True)
class JadesReport:
    """Everything that could be found out about one sealed document."""

    findings: tuple[Finding, ...]
    level: Level | None = None
    """The highest level whose parts all hold; None when the seal itself does not."""

    trust: SealTrust = SealTrust.NOT_CHECKED
    payload: str | None = None
    """The sealed text exactly as it was sealed; None when it is kept elsewhere."""

    certificate: x509.Certificate | None = None
    identity: SealIdentity | None = None
    sealed_at: datetime | None = None
    """Time of the earliest good signature timestamp, else None."""

    claimed_at: datetime | None = None
    """The time the sealer wrote (`sigT` or `iat`): signed, but only a claim."""

    @property
    def is_intact(self) -> bool:
        """Tell whether the seal holds: nothing failed, and only trust and revocation left open.

        The level says how much is proven: what is open never counts towards it.
        """
        settled = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
        return self.level is not None and all(
            finding.outcome in settled or _may_be_open(finding) for finding in self.findings
        )

    @property
    def is_trusted(self) -> bool:
        """Tell whether the seal holds and its owner was found on a trust list."""
        return (
            self.is_intact
            and self.trust is SealTrust.TRUSTED
            and all(finding.outcome is not Outcome.UNKNOWN for finding in self.findings)
        )

    def failures(self) -> tuple[str, ...]:
        """Return the codes of everything that failed."""
        return tuple(f.code for f in self.findings if f.outcome is Outcome.FAILED)


def _may_be_open(finding: Finding) -> bool:
    return finding.check in _OPEN and finding.outcome is Outcome.UNKNOWN
