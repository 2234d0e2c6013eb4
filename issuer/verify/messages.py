"""What the verify address says, as programs read it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

__all__ = ["OPENAPI", "Finding", "Report"]


class Finding(BaseModel):
    """One check and what came of it."""

    check: str
    outcome: Literal["passed", "failed", "unknown", "not_applicable"]
    code: str
    detail: str | None = None


class Report(BaseModel):
    """One verdict with its reasons."""

    input: str
    verdict: Literal["valid", "genuine_with_remarks", "not_valid", "could_not_check"]
    summary: str
    credential: dict[str, Any]
    findings: list[Finding]
    checked_at: datetime


def _problem(description: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"type": {"type": "string"}}}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }


OPENAPI: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "credential": {"description": "a credential: object, or JWT as text"},
                        "url": {"type": "string", "format": "uri"},
                    },
                },
                "example": {"url": "https://uni.example/badges/1.json"},
            },
            "application/vc": {"schema": {"type": "object"}},
            "text/plain": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "image/svg+xml": {"schema": {"type": "string"}},
        },
    },
    "responses": {
        "400": _problem("it cannot be read as a credential"),
        "413": _problem("it is too large"),
        "422": _problem("there is nothing to check, or it could not be had"),
    },
}
"""The body may be anything a learner holds, so that the framework cannot describe it by itself."""
