"""How awards stand, and changing how many of them stand in one act.

An award is revoked or suspended in every form it was issued in; who is told is left in the outbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from issuer.awarding import award_store
from issuer.db import outbox
from issuer.db.session import unit_of_work
from issuer.db.tables import issuance, status_entry
from issuer.instance import Instance
from issuer.status import service as status
from issuer.status import store as places
from issuer.status.model import Purpose
from issuer.status.publication import publish_due
from issuer.status.reconciling import require_reconciled
from issuer.status.service import Act
from issuer.webhooks import events as happened
from issuer.webhooks.model import Kind

__all__ = ["CHANGED", "Change", "Standing", "change_awards", "change_in", "standings"]

CHANGED = "award.changed"
"""Outbox topic: how awards stand has changed; the payload names them and the change."""

CHUNK = 500


class Change(StrEnum):
    """What may happen to an award afterwards."""

    REVOKE = "revoke"
    CANCEL = "cancel"
    """Revoke before anybody took it: the learner is not told, and it can be awarded again."""

    REPLACE = "replace"
    """Revoke because a corrected one takes its place."""

    SUSPEND = "suspend"
    REINSTATE = "reinstate"


_VERBS = {
    Change.REVOKE: status.revoke,
    Change.CANCEL: status.revoke,
    Change.REPLACE: status.revoke,
    Change.SUSPEND: status.suspend,
    Change.REINSTATE: status.reinstate,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one award stands."""

    revoked_at: datetime | None = None
    suspended_at: datetime | None = None
    suspendable: bool = False
    """Every form it was issued in has a place in a suspension list."""

    public_reason: str | None = None
    internal_reason: str | None = None
    issued: bool = True
    """Something of it is signed, or on its way."""

    def allows(self, change: Change) -> bool:
        """Tell whether it can be changed so."""
        if self.revoked_at or not self.issued:
            return False
        if _VERBS[change] is status.revoke:
            return True
        return self.suspendable and bool(self.suspended_at) is (change is Change.REINSTATE)

    def stands_so(self, change: Change) -> bool:
        """Tell whether it stands already as after the change: asking again is no mistake."""
        if _VERBS[change] is status.revoke:
            return self.revoked_at is not None
        if self.revoked_at or not self.issued:
            return False
        return bool(self.suspended_at) is (change is Change.SUSPEND)


def standings(connection: Connection, award_ids: Sequence[int]) -> dict[int, Standing]:
    """Return how these awards stand."""
    found: dict[int, Standing] = {}
    for start in range(0, len(award_ids), CHUNK):
        some = award_ids[start : start + CHUNK]
        query = (
            select(issuance.c.award_id, issuance.c.id, *_TOLD)
            .join_from(issuance, status_entry, isouter=True)
            .where(issuance.c.award_id.in_(some), issuance.c.state != "void")
        )
        by_award: dict[int, list[Mapping[str, object]]] = {}
        for row in connection.execute(query).mappings():
            by_award.setdefault(row["award_id"], []).append(dict(row))
        for number in some:
            found[number] = _standing(by_award.get(number, []))
    return found


_TOLD = (
    status_entry.c.purpose,
    status_entry.c.set_at,
    status_entry.c.public_reason,
    status_entry.c.internal_reason,
)


def _standing(rows: Sequence[Mapping[str, object]]) -> Standing:
    by_purpose = {p: [row for row in rows if row["purpose"] == p] for p in Purpose}
    set_rows = {p: next((r for r in found if r["set_at"]), {}) for p, found in by_purpose.items()}
    revoked, suspended = set_rows[Purpose.REVOCATION], set_rows[Purpose.SUSPENSION]
    told = revoked or suspended
    return Standing(
        revoked_at=revoked.get("set_at"),  # type: ignore[arg-type] # a moment, from its column
        suspended_at=suspended.get("set_at"),  # type: ignore[arg-type] # likewise
        suspendable=bool(rows)
        and len(by_purpose[Purpose.SUSPENSION]) == len({row["id"] for row in rows}),
        public_reason=told.get("public_reason"),  # type: ignore[arg-type] # a text
        internal_reason=told.get("internal_reason"),  # type: ignore[arg-type] # a text
        issued=bool(rows),
    )


def change_awards(
    instance: Instance, award_ids: Sequence[int], change: Change, act: Act
) -> list[int]:
    """Change those of these awards that allow it, in one commit, and publish that at once.

    Returns which were changed; the others stand as they stood.
    """
    with unit_of_work(instance.engine) as connection:
        changed = change_in(instance, connection, award_ids, change, act)
    publish_due(instance, act.actor)
    return changed


def change_in(
    instance: Instance,
    connection: Connection,
    award_ids: Sequence[int],
    change: Change,
    act: Act,
) -> list[int]:
    """Do the same in the caller's commit, who publishes afterwards.

    Raises:
        Reconciling: the store was restored and has not caught up yet.
    """
    require_reconciled(instance, connection)
    found = standings(connection, award_ids)
    wanted = [number for number in dict.fromkeys(award_ids) if found[number].allows(change)]
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        of = select(issuance.c.id).where(issuance.c.award_id.in_(chunk))
        _VERBS[change](connection, places.entries_of(connection, list(connection.scalars(of))), act)
        if change is Change.CANCEL:
            award_store.free_keys(connection, chunk)
        else:
            told(connection, chunk, change, act)
    return wanted


def told(connection: Connection, awards: Sequence[int], change: Change, act: Act) -> None:
    """Leave word for who tells the learners, and for the programs that listen."""
    payload = {"awards": awards, "change": change, "reason": act.reason}
    outbox.post(connection, CHANGED, payload, act.now)
    happened.changed(connection, awards, _EVENTS[change], act.now)


_EVENTS = {
    Change.REVOKE: Kind.REVOKED,
    Change.REPLACE: Kind.REVOKED,
    Change.SUSPEND: Kind.SUSPENDED,
    Change.REINSTATE: Kind.REINSTATED,
}
