"""What we ask a browser to bring back: answered once, in time, and by the same browser."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from issuer.db.sign_in_tables import staff_question
from issuer.db.token_hash import token_hash
from issuer.errors import SignInRefused

__all__ = ["LIFETIME", "Question", "answered", "ask"]

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Question:
    """Who was asked for what."""

    kind: str
    browser: str
    """The cookie of the browser that was asked."""


def ask(
    connection: Connection,
    question: Question,
    answer: bytes,
    detail: Mapping[str, str],
    now: datetime,
) -> None:
    """Remember a question whose right answer is `answer`; forget those nobody answered in time."""
    connection.execute(delete(staff_question).where(staff_question.c.expires_at <= now))
    row = {
        "answer_hash": hashlib.sha256(answer).digest(),
        "browser_hash": token_hash(question.browser),
        "kind": question.kind,
        "detail": json.dumps(dict(detail)),
        "expires_at": now + LIFETIME,
    }
    connection.execute(insert(staff_question).values(row))


def answered(
    connection: Connection, question: Question, answer: bytes, now: datetime
) -> dict[str, str]:
    """Use a question up and return what was remembered with it.

    Raises:
        SignInRefused: it was never asked, not of this browser, or is answered or over.
    """
    mine = (
        (staff_question.c.answer_hash == hashlib.sha256(answer).digest())
        & (staff_question.c.browser_hash == token_hash(question.browser))
        & (staff_question.c.kind == question.kind)
        & (staff_question.c.expires_at > now)
    )
    used = delete(staff_question).where(mine).returning(staff_question.c.detail)
    detail = connection.execute(used).scalar_one_or_none()
    if detail is None:
        raise SignInRefused("begin again from the sign-in page: this answer comes too late")
    found: dict[str, str] = json.loads(detail)
    return found
