"""Achievements and awards of an organisation, as JSON."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from issuer.api import awards_store
from issuer.api.answering import Cursor, Key, Limit, answered, page
from issuer.api.awarding import Waits, award, change, own_version
from issuer.api.awards_store import Kept
from issuer.api.bearer import Caller, caller
from issuer.api.messages import Award, ChangeOf
from issuer.api.model import Scope
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import store as issuances
from issuer.awarding.standing import Change, Standing, standings
from issuer.catalogue import store as catalogue
from issuer.catalogue.store import Version
from issuer.claiming import store as claims
from issuer.claiming.service import create_claim
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotIssued
from issuer.status.service import Act

__all__ = ["Number", "router"]

router = APIRouter(prefix="/api/o/{slug}", tags=["awards"])

Achievements = Annotated[Caller, caller(Scope.ACHIEVEMENT_READ)]
Reading = Annotated[Caller, caller(Scope.AWARD_READ)]
Awarding = Annotated[Caller, caller(Scope.AWARD_WRITE)]
Correcting = Annotated[Caller, caller(Scope.STATUS_WRITE)]
Number = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/achievements", summary="List the achievements that this organisation awards")
def achievements(request: Request, who: Achievements) -> Response:
    """Return each in its newest version."""
    with reading(who.instance.engine) as connection:
        found = catalogue.newest_of(connection, who.organisation.id)
    return answered(request, {"items": [brief(version) for version in found], "next": None})


@router.get("/achievements/{key}", summary="One achievement, whole")
def achievement(request: Request, who: Achievements, key: str) -> Response:
    """Return its newest version with everything that is known of it."""
    version = own_version(who, key)
    whole = version.entry.model_dump(mode="json", exclude_defaults=True)
    return answered(request, brief(version) | {"definition": whole})


def brief(version: Version) -> dict[str, Any]:
    """Tell an achievement in a line."""
    return {
        "id": version.key,
        "version": version.number,
        "title": dict(version.entry.title),
        "is_micro_credential": version.is_micro_credential,
    }


@router.post("/awards", status_code=201, summary="Award one person")
async def award_person(request: Request, who: Awarding, body: Award, key: Key = None) -> Response:
    """Award and issue; 202 where a second person has to approve it first."""
    raw = await request.body()
    here = f"/api/o/{who.organisation.slug}"
    try:
        number = await run_in_threadpool(award, who, body, key, raw)
    except Waits as found:
        place = f"{here}/batches/{found.batch_id}"
        told = {"batch": found.batch_id, "stage": "awaiting approval"}
        return JSONResponse(told, status_code=202, headers={"Location": place})
    told = await run_in_threadpool(whole, who, number)
    return JSONResponse(told, status_code=201, headers={"Location": f"{here}/awards/{number}"})


@router.get("/awards", summary="List awards, newest first")
def awards(request: Request, who: Reading, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Return a page of awards and how each stands."""
    before = int(cursor) if cursor else None
    with reading(who.instance.engine) as connection:
        found = awards_store.newest(connection, who.organisation.id, limit + 1, before)
        stand = standings(connection, [kept.id for kept in found])
    return answered(request, page([told(kept, stand[kept.id]) for kept in found], limit))


@router.get("/awards/{award_id}", summary="One award: what was issued, and whether it was taken")
def one(request: Request, who: Reading, award_id: Number) -> Response:
    """Return an award with its issuances and the state of its newest claim link."""
    return answered(request, whole(who, award_id))


@router.post("/awards/{award_id}/link", status_code=201, summary="Make a new link for the learner")
def link(who: Awarding, award_id: Number) -> Response:
    """Return a link by which the learner takes the award; it is told only here."""
    with unit_of_work(who.instance.engine) as connection:
        kept = awards_store.find(connection, who.organisation.id, award_id)
        if kept.decision is None:
            raise NotIssued("the learner of this award was erased")
        made = create_claim(who.instance, connection, award_id)
        event = Event(who.actor, "claim.created", f"award:{award_id}")
        append(connection, [event], who.instance.now())
    answer = {"url": made.url, "expires_at": made.claim.expires_at.isoformat()}
    return JSONResponse(answer, status_code=201, headers={"Cache-Control": "no-store"})


@router.post("/awards/{award_id}/revoke", summary="Revoke an award, for ever")
def revoke(who: Correcting, award_id: Number, body: ChangeOf) -> dict[str, Any]:
    """End every form of it, and publish that at once."""
    return changed(who, award_id, Change.REVOKE, body)


@router.post("/awards/{award_id}/suspend", summary="Suspend an award for the time being")
def suspend(who: Correcting, award_id: Number, body: ChangeOf) -> dict[str, Any]:
    """Suspend every form of it, and publish that at once."""
    return changed(who, award_id, Change.SUSPEND, body)


@router.post("/awards/{award_id}/reinstate", summary="Put a suspended award in force again")
def reinstate(who: Correcting, award_id: Number, body: ChangeOf) -> dict[str, Any]:
    """Reinstate every form of it, and publish that at once."""
    return changed(who, award_id, Change.REINSTATE, body)


def changed(who: Caller, award_id: int, wanted: Change, body: ChangeOf) -> dict[str, Any]:
    """Change an award and tell how it stands."""
    act = Act(who.actor, who.instance.now(), body.reason, body.note)
    kept = change(who, award_id, wanted, act)
    with reading(who.instance.engine) as connection:
        return standing_told(kept, standings(connection, [award_id])[award_id])


def standing_told(kept: Kept, stands: Standing) -> dict[str, Any]:
    """Tell how an award stands; nothing of the learner."""
    moments = {"revoked_at": stands.revoked_at, "suspended_at": stands.suspended_at}
    state = "revoked" if stands.revoked_at else "suspended" if stands.suspended_at else "in-force"
    return {
        "id": kept.id,
        "achievement": kept.achievement,
        "awarded_on": kept.awarded_on.isoformat(),
        "standing": state if stands.issued else "not-issued",
        "reason": stands.public_reason,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def told(kept: Kept, stands: Standing) -> dict[str, Any]:
    """Tell an award, and of whom."""
    learner = kept.decision.learner if kept.decision else None
    names = ("given_name", "family_name", "full_name", "email")
    person = {name: getattr(learner, name) for name in names} if learner else None
    return standing_told(kept, stands) | {"learner": person}


def whole(who: Caller, number: int) -> dict[str, Any]:
    """Tell everything of an award."""
    with reading(who.instance.engine) as connection:
        kept = awards_store.find(connection, who.organisation.id, number)
        stands = standings(connection, [number])[number]
        issued = issuances.of_award(connection, number)
        links = claims.of_award(connection, number)
    now = who.instance.now()
    forms = [
        {"credential": each.credential_id, "format": each.format, "state": each.state.value}
        for each in issued
    ]
    claim = {"state": links[-1].state(now).value} if links else None
    return told(kept, stands) | {"issuances": forms, "claim": claim}
