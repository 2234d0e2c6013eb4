"""The OpenAPI document, complete: for each operation an example, and what may go wrong.

Shape: the rooms describe their parameters and bodies; `described.json` holds for each operation
the examples, the scope and the codes of its problems; problems take their texts from the table
that answers with them. The schema of an answer is read from its example, two levels deep.
Spec: OpenAPI 3.1.0; RFC 9457.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any, ClassVar

import orjson
from fastapi import FastAPI
from typing_extensions import override

from issuer.api.model import Scope
from issuer.app.webhooks_told import webhooks
from issuer.web.problems import OURS, PROBLEMS, title_of

__all__ = ["Described", "complete", "facts"]

PROBLEM = "application/problem+json"
OAUTH = "/api/token"
"""The one address whose refusals are OAuth's own (RFC 6749 §5.2), beside what is a problem."""

TEXT = {"type": "string"}
SCHEMA = {
    "type": "object",
    "description": "A problem (RFC 9457)",
    "required": ["type", "title", "status"],
    "properties": {
        "type": TEXT | {"format": "uri-reference"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": TEXT, "detail": TEXT}},
        },
    },
}
PATHS: dict[str, Any] = {
    "slug": "uni",
    "key": "energy-positive-neighbourhoods",
    "award_id": 17,
    "batch_id": 4,
    "name": "3f9c",
    "public_id": "97d16c1da395",
    "did": "did:web:badges.example:o:uni",
    "cryptosuite": "eddsa-jcs-2022",
    "curve": "p-256",
}
"""An example of each name in an address."""

PROGRAMS = ["not-found", "401", "403"]
"""What every address of an organisation may answer to a program."""

MALFORMED = {
    "type": OURS + "malformed-request",
    "title": "The request is not what this address reads.",
    "status": 422,
    "errors": [{"field": "query.limit", "detail": "Input should be greater than or equal to 1"}],
}
UNEXPECTED = {
    "type": "about:blank",
    "title": "Something went wrong on our side.",
    "status": 500,
    "detail": "Nothing was changed. Try again.",
}
SECURITY = {
    "client": {
        "type": "oauth2",
        "description": "A client of an organisation, made at its desk",
        "flows": {
            "clientCredentials": {
                "tokenUrl": OAUTH,
                "scopes": {scope.value: scope.value.replace(":", ": ") for scope in Scope},
            }
        },
    },
    "service": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that the operator gave this service for its VC-API",
    },
}


class Described(FastAPI):
    """An application whose document is complete."""

    TYPES: ClassVar = {str: "string", bool: "boolean", int: "integer", float: "number"}

    @override
    def openapi(self) -> dict[str, Any]:
        """Return the document; it is made once."""
        if not self.openapi_schema:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


@cache
def facts() -> dict[str, dict[str, Any]]:
    """Return what is known of each operation, by method and path."""
    found: dict[str, dict[str, Any]] = orjson.loads(
        files("issuer.app").joinpath("described.json").read_bytes()
    )
    return found


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Go through a document: method, path, operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Complete a document with examples, schemas of answers, problems and tokens."""
    parts = document.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = SCHEMA
    parts["securitySchemes"] = SECURITY
    document["webhooks"] = webhooks()
    for method, path, operation in operations(document):
        known = facts().get(f"{method} {path}")
        if known is None:  # a test asks for each; the document stays up meanwhile
            continue
        ask(operation, known)
        answer(operation, known)
        fail(operation, known, path)
        if "scope" in known:
            operation["security"] = [{"client": [known["scope"]]}]
        elif "not-allowed" in known.get("problems", ()):
            operation["security"] = [{"service": []}]
    return document


def ask(operation: dict[str, Any], known: Mapping[str, Any]) -> None:
    """Add examples to what is asked."""
    for parameter in operation.get("parameters", ()):
        examples = PATHS if parameter["in"] == "path" else known.get("query", {})
        if parameter["name"] in examples:
            parameter["example"] = examples[parameter["name"]]
    media = operation.get("requestBody", {}).get("content", {})
    given = known.get("request", {})
    for kind, described in media.items():
        described.pop("examples", None)
        described["example"] = given.get(kind, given)


def answer(operation: dict[str, Any], known: Mapping[str, Any]) -> None:
    """Add the example of the answer, and its schema where the room tells none."""
    responses = operation["responses"]
    for status in [status for status in responses if status[0] in "45"]:
        if status not in known.get("others", {}) and not is_oauth(responses[status]):
            del responses[status]
    good = next(status for status in responses if status[0] == "2")
    kind = known.get("media", "application/json")
    described = responses[good].setdefault("content", {})
    schema = described.get(kind, {}).get("schema") or {}
    if kind != "application/json":
        described.pop("application/json", None)
    if "model" in known:
        schema = {"$ref": f"#/components/schemas/{known['model']}"}
    told = schema if "$ref" in schema else shape(known["answer"])
    described[kind] = {"schema": told, "example": known["answer"]}
    for other, example in known.get("also", {}).items():
        described[other] = {"schema": shape(example), "example": example}
    for status, example in known.get("others", {}).items():
        entry = responses.setdefault(status, {"description": HTTPStatus(int(status)).phrase})
        entry["content"] = {kind: {"schema": shape(example), "example": example}}


def is_oauth(response: Mapping[str, Any]) -> bool:
    """Tell whether a room describes a refusal in its own form."""
    return "example" in response.get("content", {}).get("application/json", {})


def shape(example: Any, depth: int = 2) -> dict[str, Any]:
    """Return the schema of what looks like an example: its members, each of its type or null."""
    if isinstance(example, dict):
        members = {name: shape(each, depth - 1) for name, each in example.items()} if depth else {}
        required = {"required": sorted(members)} if members else {}
        return {"type": ["object", "null"], "properties": members, **required}
    if isinstance(example, list):
        same = {"items": shape(example[0], depth - 1)} if example and depth else {}
        return {"type": "array", **same}
    if example is None:
        return {}
    return {"type": [Described.TYPES[type(example)], "null"]}


def codes_of(operation: Mapping[str, Any], known: Mapping[str, Any], path: str) -> Sequence[str]:
    """Return the codes of everything that may go wrong, the framework's own among them."""
    codes = [*known.get("problems", ())]
    if path.startswith("/api/o/"):
        codes += PROGRAMS
    if "not-allowed" in codes:
        codes.append("401")
    if "requestBody" in operation:
        codes.append("too-large")
    return sorted(set(codes))


def fail(operation: dict[str, Any], known: Mapping[str, Any], path: str) -> None:
    """Add the problems, by status and code."""
    found: dict[str, dict[str, Any]] = {"default": {"about:blank": UNEXPECTED}}
    for code in codes_of(operation, known, path):
        problem = example_of(code)
        found.setdefault(str(problem["status"]), {})[code] = problem
    if operation.get("parameters") or "requestBody" in operation:
        found.setdefault("422", {})["malformed-request"] = MALFORMED
    for status, problems in found.items():
        response = operation["responses"].setdefault(status, {"description": phrase(status)})
        response.setdefault("content", {})[PROBLEM] = {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": {code: {"value": problem} for code, problem in problems.items()},
        }


def phrase(status: str) -> str:
    """Return the name of a status."""
    return HTTPStatus(int(status)).phrase if status.isdigit() else "Anything else: a problem"


def example_of(code: str) -> dict[str, Any]:
    """Return a problem with this code, as it is answered."""
    if code.isdigit():
        return {"type": "about:blank", "title": phrase(code), "status": int(code)}
    kind = next(kind for kind in PROBLEMS if getattr(kind, "code", "") == code)
    status, namespace = PROBLEMS[kind]
    return {"type": namespace + code, "title": title_of(kind), "status": status}
