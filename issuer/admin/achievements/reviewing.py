"""The page for an invited reviewer: read one achievement, comment, sign off. No account needed."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from issuer.admin.achievements.choices import language_names
from issuer.admin.achievements.sample import Sample
from issuer.admin.gate import form_page, our_form, see_other
from issuer.catalogue import reviews
from issuer.catalogue.reviews import Review
from issuer.db.session import reading, unit_of_work
from issuer.errors import DraftChanged, InvalidAchievement, SpentLink
from issuer.instance import Instance
from issuer.verify.view import said_of
from issuer.web import i18n, instance_of

__all__ = ["router"]

router = APIRouter(prefix="/review/{token}", include_in_schema=False)

Line = Annotated[str, Form(max_length=400)]


@router.get("")
def read(token: str, request: Request) -> HTMLResponse:
    """Show the text and what was said of it."""
    return review_page(request, token)


@router.post("/comment", dependencies=[Depends(our_form)])
def comment(
    token: str, request: Request, text: Annotated[str, Form(max_length=10_000)] = ""
) -> Response:
    """Keep a comment."""

    def keep(instance: Instance, connection: Connection, review: Review) -> None:
        reviews.comment(instance, connection, review, text)

    return act(request, token, keep, "commented")


@router.post("/sign-off", dependencies=[Depends(our_form)])
def sign_off(
    token: str, request: Request, name: Line = "", organisation: Line = "", digest: Line = ""
) -> Response:
    """Record a sign-off."""

    def keep(instance: Instance, connection: Connection, review: Review) -> None:
        reviews.sign_off(
            instance, connection, review, name=name, organisation=organisation, digest=digest
        )

    given = {"name": name, "organisation": organisation}
    return act(request, token, keep, "signed", given)


@router.get("/thanks")
def thanks(token: str, request: Request) -> HTMLResponse:
    """Say thank you; the link itself is used up."""
    del token
    return private(form_page(request, "admin/review_thanks.html"))


def act(
    request: Request,
    token: str,
    keep: Callable[[Instance, Connection, Review], None],
    done: str,
    given: dict[str, str] | None = None,
) -> Response:
    """Do what a form asks for, or show the page again with what is wrong."""
    instance = instance_of(request)
    try:
        with unit_of_work(instance.engine) as connection:
            keep(instance, connection, reviews.find(instance, connection, token))
    except (InvalidAchievement, DraftChanged) as error:
        return review_page(request, token, problem=str(error), given=given)
    except IntegrityError as error:
        raise SpentLink("you have signed off already: thank you") from error
    return see_other(f"/review/{token}/thanks" if done == "signed" else f"/review/{token}?said=1")


def review_page(
    request: Request, token: str, *, problem: str = "", given: dict[str, str] | None = None
) -> HTMLResponse:
    """Make the page."""
    instance = instance_of(request)
    with reading(instance.engine) as connection:
        review = reviews.find(instance, connection, token)
        text = reviews.reviewed(instance, connection, review)
    achievement = text.examination.achievement
    language = i18n.language() if i18n.language() in text.languages else text.languages[0]
    meaning = None
    if achievement is not None:
        origin = instance.settings.origin
        sample = Sample(
            achievement, text.organisation, language, instance.now(), f"{origin}/verify"
        )
        meaning = sample.keepsake().meaning
    page = form_page(
        request,
        "admin/review.html",
        status=422 if problem else 200,
        token=token,
        review=review,
        text=text,
        achievement=achievement,
        view=said_of(meaning) if meaning else None,
        language_used=language,
        tongues=language_names(text.languages),
        problem=problem,
        given=given or {},
    )
    return private(page)


def private(page: HTMLResponse) -> HTMLResponse:
    """Keep the address of the page, which is the key to it, from others."""
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
