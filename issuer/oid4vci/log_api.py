"""What became of an offer, for those who help a learner: its state and every step, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select

from issuer.db.oid4vci_tables import oid4vci_offer
from issuer.db.session import reading
from issuer.instance import Instance
from issuer.oid4vci import offers, session_log, store
from issuer.oid4vci.hints import hint
from issuer.oid4vci.offers import OfferState
from issuer.web.integrators import integrators_only
from issuer.web.request import instance_of

__all__ = ["Trace", "router", "traces_of_award"]

NEWEST = 20
"""Most offers of one award that are told; a learner may make a new one at any time."""

router = APIRouter(tags=["offers"], dependencies=[Depends(integrators_only)])


@dataclass(frozen=True, slots=True)
class Trace:
    """One offer and everything that happened to it; no secret is in it, whatever a wallet sent."""

    name: str
    state: OfferState
    configurations: Sequence[str]
    expires_at: datetime
    steps: Sequence[session_log.Entry]


def trace(instance: Instance, name: str) -> Trace:
    """Return what became of an offer.

    Raises:
        NotFound: there is no such offer.
    """
    state = offers.offer_state(instance, name)
    with reading(instance.engine) as connection:
        offer = store.find_offer(connection, name)
        steps = session_log.entries(connection, offer.id)
    return Trace(name, state, offer.configuration_ids, offer.expires_at, steps)


def traces_of_award(instance: Instance, award_id: int) -> Sequence[Trace]:
    """Return the newest offers of an award, newest first."""
    query = select(oid4vci_offer.c.name).where(oid4vci_offer.c.award_id == award_id)
    with reading(instance.engine) as connection:
        names = connection.scalars(query.order_by(oid4vci_offer.c.id.desc()).limit(NEWEST)).all()
    return [trace(instance, name) for name in names]


@router.get("/api/offers/{name}/log", summary="Every step of a wallet with this offer")
def log(name: str, request: Request) -> dict[str, Any]:
    """Return the session of one offer; no secret is in it, whatever the wallet sent."""
    found = trace(instance_of(request), name)
    return {
        "offer": name,
        "state": found.state.value,
        "configurations": list(found.configurations),
        "expires_at": found.expires_at.isoformat(),
        "steps": [
            {
                "at": step.at.isoformat(),
                "step": step.step,
                "outcome": step.outcome,
                "code": step.code,
                "detail": dict(step.detail),
                "hint": hint(step.step, step.code),
            }
            for step in found.steps
        ],
    }
