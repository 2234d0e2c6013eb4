"""Lists in the background: how far each is, stop it, let it begin later, approve it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.lists import WRITERS, file_answer
from issuer.admin.titles import title_of, titles_of
from issuer.admin.words import column_words
from issuer.admin.zones import ZONES, read_time, zone_of
from issuer.awarding import approval, batch_row_store, batch_store, batches
from issuer.awarding.approval import Approval
from issuer.awarding.batch_row_store import Counts
from issuer.awarding.batch_store import Job
from issuer.awarding.batches import Progress, Stage
from issuer.awarding.person_row import Mend
from issuer.catalogue import store as catalogue
from issuer.catalogue.comparing import changes_since
from issuer.db.session import reading
from issuer.edc import batches as edc
from issuer.errors import InvalidTime, NotFound
from issuer.organisations import accounts_store
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _
from issuer.web.i18n import ngettext

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/batches", include_in_schema=False)

Awarding = Annotated[Desk, at(Ability.AWARD)]
Seeing = Annotated[Desk, at(Ability.SEE)]
Short = Annotated[str, Form(max_length=64)]

PAGE = 25
PEOPLE = 50
"""Rows on one page for whoever approves."""

MOVING = {Stage.READING, Stage.RUNNING}
STOPPABLE = {*MOVING, Stage.SCHEDULED, Stage.APPROVAL}


@router.get("")
def listed(
    request: Request, desk: Seeing, before: Annotated[int | None, Query(ge=1, le=2**53)] = None
) -> HTMLResponse:
    """List the organisation's lists, newest first."""
    with reading(desk.instance.engine) as connection:
        jobs = batch_store.listed(connection, desk.organisation.id, PAGE, before)
        titles = titles_of(connection, [job.achievement_id for job in jobs])
        names = names_of(connection, [job.actor for job in jobs])
    shown = [(job, batches.progress_of(desk.instance, job.batch_id)) for job in jobs]
    return desk_page(
        request,
        "admin/batches.html",
        desk,
        shown=shown,
        titles=titles,
        names=names,
        stages=stage_words(),
        more=jobs[-1].batch_id if len(jobs) == PAGE else None,
    )


@router.get("/{batch_id}")
def watch(
    request: Request,
    desk: Seeing,
    batch_id: int,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    still: bool = False,
) -> HTMLResponse:
    """Show how far a list is; the page reloads itself, or is reloaded."""
    return batch_page(request, desk, own_job(desk, batch_id), View(after, still))


@router.get("/{batch_id}/errors.{form}")
def errors(desk: Awarding, batch_id: int, form: Literal["csv", "xlsx"]) -> Response:
    """Send the rows that were not awarded, as they came, with the reason beside."""
    job = own_job(desk, batch_id)
    header = [heading for heading, _meant in job.layout.columns] if job.layout else []
    with reading(desk.instance.engine) as connection:
        rows = list(batch_row_store.to_mend(connection, batch_id))
    unsealed = edc.problems_of(desk.instance, batch_id)  # issued, and without a Europass form
    rows += [Mend(problem.row, (), (problem,)) for problem in unsealed]
    return file_answer(WRITERS[form](header, rows), f"rows-to-mend-{batch_id}")


@router.post("/{batch_id}/cancel", dependencies=[Depends(our_form)])
def cancel(desk: Awarding, batch_id: int) -> Response:
    """Stop what is left of a list."""
    own_job(desk, batch_id)
    batches.cancel(desk.instance, batch_id, desk.staff.actor)
    return back(desk, batch_id)


@router.post("/{batch_id}/resume", dependencies=[Depends(our_form)])
def resume(desk: Awarding, batch_id: int) -> Response:
    """Go on with a list that was stopped."""
    own_job(desk, batch_id)
    batches.resume(desk.instance, batch_id, desk.staff.actor)
    return back(desk, batch_id)


@router.post("/{batch_id}/schedule", dependencies=[Depends(our_form)])
def schedule(
    request: Request, desk: Awarding, batch_id: int, at_time: Short = "", zone: Short = "UTC"
) -> Response:
    """Let a list begin at another time, or at once."""
    job = own_job(desk, batch_id)
    try:
        starts_at = read_time(at_time, zone, desk.instance.now())
    except InvalidTime as error:
        return batch_page(request, desk, job, View(problem={"at_time": str(error)}))
    batches.reschedule(desk.instance, batch_id, starts_at, desk.staff.actor)
    return back(desk, batch_id)


@router.post("/{batch_id}/approve", dependencies=[Depends(our_form)])
def approve(desk: Awarding, batch_id: int) -> Response:
    """Let a list go on that somebody else has sent."""
    own_job(desk, batch_id)
    approval.approve(desk.instance, batch_id, desk.staff.actor)
    return back(desk, batch_id)


@router.post("/{batch_id}/send-back", dependencies=[Depends(our_form)])
def send_back(
    request: Request,
    desk: Awarding,
    batch_id: int,
    why: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Refuse a list that somebody else has sent, with the reason."""
    job = own_job(desk, batch_id)
    if not why.strip() and job.approval.asked_by != desk.staff.actor:
        problem = {"why": _("Say what has to be mended: whoever sent the list reads it.")}
        return batch_page(request, desk, job, View(problem=problem))
    approval.send_back(desk.instance, batch_id, desk.staff.actor, why.strip())
    return back(desk, batch_id)


def back(desk: Desk, batch_id: int) -> Response:
    """Lead back to the list."""
    return see_other(f"/staff/o/{desk.organisation.slug}/batches/{batch_id}")


def own_job(desk: Desk, batch_id: int) -> Job:
    """Return a list of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    with reading(desk.instance.engine) as connection:
        job = batch_store.by_number(connection, batch_id)
    if job.body_id != desk.organisation.id:
        raise NotFound(f"there is no batch {batch_id}")
    return job


@dataclass(frozen=True, slots=True)
class View:
    """How the page of one list is looked at."""

    after: int = 0
    """The people after this row."""

    still: bool = False
    """The page does not reload itself."""

    problem: Mapping[str, str] = field(default_factory=dict)


def batch_page(request: Request, desk: Desk, job: Job, view: View) -> HTMLResponse:
    """Make the page of one list."""
    progress = batches.progress_of(desk.instance, job.batch_id)
    sealing = edc.progress_of(desk.instance, job.batch_id)
    unsealed = bool(sealing and not sealing.is_done and progress.stage == Stage.DONE)
    done = min(finished(progress.counts), progress.rows)
    with reading(desk.instance.engine) as connection:
        version = catalogue.by_number(connection, job.achievement_id)
        decided = job.approval
        actors = [name for name in (job.actor, decided.decided_by) if name]
        names = names_of(connection, actors)
        looked = (
            approver_view(connection, job, view.after) if decided.state is not Approval.NONE else {}
        )
    return desk_page(
        request,
        "admin/batch.html",
        desk,
        status=422 if view.problem else 200,
        job=job,
        title=title_of(version),
        version=version,
        names=names,
        progress=progress,
        finished=done,
        left=left_words(job, progress, done, desk.instance.now()),
        sealing=sealing,
        moves=progress.stage in MOVING or unsealed,
        still=view.still,
        stages=stage_words(),
        stoppable=progress.stage in STOPPABLE,
        decides=progress.stage == Stage.APPROVAL and decided.asked_by != desk.staff.actor,
        problem=view.problem,
        zones=ZONES,
        zone=zone_of(desk.organisation.particulars.country),
        words=column_words(),
        **({"people": [], "changes": [], "newer": None, "next": None} | looked),
    )


def approver_view(connection: Connection, job: Job, after: int) -> dict[str, Any]:
    """Return what whoever approves has to see: the people, and what is new in the achievement."""
    version = catalogue.by_number(connection, job.achievement_id)
    newest = catalogue.latest(connection, version.key)
    people = batch_row_store.people(connection, job.batch_id, after, PEOPLE)
    return {
        "people": people,
        "next": people[-1].number if len(people) == PEOPLE else None,
        "changes": changes_since(connection, version),
        "newer": newest.number if newest and newest.number != version.number else None,
    }


def finished(counts: Counts) -> int:
    """Return how many rows nothing more will happen to."""
    return counts.issued + counts.refused + counts.duplicate + counts.invalid


def left_words(job: Job, progress: Progress, done: int, now: datetime) -> str:
    """Say how long the rest will take, going by what is done; empty where that is not known."""
    began = max(filter(None, (job.ready_at, job.starts_at, job.approval.decided_at)), default=now)
    issued = progress.counts.issued + progress.counts.refused
    if progress.stage != Stage.RUNNING or not issued or now <= began:
        return ""
    left = (now - began) / issued * (progress.rows - done)
    if left < timedelta(minutes=1):
        return _("less than a minute left")
    minutes = round(left / timedelta(minutes=1))
    return ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes) % {
        "num": minutes
    }


def names_of(connection: Connection, actors: list[str]) -> dict[str, str]:
    """Return how people are called who are known to the log by number."""
    numbers = [int(name[8:]) for name in actors if name.startswith("account:")]
    found = accounts_store.names(connection, numbers)
    return {f"account:{number}": name for number, name in found.items()}


def stage_words() -> dict[str, tuple[str, str]]:
    """Say where a list is, and in which tone."""
    return {
        Stage.READING: (_("being read"), "unknown"),
        Stage.APPROVAL: (_("waits for approval"), "remark"),
        Stage.SENT_BACK: (_("sent back"), "failed"),
        Stage.SCHEDULED: (_("waiting for its time"), "unknown"),
        Stage.RUNNING: (_("being awarded"), "unknown"),
        Stage.CANCELLED: (_("stopped"), "remark"),
        Stage.DONE: (_("done"), "passed"),
    }
