"""One step of a check, as a question to a worker and its answer.

Shape: the question is a pickle (it comes from us), the answer JSON (it comes from a process that
has read a stranger's document): ``{"needs": [url, …]}`` or ``{"report": …, "unreadable": …}``.
"""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from badges.verify import Case, Policy, Presented, check, needs, read
from did.fetch import Fetched

__all__ = ["Question", "answer"]


@dataclass(frozen=True, slots=True)
class Question:
    """What was given, and all that is known about it so far."""

    name: str
    data: bytes
    evidence: Mapping[str, Fetched]
    policy: Policy
    now: datetime
    final: bool
    """Decide with the evidence at hand: there will be no more."""

    def pack(self) -> bytes:
        """Write the question for a worker."""
        return pickle.dumps(self)


def answer(packed: bytes) -> bytes:
    """Answer one question of `Question.pack`."""
    question: Question = pickle.loads(packed)  # noqa: S301 - made by `Question.pack`, not a stranger
    return orjson.dumps(decide(question), default=str)


def decide(question: Question) -> dict[str, Any]:
    """Read, ask for evidence, or judge."""
    presented = read(question.data)
    if not question.final and (wanted := needs(presented, question.evidence, question.policy)):
        return {"needs": sorted(wanted)}
    return judge(presented, question)


def judge(presented: Presented, question: Question) -> dict[str, Any]:
    """Report, and say so when it is no credential at all."""
    report = check(Case(presented, question.evidence, question.policy, question.now))
    return {
        "report": report.to_json(question.name),
        "unreadable": str(presented.problem) if presented.problem else None,
    }
