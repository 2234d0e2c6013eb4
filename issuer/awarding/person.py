"""Who is the same person: the key that keeps an achievement from being awarded twice.

Shape: a keyed hash (HMAC-SHA-256) of achievement, person and date, so that the store can tell
duplicates without a readable list of people.
"""

import hmac
import unicodedata

from badges.award import Learner
from issuer.awarding.model import Decision

__all__ = ["natural_key", "same_person"]

SEPARATOR = "\x1f"


def same_person(learner: Learner) -> str:
    """Return a text that is equal for the same person, however the list was typed.

    The strongest identifier there is decides: e-mail, a number, a DID, else name and birth date.
    """
    if learner.email:
        return "email:" + _plain(learner.email)
    if learner.identifiers:
        kind, value = min(learner.identifiers.items())
        return f"{kind}:{_plain(value)}"
    if learner.did:
        return "did:" + learner.did
    return f"name:{_plain(learner.name)}:{learner.birth_date or ''}"


def natural_key(secret: bytes, achievement: str, decision: Decision) -> bytes:
    """Return the key of one award: equal for the same person, achievement, date and occasion."""
    parts = (
        achievement,
        same_person(decision.learner),
        decision.awarded_on.isoformat(),
        str(decision.occasion),
    )
    return hmac.digest(secret, SEPARATOR.join(parts).encode(), "sha256")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
