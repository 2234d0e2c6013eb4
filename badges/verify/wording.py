"""How a finding is told to people, and how heavy it is."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["N_", "Weight", "Wording"]


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a text for translation and return it as it is."""
    return text


class Weight(StrEnum):
    """What a finding with this code does to the verdict when it did not pass."""

    FATAL = "fatal"
    """Nobody should rely on it."""

    BLIND = "blind"
    """We cannot say."""

    REMARK = "remark"
    """Genuine, but read this first."""

    FINE = "fine"
    """Says something good or nothing."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a finding is told: what, why, and what one can do."""

    weight: Weight
    title: str
    explanation: str
    remedy: str = ""
