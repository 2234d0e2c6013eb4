"""Award one person: say who and what, look at it, award; then the link, its QR code, the mail."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from badges.award import Achievement, pick
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.lists import choose_page
from issuer.admin.offering import version_of
from issuer.admin.titles import title_of
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding import batches
from issuer.awarding.columns import Column, Mapped
from issuer.awarding.decision_json import to_json
from issuer.awarding.idempotency import Repeat
from issuer.awarding.model import Decision
from issuer.awarding.person_row import Reader
from issuer.awarding.service import Wish, award_one
from issuer.awarding.sheet import Line
from issuer.catalogue.service import achievement_of
from issuer.catalogue.store import Version
from issuer.claiming.qr import draw
from issuer.claiming.service import create_claim
from issuer.db.session import reading, unit_of_work
from issuer.errors import AlreadyAwarded
from issuer.mail.transport import transport_of
from issuer.organisations.four_eyes import forbids
from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _
from issuer.web.i18n import language

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/award/one", include_in_schema=False)

Awarding = Annotated[Desk, at(Ability.AWARD)]
Text = Annotated[str, Form(max_length=2_000)]
Short = Annotated[str, Form(max_length=300)]

LONGEST_LEVEL = 60

FIELDS = {
    "given_name": Column.GIVEN_NAME,
    "family_name": Column.FAMILY_NAME,
    "email": Column.EMAIL,
    "student_number": Column.STUDENT_NUMBER,
    "awarded_on": Column.AWARDED_ON,
    "grade": Column.GRADE,
    "narrative": Column.NARRATIVE,
    "language": Column.LANGUAGE,
}
"""Field of the form → what a column of a list would mean: both are read by the same rules."""


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in the form."""

    achievement: str
    form: str = ""
    """Random name of this form, so that sending it twice awards once."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    student_number: str = ""
    awarded_on: str = ""
    grade: str = ""
    narrative: str = ""
    language: str = ""
    levels: tuple[str, ...] = field(default=())
    """In the order of the achievement's skills."""


def said(  # noqa: PLR0913, PLR0917 - one argument per field
    achievement: Annotated[str, Form(max_length=120)],
    form: Annotated[str, Form(max_length=64)] = "",
    given_name: Short = "",
    family_name: Short = "",
    email: Short = "",
    student_number: Short = "",
    awarded_on: Short = "",
    grade: Short = "",
    narrative: Text = "",
    language: Short = "",
    levels: Annotated[list[str] | None, Form()] = None,
) -> Said:
    """Gather the fields of the form."""
    return Said(
        achievement,
        form,
        given_name,
        family_name,
        email,
        student_number,
        awarded_on,
        grade,
        narrative,
        language,
        tuple(levels or ()),
    )


Filled = Annotated[Said, Depends(said)]


@router.get("")
def ask(
    request: Request, desk: Awarding, achievement: Annotated[str, Query(max_length=120)] = ""
) -> HTMLResponse:
    """Ask who gets it."""
    if not achievement:
        return choose_page(request, desk)
    version = version_of(desk, achievement)
    today = desk.instance.now().date().isoformat()
    token = secrets.token_urlsafe(16)
    levels = tuple(skill.level or "" for skill in achievement_at(desk, version).skills)
    blank = Said(achievement, token, awarded_on=today, language=language(), levels=levels)
    return form_page(request, desk, version, blank)


@router.post("", dependencies=[Depends(our_form)])
def confirm(
    request: Request, desk: Awarding, filled: Filled, edit: Annotated[str, Form(max_length=1)] = ""
) -> HTMLResponse:
    """Show what would be awarded, or what has to be mended first."""
    version = version_of(desk, filled.achievement)
    decision, problems = read(desk, version, filled)
    if decision is None or edit:
        return form_page(request, desk, version, filled, problems if not edit else {})
    return desk_page(
        request,
        "admin/one_confirm.html",
        desk,
        said=filled,
        decision=decision,
        version=version,
        title=title_of(version),
        skills=skills_of(achievement_at(desk, version)),
        waits=waits(desk, version),
        sends=sends_mail(desk) and bool(decision.learner.email),
    )


@router.post("/award", dependencies=[Depends(our_form)])
def award(request: Request, desk: Awarding, filled: Filled) -> Response:
    """Award; sent twice, it is one award. Where two have to look, it waits for the other."""
    version = version_of(desk, filled.achievement)
    decision, problems = read(desk, version, filled)
    if decision is None:
        return form_page(request, desk, version, filled, problems)
    named = f"{desk.staff.account_id}:{filled.form}:{version.key}:{to_json(decision)}"
    digest = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()
    actor = desk.staff.actor
    if waits(desk, version):
        number = batches.submit_one(desk.instance, Wish(version.key, decision, actor=actor), digest)
        return see_other(f"/staff/o/{desk.organisation.slug}/batches/{number}")
    wish = Wish(version.key, decision, actor=actor, repeat=Repeat(f"desk:{digest}", digest))
    try:
        made = award_one(desk.instance, wish)
    except AlreadyAwarded:
        who = "email" if decision.learner.email else "given_name"
        told = _("This person has this achievement for this date already.")
        return form_page(request, desk, version, filled, {who: told})
    return result_page(request, desk, made.issuance.award_id, decision, version)


def result_page(
    request: Request, desk: Desk, award_id: int, decision: Decision, version: Version
) -> HTMLResponse:
    """Make the page with the link, which is seen only here."""
    with unit_of_work(desk.instance.engine) as connection:
        claim = create_claim(desk.instance, connection, award_id)
        event = Event(desk.staff.actor, "claim.created", f"award:{award_id}")
        append(connection, [event], desk.instance.now())
    return desk_page(
        request,
        "admin/one_result.html",
        desk,
        award_id=award_id,
        decision=decision,
        title=title_of(version),
        key=version.key,
        link=claim.url,
        ends=claim.claim.expires_at,
        qr=draw(claim.url, _("QR code of the learner's link")),
        sends=sends_mail(desk),
    )


def read(desk: Desk, version: Version, filled: Said) -> tuple[Decision | None, dict[str, str]]:
    """Read the form by the rules of lists: a decision, or what to mend in which field."""
    achievement = achievement_at(desk, version)
    columns = Mapped({column: place for place, column in enumerate(FIELDS.values())}, ())
    cells = tuple(getattr(filled, name).strip() for name in FIELDS)
    found = Reader(columns, achievement, desk.instance.now().date()).read(Line(1, cells))
    by_column = {column: name for name, column in FIELDS.items()}
    problems: dict[str, str] = {}
    if isinstance(found, list):
        for problem in found:
            sentence = f"{_(problem.reason)}: {_(problem.fix)}."
            problems.setdefault(
                by_column[Column(problem.column)], sentence[0].upper() + sentence[1:]
            )
    levels, wrong = levels_of(achievement, filled.levels)
    problems |= wrong
    if isinstance(found, list) or problems:
        return None, problems
    members = {name: getattr(found, name) for name in Decision.__dataclass_fields__}
    return Decision(**members | {"skill_levels": levels}), {}


def levels_of(
    achievement: Achievement, said_levels: tuple[str, ...]
) -> tuple[Mapping[str, str], dict[str, str]]:
    """Return the levels that differ from the achievement's, and the fields that cannot be read."""
    levels, problems = {}, {}
    for number, (skill, level) in enumerate(zip(achievement.skills, said_levels, strict=False)):
        text = " ".join(level.split())
        if len(text) > LONGEST_LEVEL or not text.isprintable():
            problems[f"level-{number}"] = _("Write the level in at most 60 characters.")
        elif text and text != skill.level:
            levels[skill.uri] = text
    return levels, problems


def form_page(
    request: Request,
    desk: Desk,
    version: Version,
    filled: Said,
    problems: dict[str, str] | None = None,
) -> HTMLResponse:
    """Make the form."""
    achievement = achievement_at(desk, version)
    scheme = achievement.grading
    return desk_page(
        request,
        "admin/one_person.html",
        desk,
        status=422 if problems else 200,
        said=filled,
        problems=problems or {},
        version=version,
        title=title_of(version),
        grades=[level.value for level in scheme.levels] if scheme else [],
        scheme=scheme,
        skills=skills_of(achievement),
    )


def skills_of(achievement: Achievement) -> list[tuple[str, str]]:
    """Return label and usual level of each skill."""
    return [(pick(skill.label, language()), skill.level or "") for skill in achievement.skills]


def achievement_at(desk: Desk, version: Version) -> Achievement:
    """Return a version as the award model has it."""
    with reading(desk.instance.engine) as connection:
        return achievement_of(desk.instance, connection, version)


def waits(desk: Desk, version: Version) -> bool:
    """Tell whether a second person has to look at a single award."""
    with reading(desk.instance.engine) as connection:
        return forbids(connection, [version.organisation_id], 1)


def sends_mail(desk: Desk) -> bool:
    """Tell whether this service sends mail."""
    return transport_of(desk.instance.settings) is not None
