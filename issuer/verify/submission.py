"""What somebody gives us to check: a file, a pasted text, or a link to either."""

from dataclasses import dataclass
from hashlib import sha256

__all__ = ["Submission", "link_in"]

MAX_LINK = 2_000
"""Longest address we follow."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The bytes to check and what to call them."""

    data: bytes
    name: str = "pasted"

    @property
    def digest(self) -> str:
        """SHA-256 of what was given, to recognise it later."""
        return sha256(self.data).hexdigest()


def link_in(text: str) -> str | None:
    """Return the address, if `text` is nothing but one."""
    candidate = text.strip()
    fits = len(candidate) <= MAX_LINK and not any(sign.isspace() for sign in candidate)
    return candidate if fits and candidate.lower().startswith(("https://", "http://")) else None
