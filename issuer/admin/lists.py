"""Award a whole list: upload it, say what its columns mean, look it over, award the good rows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from issuer.admin import uploads
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.offering import offered, version_of
from issuer.admin.titles import title_of
from issuer.admin.uploads import About, Kept
from issuer.admin.words import column_words
from issuer.admin.zones import ZONES, read_time, zone_of
from issuer.awarding import batch_store, batches, layouts
from issuer.awarding.bulk import BulkReport, Upload, dry_run, rows_to_mend
from issuer.awarding.columns import Chosen, Column, guess, map_columns
from issuer.awarding.giving_back import Given, empty_sheet, mend_csv, mend_xlsx
from issuer.awarding.person_row import Mend
from issuer.awarding.sheet import open_sheet
from issuer.catalogue.service import achievement_of
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidTime, InvalidUpload, NotFound, UnclearColumns
from issuer.organisations.four_eyes import forbids
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _
from issuer.web.layout import PRIVATE

__all__ = ["file_answer", "router"]

router = APIRouter(prefix="/staff/o/{slug}/award", include_in_schema=False)

Awarding = Annotated[Desk, at(Ability.AWARD)]
Key = Annotated[str, Form(max_length=120)]
Again = Annotated[int | None, Query(ge=1, le=2**53)]
Form15 = Annotated[str, Form(max_length=64)]

SHOWN = 100
"""Rows to mend on one page."""

WRITERS = {"csv": mend_csv, "xlsx": mend_xlsx}


@router.get("")
def choose(
    request: Request, desk: Awarding, again: Again = None, achievement: str = ""
) -> HTMLResponse:
    """Ask for the achievement, and for one person or a list."""
    return choose_page(request, desk, achievement, again)


@router.post("", dependencies=[Depends(our_form)])
def send(
    request: Request,
    desk: Awarding,
    achievement: Key,
    file: UploadFile | None = None,
    again: Annotated[int | None, Form(ge=1, le=2**53)] = None,
) -> Response:
    """Keep the list and go on to look it over."""
    version_of(desk, achievement)
    if file is None or not file.filename:
        return choose_page(request, desk, achievement, again, problem=_("Choose a file."))
    about = About(desk.organisation.slug, achievement, file.filename[:200])
    try:
        kept = uploads.keep(desk.instance, desk.staff, file.file, about)
    except InvalidUpload as error:
        return choose_page(request, desk, achievement, again, problem=str(error))
    try:
        kept = with_columns_of(desk, kept, again)
    except InvalidUpload as error:
        uploads.forget(kept)
        return choose_page(request, desk, achievement, again, problem=str(error))
    return see_other(address(desk, kept))


@router.get("/template.xlsx")
def template(desk: Awarding, achievement: Annotated[str, Query(max_length=120)] = "") -> Response:
    """Send a sheet to fill in."""
    version = version_of(desk, achievement)
    with reading(desk.instance.engine) as connection:
        made = empty_sheet(achievement_of(desk.instance, connection, version))
    return file_answer(made, version.key)


@router.get("/lists/{token}")
def look(
    request: Request,
    desk: Awarding,
    token: str,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> HTMLResponse:
    """Tell what awarding the list would do; nobody is awarded."""
    kept = uploads.find(desk.instance, desk.staff, token, desk.organisation.slug)
    try:
        return look_page(request, desk, kept, page)
    except UnclearColumns as error:
        return columns_page(request, desk, kept, problem=str(error), status=200)
    except InvalidUpload as error:
        uploads.forget(kept)
        return choose_page(request, desk, kept.about.achievement, problem=str(error))


@router.get("/lists/{token}/columns")
def ask_columns(request: Request, desk: Awarding, token: str) -> HTMLResponse:
    """Ask what the columns mean."""
    kept = uploads.find(desk.instance, desk.staff, token, desk.organisation.slug)
    return columns_page(request, desk, kept)


@router.post("/lists/{token}/columns", dependencies=[Depends(our_form)])
def set_columns(
    request: Request,
    desk: Awarding,
    token: str,
    columns: Annotated[list[Column | Literal[""]] | None, Form()] = None,
) -> Response:
    """Take the columns for what was chosen, now and whenever these headings come again."""
    kept = uploads.find(desk.instance, desk.staff, token, desk.organisation.slug)
    chosen: Chosen = tuple(column or None for column in columns or ())
    header = header_of(kept)
    if len(chosen) != len(header):
        return columns_page(request, desk, kept, problem=_("Say of each column what it means."))
    try:
        map_columns(header, chosen)
    except UnclearColumns as error:
        said = replace(kept, about=replace(kept.about, columns=chosen))
        return columns_page(request, desk, said, problem=str(error))
    now = desk.instance.now()
    with unit_of_work(desk.instance.engine) as connection:
        layouts.remember(connection, desk.organisation.id, header, chosen, now)
    uploads.change(kept, replace(kept.about, columns=chosen))
    return see_other(address(desk, kept))


@router.post("/lists/{token}/sheet", dependencies=[Depends(our_form)])
def set_sheet(
    desk: Awarding, token: str, sheet: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Read another sheet of the workbook."""
    kept = uploads.find(desk.instance, desk.staff, token, desk.organisation.slug)
    if sheet not in kept.about.sheets:
        raise NotFound("the workbook has no such sheet")
    if sheet != kept.about.sheet:
        with_columns_of(desk, uploads.change(kept, replace(kept.about, sheet=sheet)), None)
    return see_other(address(desk, kept))


@router.get("/lists/{token}/errors.{form}")
def take_errors(desk: Awarding, token: str, form: Literal["csv", "xlsx"]) -> Response:
    """Send the rows that need mending, as they came, with the reason beside."""
    kept = uploads.find(desk.instance, desk.staff, token, desk.organisation.slug)
    header: list[str] = []
    rows = rows_to_mend(desk.instance, upload_of(desk, kept), header.extend)
    first = next(rows, None)  # the header is told before the first row
    return file_answer(WRITERS[form](header, following(first, rows)), "rows-to-mend")


@router.post("/lists/{token}/start", dependencies=[Depends(our_form)])
def start(
    request: Request, desk: Awarding, token: str, at_time: Form15 = "", zone: Form15 = "UTC"
) -> Response:
    """Award the good rows in the background, now or later; sent twice, it is one list."""
    submission = uploads.submission_of(desk.staff, token)
    batch_id = batches.submitted(desk.instance, submission)
    if batch_id is None:
        kept = uploads.find(desk.instance, desk.staff, token, desk.organisation.slug)
        version_of(desk, kept.about.achievement)
        try:
            starts_at = read_time(at_time, zone, desk.instance.now())
        except InvalidTime as error:
            return look_page(request, desk, kept, 1, problem=str(error), at_time=at_time, zone=zone)
        upload = replace(upload_of(desk, kept), submission=submission)
        batch_id = batches.submit(desk.instance, upload, starts_at)
        uploads.forget(kept)
    return see_other(f"/staff/o/{desk.organisation.slug}/batches/{batch_id}")


def following(first: Mend | None, rows: Iterator[Mend]) -> Iterator[Mend]:
    """Yield `first`, if there is one, and the rows after it."""
    if first is not None:
        yield first
        yield from rows


def address(desk: Desk, kept: Kept) -> str:
    """Return where an uploaded list is looked over."""
    return f"/staff/o/{desk.organisation.slug}/award/lists/{kept.token}"


def header_of(kept: Kept) -> tuple[str, ...]:
    """Return the headings of an uploaded list."""
    with open_sheet(kept.path) as sheet:
        return sheet.header


def with_columns_of(desk: Desk, kept: Kept, again: int | None) -> Kept:
    """Take the columns as in batch `again`, or as these headings were taken before."""
    header = header_of(kept)
    with reading(desk.instance.engine) as connection:
        chosen = layouts.recall(connection, desk.organisation.id, header)
        if again is not None:
            job = batch_store.by_number(connection, again)
            if job.body_id != desk.organisation.id:
                raise NotFound(f"there is no batch {again}")
            chosen = job.layout.chosen_for(header) if job.layout else chosen
    return uploads.change(kept, replace(kept.about, columns=chosen)) if chosen else kept


def upload_of(desk: Desk, kept: Kept) -> Upload:
    """Say what is to be awarded to whom, and by whom."""
    about = kept.about
    return Upload(
        kept.path,
        about.achievement,
        actor=desk.staff.actor,
        name=about.name,
        columns=about.columns,
    )


def choose_page(
    request: Request, desk: Desk, chosen: str = "", again: int | None = None, problem: str = ""
) -> HTMLResponse:
    """Make the first page."""
    return desk_page(
        request,
        "admin/award.html",
        desk,
        status=422 if problem else 200,
        offered=offered(desk),
        chosen=chosen,
        again=again,
        problem=problem,
    )


def look_page(
    request: Request, desk: Desk, kept: Kept, page: int, problem: str = "", **said: str
) -> HTMLResponse:
    """Make the page that tells what would happen.

    Raises:
        InvalidUpload: the list cannot be read so.
    """
    version = version_of(desk, kept.about.achievement)
    report = dry_run(desk.instance, upload_of(desk, kept))
    return desk_page(
        request,
        "admin/dry_run.html",
        desk,
        status=422 if problem else 200,
        report=report,
        title=title_of(version),
        kept=kept,
        problem=problem,
        words=column_words(),
        zones=ZONES,
        zone=said.get("zone") or zone_of(desk.organisation.particulars.country),
        at_time=said.get("at_time", ""),
        waits=waits(desk, version.organisation_id, report),
        **paged(report, page),
    )


def waits(desk: Desk, organisation_id: int, report: BulkReport) -> bool:
    """Tell whether a second person will have to look at this list."""
    with reading(desk.instance.engine) as connection:
        return forbids(connection, [organisation_id], report.good)


def paged(report: BulkReport, page: int) -> dict[str, Any]:
    """Return one page of the rows to mend, and where others are."""
    pages = max(1, -(-len(report.problems) // SHOWN))
    page = min(page, pages)
    shown = report.problems[(page - 1) * SHOWN : page * SHOWN]
    return {"problems": shown, "page": page, "pages": pages}


def columns_page(
    request: Request, desk: Desk, kept: Kept, problem: str = "", status: int = 422
) -> HTMLResponse:
    """Make the page that asks what the columns mean, with our guess."""
    with open_sheet(kept.path) as sheet:
        header = sheet.header
        first = next(sheet.lines, None)
    sample = first.cells if first else ()
    said = kept.about.columns or ()
    meant = said if len(said) == len(header) else guess(header)
    examples = [sample[place] if place < len(sample) else "" for place in range(len(header))]
    return desk_page(
        request,
        "admin/columns.html",
        desk,
        status=status if problem else 200,
        rows=list(zip(header, meant, examples, strict=True)),
        words=column_words(),
        kept=kept,
        problem=problem,
    )


def file_answer(made: Given, name: str) -> Response:
    """Send a file to be taken home."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{made.suffix}"'}
    return Response(made.content, media_type=made.media_type, headers=PRIVATE | disposition)
