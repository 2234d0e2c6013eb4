"""The page that explains the API: the OpenAPI document as people read it, from our own origin."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from issuer.app.described import PATHS, operations
from issuer.app.webhooks_told import HEADERS, webhooks
from issuer.web import instance_of
from issuer.web.i18n import gettext as _
from issuer.web.layout import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

FORM = "application/x-www-form-urlencoded"
TOKENS = {"client": "TOKEN", "service": "VC_API_TOKEN"}
"""Security scheme → the variable of a shell that holds its token."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One problem that an operation may answer with."""

    status: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, ready to be read."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Mapping[str, Any], ...]
    curl: str
    answers: tuple[tuple[str, str, str], ...]
    """Status, media type and example of each answer that is no problem."""

    failures: tuple[Failure, ...]


@router.get("/api/docs")
def api_docs(request: Request) -> HTMLResponse:
    """Show the whole API."""
    origin = instance_of(request).settings.origin
    groups: dict[str, list[Operation]] = {}
    for method, path, operation in operations(request.app.openapi()):
        read = operation_of(origin, method, path, operation)
        groups.setdefault(operation.get("tags", ["service"])[0], []).append(read)
    names = names_of_groups()
    found = [(tag, names.get(tag, tag), groups[tag]) for tag in sorted(groups, key=order(names))]
    return render(
        request,
        "app/api_docs.html",
        groups=found,
        origin=origin,
        webhooks=webhooks(),
        headers=HEADERS,
        written=written,
    )


def names_of_groups() -> dict[str, str]:
    """Return what the groups are called, in the order in which they are told."""
    return {
        "clients": _("Tokens"),
        "awards": _("Awards"),
        "batches": _("Award lists"),
        "achievements": _("Achievements"),
        "skills": _("Skills"),
        "verify": _("Checking credentials"),
        "europass": _("Europass"),
        "offers": _("Wallet offers"),
        "vc-api": _("VC-API"),
        "did": _("Resolving DIDs"),
        "organisations": _("Keys of organisations"),
        "status": _("Status lists"),
        "operators": _("For operators"),
    }


def order(names: Mapping[str, str]) -> Any:
    """Return the key by which groups are sorted: as named, and others last."""
    places = {tag: place for place, tag in enumerate(names)}
    return lambda tag: (places.get(tag, len(places)), tag)


def operation_of(origin: str, method: str, path: str, told: Mapping[str, Any]) -> Operation:
    """Read one operation of the document."""
    needs = [need for each in told.get("security", ()) for need in each.items()]
    return Operation(
        name=f"{method}{path}".replace("/", "-").replace("{", "").replace("}", "").lower(),
        method=method,
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        scope=" ".join(scope for _scheme, scopes in needs for scope in scopes),
        parameters=tuple(told.get("parameters", ())),
        curl=curl(origin, method, path, told),
        answers=tuple(answers(told)),
        failures=tuple(failures(told)),
    )


def curl(origin: str, method: str, path: str, told: Mapping[str, Any]) -> str:
    """Return a command that asks for an operation."""
    for name, example in PATHS.items():
        path = path.replace(f"{{{name}}}", str(example))
    asked = [p for p in told.get("parameters", ()) if p["in"] == "query" and "example" in p]
    query = urlencode({p["name"]: p["example"] for p in asked})
    schemes = [scheme for each in told.get("security", ()) for scheme in each]
    words = ["curl", *(f'-H "Authorization: Bearer ${TOKENS[scheme]}"' for scheme in schemes)]
    media = told.get("requestBody", {}).get("content", {})
    words += body_of(media) if media else ["-X POST"] if method == "POST" else []
    words.append(shlex.quote(f"{origin}{path}{'?' if query else ''}{query}"))
    return " \\\n  ".join(words)


def body_of(media: Mapping[str, Any]) -> list[str]:
    """Return the words of a command that send the first kind of body an operation takes."""
    kind, described = next(iter(media.items()))
    example = described.get("example")
    if kind == FORM and isinstance(example, dict):
        return ["-d " + shlex.quote(f"{name}={value}") for name, value in example.items()]
    header = "-H " + shlex.quote(f"Content-Type: {kind}")
    if isinstance(example, str):
        return [header, "--data-binary @FILE"]
    return [header, "-d " + shlex.quote(json.dumps(example, ensure_ascii=False))]


def answers(told: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return status, media type and example of each answer that is no problem."""
    return [
        (status, kind, written(media["example"]))
        for status, response in told["responses"].items()
        for kind, media in response.get("content", {}).items()
        if "example" in media
    ]


def written(example: Any) -> str:
    """Write an example as people read it."""
    if isinstance(example, str):
        return example
    return json.dumps(example, indent=2, ensure_ascii=False)


def failures(told: Mapping[str, Any]) -> list[Failure]:
    """Return the problems of an operation, by status and code."""
    found = [
        Failure(example["value"]["status"], code, example["value"]["title"])
        for response in told["responses"].values()
        for media in response.get("content", {}).values()
        for code, example in media.get("examples", {}).items()
    ]
    return sorted(found, key=lambda failure: (failure.status, failure.code))
