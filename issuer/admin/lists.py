"""Award a whole list: look at it first, take the bad rows home, award the good ones, watch."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from issuer.admin import uploads
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.awarding import batch_store, batches
from issuer.awarding.batches import Stage
from issuer.awarding.bulk import BulkReport, Upload, dry_run, error_sheet
from issuer.catalogue import store as catalogue
from issuer.catalogue.standing import standings
from issuer.catalogue.store import Version
from issuer.db.session import reading
from issuer.edc import batches as edc
from issuer.errors import InvalidUpload, NotFound
from issuer.organisations.roles import Ability
from issuer.web.layout import PRIVATE

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}", include_in_schema=False)

Awarding = Annotated[Desk, at(Ability.AWARD)]
Seeing = Annotated[Desk, at(Ability.SEE)]
Key = Annotated[str, Form(max_length=120)]
Token = Annotated[str, Form(max_length=100)]

SHOWN = 100
"""Rows to mend on the page; the sheet has them all."""


@router.get("/award")
def choose(request: Request, desk: Awarding) -> HTMLResponse:
    """Ask for the achievement and the list."""
    return choose_page(request, desk)


@router.post("/award", dependencies=[Depends(our_form)])
def look(
    request: Request, desk: Awarding, achievement: Key, file: UploadFile | None = None
) -> HTMLResponse:
    """Read the list and tell what awarding it would do; nobody is awarded."""
    version = version_of(desk, achievement)
    if file is None or not file.filename:
        return choose_page(request, desk, achievement, problem="Choose a file.")
    kept = uploads.keep(desk.instance, desk.staff, file.file)
    try:
        report = dry_run(desk.instance, upload_of(desk, kept, achievement))
    except InvalidUpload as error:
        uploads.forget(kept)
        return choose_page(request, desk, achievement, problem=str(error))
    return desk_page(
        request,
        "admin/dry_run.html",
        desk,
        report=report,
        problems=report.problems[:SHOWN],
        title=title_of(version),
        achievement=achievement,
        upload=kept.token,
        name=file.filename[:200],
    )


@router.post("/award/errors", dependencies=[Depends(our_form)])
def take_errors(desk: Awarding, achievement: Key, upload: Token) -> Response:
    """Send the rows that need mending as a sheet."""
    version_of(desk, achievement)
    kept = uploads.find(desk.instance, desk.staff, upload)
    return sheet(dry_run(desk.instance, upload_of(desk, kept, achievement)))


@router.post("/award/start", dependencies=[Depends(our_form)])
def start(
    desk: Awarding,
    achievement: Key,
    upload: Token,
    name: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Award the good rows in the background."""
    version_of(desk, achievement)
    kept = uploads.find(desk.instance, desk.staff, upload)
    batch_id = batches.submit(desk.instance, upload_of(desk, kept, achievement, name))
    uploads.forget(kept)
    return see_other(f"/staff/o/{desk.organisation.slug}/batches/{batch_id}")


@router.get("/batches/{batch_id}")
def watch(request: Request, desk: Seeing, batch_id: int) -> HTMLResponse:
    """Show how far a list is; a page that is reloaded, or reloads a part of itself."""
    job = own_job(desk, batch_id)
    progress = batches.progress_of(desk.instance, batch_id)
    sealing = edc.progress_of(desk.instance, batch_id)
    counts = progress.counts
    finished = counts.issued + counts.refused + counts.duplicate + counts.invalid
    return desk_page(
        request,
        "admin/batch.html",
        desk,
        job=job,
        progress=progress,
        finished=min(finished, progress.rows),
        sealing=sealing,
        moves=progress.stage in {Stage.READING, Stage.SCHEDULED, Stage.RUNNING}
        or bool(sealing and not sealing.is_done and progress.stage == Stage.DONE),
    )


@router.get("/batches/{batch_id}/errors.csv")
def batch_errors(desk: Awarding, batch_id: int) -> Response:
    """Send the rows of a list that were not awarded as a sheet."""
    own_job(desk, batch_id)
    found = batches.problems_of(desk.instance, batch_id)
    return sheet(BulkReport(problems=found + edc.problems_of(desk.instance, batch_id)))


@router.post("/batches/{batch_id}/cancel", dependencies=[Depends(our_form)])
def cancel(desk: Awarding, batch_id: int) -> Response:
    """Stop what is left of a list."""
    own_job(desk, batch_id)
    batches.cancel(desk.instance, batch_id, desk.staff.actor)
    return see_other(f"/staff/o/{desk.organisation.slug}/batches/{batch_id}")


def choose_page(request: Request, desk: Desk, chosen: str = "", problem: str = "") -> HTMLResponse:
    """Make the first page."""
    offered = {version.key: title_of(version) for version in versions_of(desk)}
    return desk_page(
        request,
        "admin/award.html",
        desk,
        status=422 if problem else 200,
        offered=offered,
        chosen=chosen,
        problem=problem,
    )


def versions_of(desk: Desk) -> list[Version]:
    """Return the achievements this organisation awards, newest versions."""
    with reading(desk.instance.engine) as connection:
        found = catalogue.newest_of(connection, desk.organisation.id)
        stands = standings(connection)
    return [each for each in found if each.key not in stands or not stands[each.key].archived_at]


def version_of(desk: Desk, key: str) -> Version:
    """Return one of this organisation's achievements.

    Raises:
        NotFound: there is none, or another organisation awards it.
    """
    with reading(desk.instance.engine) as connection:
        version = catalogue.latest(connection, key)
    if version is None or not is_own(desk, version):
        raise NotFound("choose one of your own achievements")
    return version


def is_own(desk: Desk, version: Version) -> bool:
    """Tell whether this organisation awards it."""
    return version.organisation_id == desk.organisation.id


def own_job(desk: Desk, batch_id: int) -> batch_store.Job:
    """Return a list of this organisation.

    Raises:
        NotFound: there is none, or it is another's.
    """
    with reading(desk.instance.engine) as connection:
        job = batch_store.by_number(connection, batch_id)
    if job.organisation_id != desk.organisation.id:
        raise NotFound(f"there is no batch {batch_id}")
    return job


def title_of(version: Version) -> str:
    """Return an achievement's name for people."""
    return next(iter(version.entry.title.values()), version.key)


def upload_of(desk: Desk, kept: uploads.Kept, achievement: str, name: str = "") -> Upload:
    """Say what is to be awarded to whom, and by whom."""
    return Upload(kept.path, achievement, actor=desk.staff.actor, name=name or "list")


def sheet(report: BulkReport) -> Response:
    """Send rows to mend; the mark at the start makes spreadsheets read UTF-8."""
    disposition = {"Content-Disposition": 'attachment; filename="rows-to-mend.csv"'}
    content = "\ufeff" + error_sheet(report)
    return Response(content.encode(), media_type="text/csv", headers=PRIVATE | disposition)
