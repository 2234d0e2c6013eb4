"""Check what somebody gave us: ask a worker, fetch what it needs, ask again, report.

Shape: nothing of what was given is stored; the answer is the report of the public contract. Of
issuers elsewhere the service remembers which keys they published (`issuer.register.key_history`).
"""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from badges.verify import Policy
from badges.verify.key_history import Seen
from did.fetch import Fetched
from issuer.errors import NothingToCheck, Unreachable
from issuer.verify.containers import is_container
from issuer.verify.question import Look, Question
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission, link_in

__all__ = ["Answer", "fetched", "submitted", "verify"]

MAX_WRAPPINGS = 2
"""Photos and PDF files in each other: a code may lead to a PDF, and no further."""

ROUNDS = 4
"""Times we fetch: status lists and keys, then the keys of those lists, then what is left."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The report, and what it is about."""

    submission: Submission
    report: dict[str, Any]
    unreadable: str | None = None
    """Why it is no credential at all, where it is none."""


async def submitted(verifier: Verifier, text: str, file: bytes = b"", name: str = "") -> Submission:
    """Return what is to be checked: the file, or the text, or what the text is the address of.

    Raises:
        NothingToCheck: neither was given.
        Unreachable: the address leads nowhere we may go, or to nothing.
    """
    if file:
        return Submission(file, name or "file")
    if link := link_in(text):
        return await fetched(verifier, link)
    if not text.strip():
        raise NothingToCheck("choose a file, paste the credential, or paste a link to it")
    return Submission(text.strip().encode("utf-8", "surrogatepass"))


async def fetched(verifier: Verifier, link: str) -> Submission:
    """Return what is at an address.

    Raises:
        Unreachable: the address leads nowhere we may go, or to nothing.
    """
    found = (await verifier.sources.documents([link])).get(link)
    if found is None or found.status != 200:
        raise Unreachable("check that the link starts with https:// and opens without a password")
    return Submission(found.body, link)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is left when photos, PDF files and links in them are opened."""

    data: bytes
    kind: str = ""
    problem: str = ""

    def seen(self) -> dict[str, str]:
        return {"container": self.kind} if self.kind else {}


async def _opened(verifier: Verifier, data: bytes) -> _Opened:
    """Open `data` if it is a photo or a PDF, and follow the one link that a code leads to.

    Raises:
        CheckAborted: it asks for more work than any honest file.
        Unreachable: the link leads nowhere we may go, or to nothing.
    """
    kind = ""
    for _ in range(MAX_WRAPPINGS):
        if not is_container(data):
            return _Opened(data, kind)
        found = orjson.loads(await verifier.pool.ask(Look(data).pack()))
        if "problem" in found:
            return _Opened(b"", kind, found["problem"])
        kind = kind or found["kind"]
        data = base64.b64decode(found["data"])
        if found["link"]:
            data = (await fetched(verifier, found["link"])).data
    return _Opened(b"", kind, "there are too many things in each other")


async def verify(
    verifier: Verifier, submission: Submission, now: datetime, policy: Policy | None = None
) -> Answer:
    """Check `submission` and return the report; a forged credential is an answer, not an error.

    Raises:
        CheckAborted: it asks for more work than any honest credential.
        Unreachable: it is a photo of a code that leads nowhere we may go, or to nothing.
    """
    evidence, asked = dict[str, Fetched](), set[str]()
    if policy is None:
        policy = await asyncio.to_thread(verifier.sources.policy)
    carried = await _opened(verifier, submission.data)
    for left in range(ROUNDS, -1, -1):
        question = Question(
            submission.name, carried.data, evidence, policy, now, left == 0, carried.problem
        )
        answer = orjson.loads(await verifier.pool.ask(question.pack()))
        if "report" in answer:
            answer["report"]["credential"] |= carried.seen()
            await _remember(verifier, answer["seen"], policy)
            verifier.checked(answer["report"])
            return Answer(submission, answer["report"], answer["unreadable"])
        if left == ROUNDS and answer["issuers"]:
            known = await verifier.sources.known_keys(answer["issuers"])
            policy = replace(policy, known_keys=known)
        wanted = set(answer["needs"]) - asked
        asked |= wanted
        evidence |= await verifier.sources.documents(wanted)
    raise AssertionError("a final question is always answered with a report")


async def _remember(verifier: Verifier, seen: Mapping[str, Any], policy: Policy) -> None:
    """Let the service keep keys that are new to it."""
    found = {issuer: Seen(tuple(one["keys"]), one["is_explained"]) for issuer, one in seen.items()}
    new = {
        issuer: one
        for issuer, one in found.items()
        if not set(one.keys) <= policy.known_keys.get(issuer, frozenset())
    }
    if new:
        await verifier.sources.remember(new)
