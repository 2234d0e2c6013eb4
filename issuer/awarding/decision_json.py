"""A decision as it is kept: JSON, readable for years."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

import orjson

from badges.award import Evidence, Learner
from issuer.awarding.model import Decision

__all__ = ["from_json", "to_json"]


_DECISION = tuple(found.name for found in fields(Decision) if found.name != "learner")
_LEARNER = tuple(found.name for found in fields(Learner))


def to_json(decision: Decision) -> str:
    """Write `decision`; what is empty is left out."""
    members: dict[str, Any] = {"learner": _given(decision.learner, _LEARNER)}
    return orjson.dumps(members | _given(decision, _DECISION)).decode()


def _given(value: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: found for name in names if (found := getattr(value, name))}


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
