"""An organisation itself: who it is, who signs for it, what stands below it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from badges.errors import BadgeError
from did.errors import KeyUnavailable
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.catalogue.furnishing import furnish
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidOrganisation
from issuer.organisations import mandates, store
from issuer.organisations.mandates import Paper
from issuer.organisations.messages import OrganisationEntry
from issuer.organisations.model import Kind
from issuer.organisations.roles import Ability
from issuer.organisations.service import Founding, establish
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/organisation", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.APPOINT)]
Text = Annotated[str, Form(max_length=500)]


@router.get("")
def organisation(request: Request, desk: Administrator) -> HTMLResponse:
    """Show the organisation."""
    return organisation_page(request, desk)


@router.post("/below", dependencies=[Depends(our_form)])
def found(  # noqa: PLR0913 - one argument per field
    request: Request,
    desk: Administrator,
    *,
    slug_below: Text = "",
    legal_name: Text = "",
    country: Text = "",
    name: Text = "",
    homepage: Text = "",
    email: Text = "",
) -> Response:
    """Found a member of an alliance, or a unit of a member, with a DID and a key of its own."""
    entry = OrganisationEntry(
        slug=slug_below.strip(),
        legal_name=legal_name.strip(),
        country=country.strip().upper(),
        name=name.strip(),
        homepage=homepage.strip() or None,
        email=email.strip() or None,
    )
    given = entry.model_dump() | {"slug_below": entry.slug}
    if not entry.legal_name:
        problem = {"legal_name": _("Write the legal name.")}
        return organisation_page(request, desk, problem, given)
    try:
        founding = Founding(entry.slug, entry.particulars(), desk.organisation)
        with unit_of_work(desk.instance.engine) as connection:
            founded = establish(desk.instance, connection, founding, desk.staff.actor)
            furnish(desk.instance, connection, founded, desk.staff.actor)
    except (InvalidOrganisation, BadgeError) as error:
        field = "country" if "country" in str(error) else "slug_below"
        return organisation_page(request, desk, {field: str(error)}, given)
    except KeyUnavailable:
        text = _("Its key has to be made where the keys are: use the command line there.")
        return organisation_page(request, desk, {"slug_below": text}, given)
    return see_other(f"/staff/o/{desk.organisation.slug}/organisation?done=founded")


@router.post("/mandate", dependencies=[Depends(our_form)])
def give_mandate(
    request: Request,
    desk: Administrator,
    paper: Annotated[UploadFile | None, File()] = None,
    since: Text = "",
) -> Response:
    """Let the organisation above sign."""
    try:
        day = date.fromisoformat(since)
    except ValueError:
        text = _("Write the date like 2026-09-01.")
        return organisation_page(request, desk, {"since": text})
    content = paper.file.read(mandates.MAX_BYTES + 1) if paper else b""
    given = Paper((paper.filename if paper else None) or "", content, day)
    now = desk.instance.now()
    try:
        with unit_of_work(desk.instance.engine) as connection:
            mandates.give(connection, desk.organisation, given, desk.staff.actor, now)
    except InvalidOrganisation as error:
        return organisation_page(request, desk, {"paper": str(error)})
    return see_other(f"/staff/o/{desk.organisation.slug}/organisation?done=given")


@router.post("/mandate/end", dependencies=[Depends(our_form)])
def end_mandate(desk: Administrator) -> Response:
    """Let the organisation sign for itself again."""
    now = desk.instance.now()
    with unit_of_work(desk.instance.engine) as connection:
        mandates.end(connection, desk.organisation, desk.staff.actor, now)
    return see_other(f"/staff/o/{desk.organisation.slug}/organisation?done=ended")


@router.get("/mandate/{number}.pdf")
def mandate_paper(number: int, desk: Administrator) -> Response:
    """Give the paper out, as a download: a browser never opens it here."""
    with reading(desk.instance.engine) as connection:
        content = mandates.document(connection, desk.organisation, number)
    headers = {"Content-Disposition": f'attachment; filename="mandate-{number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def organisation_page(
    request: Request,
    desk: Desk,
    problems: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    """Make the page."""
    with reading(desk.instance.engine) as connection:
        every = store.all_organisations(connection)
        signer = mandates.signer_of(connection, desk.organisation)
        kept = mandates.of_organisation(connection, desk.organisation)
        keys = store.keys_of(connection, desk.organisation.id)
    return desk_page(
        request,
        "admin/organisation.html",
        desk,
        status=422 if problems else 200,
        signer=signer,
        mandates=kept,
        keys=keys,
        below=[other for other in every if other.parent_id == desk.organisation.id],
        kind=desk.organisation.kind,
        has_parent=desk.organisation.parent_id is not None,
        may_found=desk.organisation.kind is not Kind.UNIT,
        problems=problems or {},
        given=given or {},
        done=request.query_params.get("done", ""),
    )
