"""Two pairs of eyes: a batch that waits for a second person, and what that person decides.

Shape: the state stands in the row of the batch. A batch that waits is in no list that workers
read, the database refuses to hand it to them (`issuer.db.job_tables`), and `require_approved` is
asked again in the commit that would award. Who asked can never be who approves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.job_tables import batch_job
from issuer.db.session import unit_of_work
from issuer.errors import ApprovalDecided, NeedsApproval, NotFound, OwnApproval
from issuer.instance import Instance
from issuer.organisations.four_eyes import forbids

__all__ = ["Approval", "Decided", "approve", "read", "require_approved", "send_back"]


class Approval(StrEnum):
    """Whether a second person has to look at a batch, and what they said."""

    NONE = "none"
    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent-back"


@dataclass(frozen=True, slots=True)
class Decided:
    """How a batch stands with its approval, and who did what."""

    state: Approval
    asked_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str = ""

    @property
    def is_held(self) -> bool:
        """Tell whether nobody may be awarded of it."""
        return self.state in {Approval.WAITING, Approval.SENT_BACK}


def read(connection: Connection, batch_id: int) -> Decided | None:
    """Return how a batch stands; None of one that runs without workers.

    A list awarded while somebody waits (`learnseal award`) has no such row.
    """
    query = select(
        batch_job.c.approval,
        batch_job.c.asked_by,
        batch_job.c.decided_by,
        batch_job.c.decided_at,
        batch_job.c.decided_why,
    )
    row = connection.execute(query.where(batch_job.c.batch_id == batch_id)).one_or_none()
    if row is None:
        return None
    return Decided(
        Approval(row.approval), row.asked_by, row.decided_by, row.decided_at, row.decided_why or ""
    )


def require_approved(
    connection: Connection, organisation_ids: Iterable[int], batch_id: int | None, awards: int
) -> None:
    """Let awards be recorded only where no second person has to look, or one has approved.

    Raises:
        NeedsApproval: one has to, and has not.
    """
    found = read(connection, batch_id) if batch_id is not None else None
    if found and found.is_held:
        raise NeedsApproval(f"batch {batch_id} waits for a second person, or was sent back")
    if found is None and forbids(connection, organisation_ids, awards):
        raise NeedsApproval(
            "this organisation wants a second person to look first: "
            "award at the desk or with `learnseal batch submit`, then somebody else approves"
        )


def approve(instance: Instance, batch_id: int, actor: str) -> None:
    """Let workers have a batch.

    Raises:
        NotFound: there is no such batch.
        OwnApproval: `actor` is who asked.
        ApprovalDecided: it does not wait (any more).
    """
    _decide(instance, batch_id, actor, Approval.APPROVED)


def send_back(instance: Instance, batch_id: int, actor: str, why: str) -> None:
    """Refuse a batch, with the reason its sender reads. Nobody of it is ever awarded.

    Raises:
        NotFound: there is no such batch.
        OwnApproval: `actor` is who asked.
        ApprovalDecided: it does not wait (any more).
    """
    _decide(instance, batch_id, actor, Approval.SENT_BACK, why)


def _decide(instance: Instance, batch_id: int, actor: str, state: Approval, why: str = "") -> None:
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        found = read(connection, batch_id)
        if found is None:
            raise NotFound(f"there is no batch {batch_id}")
        if found.asked_by == actor:
            raise OwnApproval("somebody else has to look at what you sent")
        waiting = (batch_job.c.batch_id == batch_id) & (batch_job.c.approval == Approval.WAITING)
        values = {"approval": state, "decided_by": actor, "decided_at": now, "decided_why": why}
        if connection.execute(update(batch_job).where(waiting).values(values)).rowcount != 1:
            raise ApprovalDecided(f"batch {batch_id} does not wait for anybody")
        event = Event(actor, f"batch.{state}", f"batch:{batch_id}", {"asked": found.asked_by or ""})
        append(connection, [event], now)
