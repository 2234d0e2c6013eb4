"""Correct an award: one form, one act; the earlier one is revoked and the two are linked."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from badges.errors import BadgeError
from issuer.admin.awards import own
from issuer.admin.awards_store import Awarded
from issuer.admin.gate import Desk, at, desk_page, our_form, see_other
from issuer.admin.words import reason_words
from issuer.awarding.columns import Column, Mapped
from issuer.awarding.model import Decision
from issuer.awarding.person_row import Reader
from issuer.awarding.replacing import replace_award
from issuer.awarding.sheet import Line
from issuer.awarding.standing import standings
from issuer.catalogue import store as catalogue
from issuer.catalogue.service import achievement_of
from issuer.db.session import reading
from issuer.errors import AlreadyAwarded, AlreadyRevoked, NotFound
from issuer.organisations.roles import Ability
from issuer.status.model import Reason
from issuer.status.service import Act
from issuer.web.i18n import gettext as _

__all__ = ["router"]

router = APIRouter(prefix="/staff/o/{slug}/awards/{award_id}/correct", include_in_schema=False)

Correcting = Annotated[Desk, at(Ability.CORRECT)]

FIELDS = {
    "given_name": Column.GIVEN_NAME,
    "family_name": Column.FAMILY_NAME,
    "full_name": Column.FULL_NAME,
    "email": Column.EMAIL,
    "awarded_on": Column.AWARDED_ON,
    "grade": Column.GRADE,
}
"""What can be corrected; everything else of the award stays."""


class Corrected(BaseModel):
    """What the award should have said, as it was written."""

    model_config = ConfigDict(frozen=True)

    given_name: str = ""
    family_name: str = ""
    full_name: str = ""
    email: str = ""
    awarded_on: str = ""
    grade: str = ""
    reason: Reason = Reason.ISSUED_IN_ERROR
    note: str = ""


@router.get("")
def ask(request: Request, desk: Correcting, award_id: int) -> HTMLResponse:
    """Show what was awarded, to be mended."""
    found = correctable(desk, award_id)
    return correct_page(request, desk, found, written(decision_of(found)), {})


@router.post("", dependencies=[Depends(our_form)])
def correct(
    request: Request, desk: Correcting, award_id: int, said: Annotated[Corrected, Form()]
) -> Response:
    """Revoke and award anew in one act; the learner gets a new link."""
    found = correctable(desk, award_id)
    before = decision_of(found)
    given = {name: str(getattr(said, name))[:2_000].strip() for name in FIELDS}
    decision, problems = read_decision(desk, found, given)
    if decision == before:
        problems = {"given_name": _("Nothing differs from what was awarded.")}
    if decision is None or problems:
        return correct_page(request, desk, found, given, problems)
    act = Act(desk.staff.actor, desk.instance.now(), said.reason, said.note[:1_000])
    try:
        number = replace_award(desk.instance, award_id, decision, act)
    except (AlreadyAwarded, BadgeError) as error:
        return correct_page(request, desk, found, given, {"given_name": str(error)})
    return see_other(f"/staff/o/{desk.organisation.slug}/awards/{number}?done=correct")


def correctable(desk: Desk, award_id: int) -> Awarded:
    """Return an award of this organisation that can be corrected.

    Raises:
        NotFound: there is none.
        AlreadyRevoked: it is not in force any more.
    """
    found = own(desk, award_id)
    with reading(desk.instance.engine) as connection:
        stand = standings(connection, [award_id])[award_id]
    if stand.revoked_at:
        raise AlreadyRevoked("what was revoked is not corrected: award it anew")
    return found


def decision_of(found: Awarded) -> Decision:
    """Return what was decided.

    Raises:
        NotFound: the learner was erased.
    """
    if found.decision is None:
        raise NotFound("the learner's data was erased: there is nothing to correct")
    return found.decision


def written(decision: Decision) -> dict[str, str]:
    """Write a decision into the form."""
    learner = decision.learner
    return {
        "given_name": learner.given_name,
        "family_name": learner.family_name,
        "full_name": learner.full_name,
        "email": learner.email or "",
        "awarded_on": decision.awarded_on.isoformat(),
        "grade": decision.grade or "",
    }


def read_decision(
    desk: Desk, found: Awarded, given: dict[str, str]
) -> tuple[Decision | None, dict[str, str]]:
    """Read the form as a row of an award list is read, over what was decided before."""
    with reading(desk.instance.engine) as connection:
        version = catalogue.by_number(connection, found.achievement_id)
        achievement = achievement_of(desk.instance, connection, version)
    columns = Mapped({column: place for place, column in enumerate(FIELDS.values())}, ())
    reader = Reader(columns, achievement, desk.instance.now().date())
    result = reader.read(Line(1, tuple(given[name] for name in FIELDS)))
    if isinstance(result, list):
        names = {column: name for name, column in FIELDS.items()}
        return None, {
            names[Column(p.column)]: f"{p.column.capitalize()} {_(p.reason)}: {_(p.fix)}."
            for p in result
        }
    before = decision_of(found)
    read = result.learner
    learner = replace(
        before.learner,
        given_name=read.given_name,
        family_name=read.family_name,
        full_name=read.full_name,
        email=read.email,
    )
    return replace(before, learner=learner, awarded_on=result.awarded_on, grade=result.grade), {}


def correct_page(
    request: Request,
    desk: Desk,
    found: Awarded,
    given: dict[str, str],
    problems: dict[str, str],
) -> HTMLResponse:
    """Make the page."""
    return desk_page(
        request,
        "admin/correct.html",
        desk,
        status=422 if problems else 200,
        award=found,
        given=given,
        problems=problems,
        reasons=reason_words(),
    )
