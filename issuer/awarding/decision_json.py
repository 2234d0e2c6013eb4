"""A decision as it is kept: JSON, readable for years."""

from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from badges.award import Evidence, Learner
from issuer.awarding.model import Decision

__all__ = ["from_json", "to_json"]


def to_json(decision: Decision) -> str:
    """Write `decision`; what is empty is left out."""
    members = {name: value for name, value in asdict(decision).items() if value}
    members["learner"] = {name: value for name, value in members["learner"].items() if value}
    return orjson.dumps(members).decode()


def from_json(text: str) -> Decision:
    """Read what `to_json` wrote."""
    members: dict[str, Any] = orjson.loads(text)
    learner = members.pop("learner")
    _date(learner, "birth_date")
    for name in ("awarded_on", "activity_start", "activity_end"):
        _date(members, name)
    evidence = tuple(Evidence(**found) for found in members.pop("evidence", ()))
    return Decision(learner=Learner(**learner), evidence=evidence, **members)


def _date(members: dict[str, Any], name: str) -> None:
    if name in members:
        members[name] = date.fromisoformat(members[name])
