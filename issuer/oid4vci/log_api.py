"""What became of an offer, for staff who help a learner: its state and every step, in order."""

from typing import Any

from fastapi import APIRouter, Request

from issuer.db.session import reading
from issuer.oid4vci import offers, session_log, store
from issuer.web.request import instance_of

__all__ = ["router"]

router = APIRouter(tags=["offers"])


@router.get("/api/offers/{name}/log", summary="Every step of a wallet with this offer")
def log(name: str, request: Request) -> dict[str, Any]:
    """Return the session of one offer; no secret is in it, whatever the wallet sent."""
    instance = instance_of(request)
    state = offers.offer_state(instance, name)
    with reading(instance.engine) as connection:
        offer = store.find_offer(connection, name)
        steps = session_log.entries(connection, offer.id)
    return {
        "offer": name,
        "state": state.value,
        "configurations": list(offer.configuration_ids),
        "expires_at": offer.expires_at.isoformat(),
        "steps": [
            {
                "at": step.at.isoformat(),
                "step": step.step,
                "outcome": step.outcome,
                "code": step.code,
                "detail": dict(step.detail),
            }
            for step in steps
        ],
    }
