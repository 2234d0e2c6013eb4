"""Check what somebody gave us: ask a worker, fetch what it needs, ask again, report.

Shape: nothing is stored; the answer is the report of the public contract.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from badges.verify import Policy
from did.fetch import Fetched
from issuer.errors import NothingToCheck, Unreachable
from issuer.verify.question import Question
from issuer.verify.sources import Verifier
from issuer.verify.submission import Submission, link_in

__all__ = ["Answer", "fetched", "submitted", "verify"]

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


async def verify(
    verifier: Verifier, submission: Submission, now: datetime, policy: Policy | None = None
) -> Answer:
    """Check `submission` and return the report; a forged credential is an answer, not an error.

    Raises:
        CheckAborted: it asks for more work than any honest credential.
    """
    evidence, asked = dict[str, Fetched](), set[str]()
    if policy is None:
        policy = await asyncio.to_thread(verifier.sources.policy)
    for left in range(ROUNDS, -1, -1):
        question = Question(submission.name, submission.data, evidence, policy, now, left == 0)
        answer = orjson.loads(await verifier.pool.ask(question.pack()))
        if "report" in answer:
            return Answer(submission, answer["report"], answer["unreadable"])
        wanted = set(answer["needs"]) - asked
        asked |= wanted
        evidence |= await verifier.sources.documents(wanted)
    raise AssertionError("a final question is always answered with a report")
