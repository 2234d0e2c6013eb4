"""The wire shapes of the integrators' API: what is sent, with an example each."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from issuer.status.model import Reason

__all__ = ["Award", "ChangeOf"]

Short = Annotated[str, Field(max_length=300)]


class Award(BaseModel):
    """Who is awarded what; fields are read by the rules of award lists."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "achievement": "energy-positive-neighbourhoods",
                    "given_name": "Ada",
                    "family_name": "Byron",
                    "email": "ada@student.example",
                    "awarded_on": "2026-06-12",
                }
            ]
        },
    )

    achievement: Annotated[str, Field(min_length=1, max_length=120)]
    given_name: Short = ""
    family_name: Short = ""
    full_name: Short = ""
    email: Short = ""
    birth_date: Short = ""
    student_number: Short = ""
    awarded_on: Short = ""
    grade: Short = ""
    narrative: Annotated[str, Field(max_length=2_000)] = ""
    language: Short = ""


class ChangeOf(BaseModel):
    """Why an award is revoked, suspended or reinstated."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "issued-in-error", "note": "the wrong list"}]},
    )

    reason: Reason = Reason.UNSPECIFIED
    """Told to everybody who asks."""

    note: Annotated[str, Field(max_length=1_000)] = ""
    """For the office only."""
