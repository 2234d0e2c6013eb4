"""One step of a check, as a question to a worker and its answer.

Shape: the question is a pickle (it comes from us), the answer JSON (it comes from a process that
has read a stranger's document): ``{"needs": [url, …], "issuers": [id, …]}`` or
``{"report": …, "unreadable": …, "seen": {id: {"keys", "is_explained"}}}``; to
`Look`, ``{"kind", "link", "data"}`` or ``{"problem"}``.
"""

import base64
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from badges.errors import NotBaked
from badges.verify import Case, Form, Policy, Presented, check, needs, read
from badges.verify.key_history import issuers, seen
from did.fetch import Fetched
from issuer.verify.containers import look_inside

__all__ = ["Look", "Question", "answer"]


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

    problem: str = ""
    """Why there is nothing to read, if so."""

    def pack(self) -> bytes:
        """Write the question for a worker."""
        return pickle.dumps(self)


@dataclass(frozen=True, slots=True)
class Look:
    """A photo or a PDF: what is in it?"""

    data: bytes

    def pack(self) -> bytes:
        """Write the question for a worker."""
        return pickle.dumps(self)


def answer(packed: bytes) -> bytes:
    """Answer one question of `Question.pack` or `Look.pack`."""
    question: Question | Look = pickle.loads(packed)  # noqa: S301 - made by `pack`, not a stranger
    told = look(question) if isinstance(question, Look) else decide(question)
    return orjson.dumps(told, default=str)


def look(question: Look) -> dict[str, str]:
    """Open a photo or a PDF."""
    try:
        found = look_inside(question.data)
    except NotBaked as error:
        return {"problem": str(error)}
    carried = base64.b64encode(found.data).decode()
    return {"kind": found.kind, "link": found.link, "data": carried}


def decide(question: Question) -> dict[str, Any]:
    """Read, ask for evidence, or judge."""
    if question.problem:
        return judge(Presented(Form.NONE, problem=NotBaked(question.problem)), question)
    presented = read(question.data)
    if not question.final and (wanted := needs(presented, question.evidence, question.policy)):
        return {"needs": sorted(wanted), "issuers": sorted(issuers(presented))}
    return judge(presented, question)


def judge(presented: Presented, question: Question) -> dict[str, Any]:
    """Report, and say so when it is no credential at all."""
    case = Case(presented, question.evidence, question.policy, question.now)
    report = check(case)
    return {
        "seen": seen(case, report),
        "report": report.to_json(question.name),
        "unreadable": str(presented.problem) if presented.problem else None,
    }
