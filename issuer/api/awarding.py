"""Award and change for a client, by the rules of the desk."""

import hashlib
import secrets

from issuer.api import awards_store
from issuer.api.answering import once, repeat_of
from issuer.api.awards_store import Kept
from issuer.api.bearer import Caller
from issuer.api.messages import Award
from issuer.awarding import batches
from issuer.awarding.columns import Column, Mapped
from issuer.awarding.model import Decision
from issuer.awarding.person_row import Reader
from issuer.awarding.service import Wish, award_one
from issuer.awarding.sheet import Line
from issuer.awarding.standing import Change, change_awards, standings
from issuer.catalogue import store as catalogue
from issuer.catalogue.service import achievement_of
from issuer.catalogue.store import Version
from issuer.db.session import reading
from issuer.errors import (
    AlreadyRevoked,
    AlreadySuspended,
    InvalidAward,
    NotFound,
    NotSuspendable,
    NotSuspended,
)
from issuer.organisations.four_eyes import forbids
from issuer.status.service import Act

__all__ = ["Waits", "award", "change", "own_version", "waits"]

FIELDS = {
    "given_name": Column.GIVEN_NAME,
    "family_name": Column.FAMILY_NAME,
    "full_name": Column.FULL_NAME,
    "email": Column.EMAIL,
    "birth_date": Column.BIRTH_DATE,
    "student_number": Column.STUDENT_NUMBER,
    "awarded_on": Column.AWARDED_ON,
    "grade": Column.GRADE,
    "narrative": Column.NARRATIVE,
    "language": Column.LANGUAGE,
}
"""Member of the body → the column of a list that means the same."""


class Waits(Exception):
    """A second person has to look first; `batch_id` is what they look at."""

    def __init__(self, batch_id: int) -> None:
        super().__init__("a second person has to approve this")
        self.batch_id = batch_id


def own_version(caller: Caller, key: str) -> Version:
    """Return one of the organisation's achievements.

    Raises:
        NotFound: there is none, or another organisation awards it.
    """
    with reading(caller.instance.engine) as connection:
        version = catalogue.latest(connection, key)
    if version is None or version.organisation_id != caller.organisation.id:
        raise NotFound("this organisation has no such achievement")
    return version


def award(caller: Caller, wanted: Award, key: str | None, body: bytes) -> int:
    """Award one person; return the number of the award.

    Raises:
        Waits: it is kept, and awarded when a second person has approved it.
        InvalidAward: naming the members to mend.
        NotFound, MayNotAward, AlreadyAwarded, IdempotencyConflict: as when the desk awards.
    """
    version = own_version(caller, wanted.achievement)
    decision = _read(caller, version, wanted)
    wish = Wish(version.key, decision, actor=caller.actor)
    if waits(caller):
        name = f"{caller.actor}:award:{key or secrets.token_urlsafe(16)}"
        submission = hashlib.sha256(name.encode()).hexdigest()
        asked = repeat_of(caller, key, body, "waits")
        made = once(caller, asked, lambda: batches.submit_one(caller.instance, wish, submission))
        raise Waits(made)
    repeat = repeat_of(caller, key, body, "award")
    wish = Wish(version.key, decision, actor=caller.actor, repeat=repeat)
    return award_one(caller.instance, wish).issuance.award_id


def waits(caller: Caller) -> bool:
    """Tell whether a second person has to look at a single award."""
    with reading(caller.instance.engine) as connection:
        return forbids(connection, [caller.organisation.id], 1)


def _read(caller: Caller, version: Version, wanted: Award) -> Decision:
    with reading(caller.instance.engine) as connection:
        achievement = achievement_of(caller.instance, connection, version)
    columns = Mapped({column: place for place, column in enumerate(FIELDS.values())}, ())
    cells = tuple(getattr(wanted, name).strip() for name in FIELDS)
    today = caller.instance.now().date()
    found = Reader(columns, achievement, today).read(Line(1, cells))
    if isinstance(found, Decision):
        return found
    names = {column: name for name, column in FIELDS.items()}
    raise InvalidAward({names[Column(p.column)]: f"{p.reason}: {p.fix}" for p in found})


def change(caller: Caller, number: int, wanted: Change, act: Act) -> Kept:
    """Change how an award stands.

    Raises:
        NotFound: this organisation has no such award.
        AlreadyRevoked, AlreadySuspended, NotSuspended, NotSuspendable: it cannot stand so.
    """
    with reading(caller.instance.engine) as connection:
        kept = awards_store.find(connection, caller.organisation.id, number)
        before = standings(connection, [number])[number]
    if change_awards(caller.instance, [number], wanted, act):
        return kept
    if before.revoked_at or wanted is Change.REVOKE:
        raise AlreadyRevoked("this award was revoked, or nothing of it was issued")
    if wanted is Change.REINSTATE:
        raise NotSuspended("this award is in force")
    if before.suspended_at:
        raise AlreadySuspended("this award is suspended")
    raise NotSuspendable("this award was issued without a place in a suspension list")
