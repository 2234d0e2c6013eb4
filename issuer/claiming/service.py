"""Make links for learners, open them, note what was taken, and take links back."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from issuer.claiming import store
from issuer.claiming.model import LIFETIME, Claim, hash_code, new_code
from issuer.errors import NotFound
from issuer.instance import Instance

__all__ = ["NewClaim", "create_claim", "find_claim", "withdraw_claims"]


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A link just made; the only place its code is ever seen."""

    claim: Claim
    code: str
    url: str


def create_claim(
    instance: Instance, connection: Connection, award_id: int, lifetime: timedelta = LIFETIME
) -> NewClaim:
    """Make a link by which the learner of an award can take it; earlier links stay open."""
    now, code = instance.now(), new_code()
    made = store.add(connection, Claim(0, award_id, now, now + lifetime), hash_code(code))
    return NewClaim(made, code, f"{instance.settings.origin}/claim/{code}")


def find_claim(instance: Instance, connection: Connection, code: str) -> Claim:
    """Return the claim a code opens.

    Raises:
        NotFound: no link has this code.
        ClaimExpired: the link has ended.
        ClaimWithdrawn: the link was taken back.
    """
    found = store.by_hash(connection, hash_code(code))
    if found is None:
        raise NotFound("check the claim code, or open the link in your mail again")
    found.require_open(instance.now())
    return found


def withdraw_claims(instance: Instance, connection: Connection, award_id: int) -> int:
    """Take back every open link to an award; return how many there were."""
    return store.withdraw(connection, award_id, instance.now())
