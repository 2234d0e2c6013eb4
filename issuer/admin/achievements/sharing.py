"""Bring achievements in, take them out, copy them, say who else may; the rule for publishing."""

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from issuer.admin.achievements.writing import Defining, author_at, home
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.titles import title_of
from issuer.catalogue import sharing, standing
from issuer.catalogue.standing import Publisher
from issuer.catalogue.yaml_file import parse_achievement
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAchievement
from issuer.organisations.roles import Ability

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/achievements", include_in_schema=False)

Appointing = Annotated[Desk, at(Ability.APPOINT)]

LARGEST_FILE = 2**20


@router.get("/import")
def ask(request: Request, desk: Defining) -> HTMLResponse:
    """Ask for a file."""
    return desk_page(request, "admin/achievements/import.html", desk, problems=())


@router.post("/import", dependencies=[Depends(our_form)])
def bring_in(request: Request, desk: Defining, file: UploadFile | None = None) -> Response:
    """Make a draft of a file; it is read by the same rules as on the command line."""
    name = PurePath(file.filename or "").name[:100] if file else ""
    content = file.file.read(LARGEST_FILE + 1) if file else b""
    try:
        entry = parse_achievement(content, name)
        with unit_of_work(desk.instance.engine) as connection:
            draft = sharing.bring_in(author_at(desk, connection), entry)
    except InvalidAchievement as error:
        told = error.problems or (str(error),)
        template = "admin/achievements/import.html"
        return desk_page(request, template, desk, status=422, problems=told, name=name)
    return see_other(f"{home(desk, draft.key)}/check")


@router.get("/shared")
def shared(request: Request, desk: Defining) -> HTMLResponse:
    """List what other organisations of the alliance allow to be copied."""
    with reading(desk.instance.engine) as connection:
        offered = sharing.offered_to(connection, desk.organisation)
    found = [(version, title_of(version), owner) for version, owner in offered]
    return desk_page(request, "admin/achievements/shared.html", desk, found=found)


@router.post("/shared", dependencies=[Depends(our_form)])
def copy_shared(desk: Defining, key: Annotated[str, Form(max_length=120)]) -> Response:
    """Begin an achievement as a copy of another organisation's."""
    with unit_of_work(desk.instance.engine) as connection:
        draft = sharing.copy_from(author_at(desk, connection), key)
    return see_other(f"{home(desk, draft.key)}/edit/about")


@router.get("/rules")
def rules(request: Request, desk: Appointing) -> HTMLResponse:
    """Show who publishes here."""
    with reading(desk.instance.engine) as connection:
        publisher = standing.publisher_at(connection, desk.organisation)
    return desk_page(request, "admin/achievements/rules.html", desk, publisher=publisher)


@router.post("/rules", dependencies=[Depends(our_form)])
def set_rules(desk: Appointing, publisher: Annotated[Publisher, Form()]) -> Response:
    """Say who publishes here."""
    actor, organisation = desk.staff.actor, desk.organisation
    with unit_of_work(desk.instance.engine) as connection:
        standing.set_publisher(desk.instance, connection, organisation, publisher, actor)
    return see_other(f"{home(desk, 'rules')}?saved=true")
