"""Errors meet HTTP here, in one table, and in one form.

Spec: RFC 9457 (problem details); the ``type`` of an error is its specification's namespace and
its code, ours are pages under ``/problems/``.
An error that is not in the table says nothing of itself, and one of our own making (5xx) no more
than its name: their texts may hold what is not the reader's business.
"""

import logging
from http import HTTPStatus
from inspect import getdoc
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from badges import errors as badges
from did import errors as did
from issuer import errors
from issuer.web.i18n import gettext as _
from issuer.web.layout import render
from issuer.web.request_id import request_id

__all__ = ["PROBLEMS", "install", "known", "title_of", "type_of"]

log = logging.getLogger(__name__)

VCDM = "https://www.w3.org/TR/vc-data-model#"
SECURITY = "https://w3id.org/security#"
STATUS_LIST = "https://www.w3.org/ns/credentials/status-list#"
DID = "https://www.w3.org/ns/did#"
OURS = "/problems/"

PROBLEMS: MappingProxyType[type[Exception], tuple[int, str]] = MappingProxyType(
    {
        badges.BadgeError: (422, OURS),
        badges.BudgetExceeded: (422, OURS),
        badges.ChallengeDiffers: (422, SECURITY),
        badges.DataLoss: (422, SECURITY),
        badges.DomainDiffers: (422, SECURITY),
        badges.IncompleteAward: (422, OURS),
        badges.MalformedCredential: (400, VCDM),
        badges.MalformedValue: (422, VCDM),
        badges.NotBaked: (422, OURS),
        badges.NotExportable: (422, OURS),
        badges.NotSealable: (422, OURS),
        badges.ProofInvalid: (422, SECURITY),
        badges.ProofTransformation: (422, SECURITY),
        badges.RangeError: (422, VCDM),
        badges.RespelledTerm: (422, OURS),
        badges.ShaclMissing: (422, OURS),
        badges.StatusListTooShort: (422, STATUS_LIST),
        badges.StatusRetrieval: (422, STATUS_LIST),
        badges.StatusVerification: (422, STATUS_LIST),
        badges.TimestampInvalid: (422, OURS),
        badges.UnknownContext: (422, OURS),
        badges.UnsupportedSuite: (422, OURS),
        badges.WrongAnswer: (422, OURS),
        did.DidDocumentIdMismatch: (422, SECURITY),
        did.DidError: (500, DID),
        did.DidNotFound: (422, DID),
        did.FetchRefused: (422, OURS),
        did.InvalidDid: (422, DID),
        did.InvalidDidDocument: (422, DID),
        did.InvalidDidUrl: (422, DID),
        did.InvalidKey: (422, OURS),
        did.InvalidRelationship: (422, SECURITY),
        did.InvalidVerificationMethod: (422, SECURITY),
        did.KeyUnavailable: (503, OURS),
        did.MethodNotSupported: (422, DID),
        errors.AchievementArchived: (409, OURS),
        errors.AchievementLocked: (409, OURS),
        errors.AlreadyBegun: (409, OURS),
        errors.AlreadyAwarded: (409, OURS),
        errors.AlreadyRevoked: (409, OURS),
        errors.AlreadySuspended: (409, OURS),
        errors.ApprovalDecided: (409, OURS),
        errors.AuditBroken: (503, OURS),
        errors.BodyTooLarge: (413, OURS),
        errors.CheckAborted: (422, OURS),
        errors.ClaimExpired: (410, OURS),
        errors.ClaimWithdrawn: (410, OURS),
        errors.DatabaseOutdated: (503, OURS),
        errors.ForeignOrigin: (403, OURS),
        errors.IdempotencyConflict: (409, OURS),
        errors.InvalidAccount: (422, OURS),
        errors.InvalidAftercare: (422, OURS),
        errors.InvalidAward: (422, OURS),
        errors.InvalidBounce: (422, OURS),
        errors.InvalidAchievement: (422, OURS),
        errors.InvalidLetter: (422, OURS),
        errors.InvalidLogo: (422, OURS),
        errors.InvalidOrganisation: (422, OURS),
        errors.InvalidSettings: (503, OURS),
        errors.DemoFailed: (500, OURS),
        errors.DraftChanged: (409, OURS),
        errors.InvalidTime: (422, OURS),
        errors.InvalidUpload: (422, OURS),
        errors.IssuerError: (500, OURS),
        errors.JobFailed: (500, OURS),
        errors.KeyCompromised: (503, OURS),
        errors.MailRefused: (502, OURS),
        errors.MailUnavailable: (503, OURS),
        errors.MayNotAward: (403, OURS),
        errors.NeedsApproval: (409, OURS),
        errors.NoSigningKey: (503, OURS),
        errors.NoWorkerName: (503, OURS),
        errors.NotAllowed: (403, OURS),
        errors.NotFound: (404, OURS),
        errors.NotIssued: (409, OURS),
        errors.NotSuspendable: (409, OURS),
        errors.NotSuspended: (409, OURS),
        errors.NothingToCheck: (422, OURS),
        errors.OwnApproval: (403, OURS),
        errors.PickledJob: (500, OURS),
        errors.Reconciling: (503, OURS),
        errors.ShapesUnusable: (422, OURS),
        errors.SealKeyUnusable: (503, OURS),
        errors.SelfCheckFailed: (500, OURS),
        errors.SelfCheckIncomplete: (503, OURS),
        errors.SignInRefused: (401, OURS),
        errors.SpentLink: (410, OURS),
        errors.StaleForm: (403, OURS),
        errors.RegisterRefused: (422, OURS),
        errors.RegisterRollback: (409, OURS),
        errors.StatusRollback: (409, OURS),
        errors.TimestampUnavailable: (503, OURS),
        errors.TrustListUnreadable: (503, OURS),
        errors.StoredBytesChanged: (500, OURS),
        errors.TooBusy: (503, OURS),
        errors.TooManyAttempts: (429, OURS),
        errors.TooManyRequests: (429, OURS),
        errors.UnclearColumns: (422, OURS),
        errors.Unreachable: (422, OURS),
    }
)
"""HTTP status and namespace of ``type`` for each error a caller may see."""

MAX_LISTED = 20
"""Most field errors told at once."""


def title_of(kind: type[Exception]) -> str:
    """Return what an error is, for people: the first line of its description."""
    return (getdoc(kind) or kind.__name__).splitlines()[0]


NAMESPACES = {str(getattr(kind, "code", "")): space for kind, (_status, space) in PROBLEMS.items()}
"""Code of an error → namespace of its ``type``."""


def type_of(code: str) -> str:
    """Return the ``type`` of a problem document about a finding with this code."""
    return NAMESPACES.get(code, OURS) + code


def wants_page(request: Request) -> bool:
    """Tell a browser from a program."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not request.url.path.startswith("/api/")


def problem(request: Request, status: int, **members: Any) -> Response:
    """Answer with one problem, as a page for people and as JSON for programs."""
    members.setdefault("type", "about:blank")
    members.setdefault("title", HTTPStatus(status).phrase)
    if wants_page(request):
        return render(request, "web/problem.html", status=status, private=True, problem=members)
    return JSONResponse(
        {"status": status, **members},
        status_code=status,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


async def known(request: Request, error: Exception) -> Response:
    """Answer with an error of the table."""
    kind = next(kind for kind in type(error).__mro__ if kind in PROBLEMS)
    status, namespace = PROBLEMS[kind]
    members: dict[str, Any] = {"type": namespace + str(getattr(kind, "code", ""))}
    if status < 500:
        members["detail"] = str(error)
    if listed := listed_of(error):
        members["errors"] = listed[:MAX_LISTED]
    return problem(request, status, title=_(title_of(kind)), **members)


def listed_of(error: Exception) -> list[dict[str, str]]:
    """List what is to be mended, by field where the error knows the fields."""
    by_field: dict[str, str] = getattr(error, "by_field", {})
    if by_field:
        return [{"field": name, "detail": text} for name, text in by_field.items()]
    return [told(item) for item in getattr(error, "problems", ())]


def told(item: object) -> dict[str, str]:
    """Tell one of several things to mend: where and what."""
    path, message = getattr(item, "path", ""), getattr(item, "message", str(item))
    return {"field": str(path), "detail": str(message)}


async def http(request: Request, error: Exception) -> Response:
    """Answer with what the framework found: no such page, wrong method, unreadable body."""
    cause = error.__cause__
    if isinstance(cause, Exception) and isinstance(cause, tuple(PROBLEMS)):
        return await known(request, cause)
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = problem(request, status, **explained(status))
    answer.headers.update(getattr(error, "headers", None) or {})
    if status == 405:
        answer.headers["Allow"] = ", ".join(sorted(methods_of(request)))
    return answer


def methods_of(request: Request) -> set[str]:
    """Return every method of an address: its routes may be several (RFC 9110 §10.2.1)."""
    routes: list[BaseRoute] = request.app.routes
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in getattr(route, "methods", None) or ()
    }


def explained(status: int) -> dict[str, str]:
    """Say what to do about the commonest answers of the framework."""
    hints = {
        400: _("Check what was sent: it could not be read."),
        401: _("Send a bearer token that is good here."),
        404: _("Check the address: there is nothing here."),
        405: _("This address exists, but not for this kind of request."),
    }
    return {"detail": hints[status]} if status in hints else {}


async def malformed(request: Request, error: Exception) -> Response:
    """Answer to a request whose fields are wrong: say which and why, echo nothing."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    listed = [
        {"field": ".".join(str(part) for part in item["loc"]), "detail": item["msg"]}
        for item in found[:MAX_LISTED]
    ]
    title = _("The request is not what this address reads.")
    return problem(request, 422, type=OURS + "malformed-request", title=title, errors=listed)


async def unexpected(request: Request, error: Exception) -> Response:
    """Answer to our own mistake; the log knows more."""
    route = getattr(request.scope.get("route"), "path", "none")  # an address may hold a claim code
    log.error("unexpected %s at %s", type(error).__name__, route, exc_info=error)
    detail = _("Nothing was changed. Try again; if it stays, tell the people who run this service.")
    title = _("Something went wrong on our side.")
    answer = problem(request, 500, title=title, detail=detail)
    answer.headers["X-Request-Id"] = request_id.get()  # to find the line in the log
    return answer


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    for kind in PROBLEMS:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(Exception, unexpected)
