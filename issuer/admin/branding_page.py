"""How an organisation appears: logo, colours, sender, languages; and the words of its mail."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.claiming.mailing import usual_text
from issuer.db.session import reading, unit_of_work
from issuer.errors import NotFound
from issuer.mail.transport import sender_of
from issuer.organisations.branding import store
from issuer.organisations.branding.deciding import Wish, check, decide, decide_mail
from issuer.organisations.branding.logo import MAX_BYTES
from issuer.organisations.branding.mail_text import PLACES, SAMPLE, fill, problems_of
from issuer.organisations.branding.model import Branding, look_of
from issuer.organisations.branding.store import MailText
from issuer.organisations.roles import Ability
from issuer.web import i18n

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/branding", include_in_schema=False)

Administrator = Annotated[Desk, at(Ability.BRAND)]
Short = Annotated[str, Form(max_length=300)]
Long = Annotated[str, Form(max_length=20_000)]


@router.get("")
def show(request: Request, desk: Administrator, saved: bool = False) -> HTMLResponse:
    """Show what is decided, and what holds where nothing is."""
    with reading(desk.instance.engine) as connection:
        decided = store.read(connection, desk.organisation.id)
        above = store.above(connection, desk.organisation)
    return page(request, desk, given_of(decided, above), {}, saved=saved)


@router.post("", dependencies=[Depends(our_form)])
def take(  # noqa: PLR0913 - one argument per field
    request: Request,
    desk: Administrator,
    *,
    logo: UploadFile | None = None,
    remove_logo: Annotated[bool, Form()] = False,
    colour: Short = "",
    dark_colour: Short = "",
    page_colour: Short = "",
    sender_name: Short = "",
    sender_address: Short = "",
    languages: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies defaults
) -> Response:
    """Keep what was decided; it holds from now on, for links that are out already as well."""
    given: dict[str, Any] = {
        "colour": colour,
        "dark_colour": dark_colour,
        "page_colour": page_colour,
        "sender_name": sender_name,
        "sender_address": sender_address,
        "languages": tuple(languages[:50]),
    }
    sent = logo.file.read(MAX_BYTES + 1) if logo else b""
    wish = Wish(logo=sent, removes_logo=remove_logo, **given)
    with unit_of_work(desk.instance.engine) as connection:
        before = store.read(connection, desk.organisation.id)
        above = store.above(connection, desk.organisation)
        decided, problems = check(wish, before, above, desk.instance.settings)
        if not problems:
            decide(desk.instance, connection, desk.organisation, decided, desk.staff.actor)
    if problems:
        return page(request, desk, given, problems)
    return see_other(f"/staff/o/{desk.organisation.slug}/branding?saved=1")


def given_of(decided: Branding, above: Branding) -> dict[str, Any]:
    """Return what the form holds."""
    return {
        "colour": decided.colour or "",
        "dark_colour": decided.dark_colour or "",
        "page_colour": decided.page_colour or "",
        "sender_name": decided.sender_name or "",
        "sender_address": decided.sender_address or "",
        "languages": decided.languages or above.languages or i18n.languages(),
    }


def page(
    request: Request,
    desk: Desk,
    given: dict[str, Any],
    problems: dict[str, str],
    *,
    saved: bool = False,
) -> HTMLResponse:
    """Make the page."""
    of = desk.organisation
    with reading(desk.instance.engine) as connection:
        own, above = store.read(connection, of.id), store.above(connection, of)
        texts = store.mail_texts(connection, of.id)
    return desk_page(
        request,
        "admin/branding.html",
        desk,
        status=422 if problems else 200,
        given=given,
        problems=problems,
        saved=saved,
        look=look_of(of.slug, of.particulars.legal_name, own.over(above)),
        inherited=look_of(of.slug, of.particulars.legal_name, above),
        has_own_logo=own.logo is not None,
        service_sender=sender_of(desk.instance.settings),
        texts=texts,
    )


@router.get("/mail/{language}")
def show_mail(
    request: Request, desk: Administrator, language: str, saved: bool = False
) -> HTMLResponse:
    """Show the words of the mail in one language, and what a learner would read."""
    with reading(desk.instance.engine) as connection:
        own = store.mail_texts(connection, desk.organisation.id).get(known(language))
    return mail_page(request, desk, language, own, saved=saved)


@router.post("/mail/{language}", dependencies=[Depends(our_form)])
def take_mail(  # noqa: PLR0913 - one argument per field
    request: Request,
    desk: Administrator,
    language: str,
    *,
    subject: Long = "",
    body: Long = "",
    act: Short = "save",
) -> Response:
    """Preview the words, keep them, or go back to the usual ones."""
    code = known(language)
    lines = (line.rstrip() for line in body.replace("\r\n", "\n").split("\n"))
    text = MailText(" ".join(subject.split()), "\n".join(lines).strip())
    problems = {} if act == "reset" else problems_of(text)
    if problems or act == "preview":
        return mail_page(request, desk, code, text, problems=problems)
    with unit_of_work(desk.instance.engine) as connection:
        decide_mail(
            desk.instance,
            connection,
            desk.organisation,
            language=code,
            text=None if act == "reset" else text,
            actor=desk.staff.actor,
        )
    return see_other(f"/staff/o/{desk.organisation.slug}/branding/mail/{code}?saved=1")


def known(language: str) -> str:
    """Return a language that this service speaks.

    Raises:
        NotFound: it does not speak this one.
    """
    if language not in i18n.languages():
        raise NotFound("choose a language that this service speaks")
    return language


def mail_page(  # noqa: PLR0913 - what is shown, and in which state
    request: Request,
    desk: Desk,
    language: str,
    own: MailText | None,
    *,
    problems: dict[str, str] | None = None,
    saved: bool = False,
) -> HTMLResponse:
    """Make the page of one language's mail."""
    text = own or usual_in(language)
    values = SAMPLE | {"issuer": desk.organisation.particulars.legal_name}
    return desk_page(
        request,
        "admin/branding_mail.html",
        desk,
        status=422 if problems else 200,
        code=language,
        text=text,
        is_own=own is not None,
        places=PLACES,
        preview=MailText(fill(text.subject, values), fill(text.body, values)),
        problems=problems or {},
        saved=saved,
    )


def usual_in(language: str) -> MailText:
    """Return the service's own words in a language, whatever the reader's is."""
    reader = i18n.language()
    i18n.speak(language)
    try:
        return usual_text()
    finally:
        i18n.speak(reader)
