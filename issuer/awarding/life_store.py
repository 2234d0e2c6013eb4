"""The rows of issuances on their way. Every change of state asks for the state before it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from issuer.awarding.decision_json import from_json
from issuer.awarding.model import Decision, State
from issuer.db.job_tables import batch_job
from issuer.db.numbered import Numbered, numbered
from issuer.db.rows import change_many, insert_many
from issuer.db.tables import award, batch, issuance, issuance_draft, issuance_proof

__all__ = [
    "Intent",
    "Pending",
    "Sealed",
    "Unsigned",
    "add_issuances",
    "intents",
    "mark_published",
    "open_numbers",
    "pending",
    "save_intents",
    "save_sealed",
    "still_reserved",
    "void",
    "waiting",
]


class Pending(NamedTuple):
    """A reserved issuance: what is needed to write its draft."""

    id: int
    award_id: int
    organisation_id: int
    format: str
    holder: str
    credential_id: str
    achievement_id: int
    decision: Decision


class Intent(NamedTuple):
    """The exact bytes that are to be signed, and with which key."""

    issuance_id: int
    draft: bytes
    draft_hash: bytes
    salt: bytes
    signing_key_id: int
    intended_at: datetime


class Unsigned(NamedTuple):
    """An intent that was kept: what is needed to sign the stored bytes."""

    id: int
    organisation_id: int
    format: str
    signing_key_id: int
    intended_at: datetime
    draft_hash: bytes
    draft: bytes


class Sealed(NamedTuple):
    """What signing added to an intent."""

    issuance_id: int
    proof: bytes


def _waiting(these: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(issuance.c[name] for name in Pending._fields[:6]),
            award.c.achievement_id,
            award.c.content,
        )
        .join(award, award.c.id == issuance.c.award_id)
        .where(these, issuance.c.state == State.RESERVED)
        .order_by(issuance.c.id)
    )


_WAITING = numbered(issuance.c.id, _waiting)
_PENDING = numbered(issuance.c.id, lambda these: _waiting(these).with_for_update(of=issuance))
_STILL_RESERVED = numbered(
    issuance.c.id,
    lambda these: (
        select(issuance.c.id)
        .where(these, issuance.c.state == State.RESERVED)
        .order_by(issuance.c.id)
        .with_for_update()
    ),
)
_INTEND = (
    update(issuance)
    .where(issuance.c.id == bindparam("number"), issuance.c.state == State.RESERVED)
    .values(
        state=State.INTENDED,
        draft_hash=bindparam("hashed"),
        salt=bindparam("salted"),
        signing_key_id=bindparam("key_number"),
        intended_at=bindparam("moment"),
    )
)
_INTENTS = numbered(
    issuance.c.id,
    lambda these: (
        select(*(issuance.c[name] for name in Unsigned._fields[:-1]), issuance_draft.c.bytes)
        .join(issuance_draft, issuance_draft.c.issuance_id == issuance.c.id)
        .where(these, issuance.c.state == State.INTENDED)
        .order_by(issuance.c.id)
    ),
)


def _moved(before: State, after: State, since: Column[Any]) -> Numbered[ReturningUpdate[int]]:
    return numbered(
        issuance.c.id,
        lambda these: (
            update(issuance)
            .where(these, issuance.c.state == before)
            .values({issuance.c.state: after, since: bindparam("moment")})
            .returning(issuance.c.id)
        ),
    )


_SIGNED = _moved(State.INTENDED, State.SIGNED, issuance.c.signed_at)
_PUBLISHED = _moved(State.SIGNED, State.PUBLISHED, issuance.c.published_at)


def add_issuances(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep new issuances, which are reserved."""
    insert_many(connection, issuance, rows)


def pending(connection: Connection, numbers: Sequence[int]) -> list[Pending]:
    """Return those of these issuances that are reserved, with their awards, in order.

    They are locked: of two workers on one chunk, the second finds them intended.
    """
    return _read_pending(connection.execute(*_PENDING.of(numbers)))


def waiting(connection: Connection, numbers: Sequence[int]) -> list[Pending]:
    """Return the same without a lock: before they are moved on, see which are `still_reserved`."""
    return _read_pending(connection.execute(*_WAITING.of(numbers)))


def still_reserved(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Return which of these issuances are reserved, locked, in order."""
    return list(connection.scalars(*_STILL_RESERVED.of(numbers)))


def _read_pending(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Pending]:
    return [Pending._make((*row[:-1], from_json(row[-1]))) for row in rows]


def save_intents(connection: Connection, intents: Sequence[Intent]) -> None:
    """Keep the bytes to be signed, and move their issuances on."""
    if not intents:
        return
    drafts = [{"issuance_id": found.issuance_id, "bytes": found.draft} for found in intents]
    insert_many(connection, issuance_draft, drafts)
    rows = [
        {
            "number": found.issuance_id,
            "hashed": found.draft_hash,
            "salted": found.salt,
            "key_number": found.signing_key_id,
            "moment": found.intended_at,
        }
        for found in intents
    ]
    change_many(connection, _INTEND, rows)


def intents(connection: Connection, numbers: Sequence[int]) -> list[Unsigned]:
    """Return those of these issuances that are to be signed, with the stored bytes, in order."""
    return [Unsigned._make(row) for row in connection.execute(*_INTENTS.of(numbers))]


def save_sealed(connection: Connection, sealed: Sequence[Sealed], now: datetime) -> list[int]:
    """Keep proofs of issuances that are still to be signed; return which those were.

    Two workers may have signed the same intent: the first proof stays.
    """
    numbers = [found.issuance_id for found in sealed]
    mine = set(connection.scalars(*_SIGNED.of(numbers, moment=now)))
    rows = [
        {"issuance_id": found.issuance_id, "bytes": found.proof}
        for found in sealed
        if found.issuance_id in mine
    ]
    insert_many(connection, issuance_proof, rows)
    return sorted(mine)


def mark_published(connection: Connection, numbers: Sequence[int], now: datetime) -> list[int]:
    """Let learners have these signed issuances; return which were not out yet."""
    return sorted(connection.scalars(*_PUBLISHED.of(numbers, moment=now)))


def void(connection: Connection, number: int, reason: str) -> None:
    """Give an unsigned issuance up, and let its award be made again."""
    unsigned = (State.RESERVED, State.INTENDED)
    change = update(issuance).where(issuance.c.id == number, issuance.c.state.in_(unsigned))
    connection.execute(change.values(state=State.VOID, void_reason=reason))
    of = select(issuance.c.award_id).where(issuance.c.id == number).scalar_subquery()
    freed = b"void:%d" % number
    connection.execute(update(award).where(award.c.id == of).values(natural_key=freed))


def open_numbers(connection: Connection, after: int = 0, limit: int = 1_000) -> list[int]:
    """Return issuances that are on their way, oldest first; not those that workers have."""
    on_the_way = (State.RESERVED, State.INTENDED, State.SIGNED)
    at_work = (
        select(award.c.id)
        .join(batch_job, batch_job.c.batch_id == award.c.batch_id)
        .join(batch, batch.c.id == award.c.batch_id)
        .where(award.c.id == issuance.c.award_id)
        .where(batch_job.c.finished_at.is_(None), batch.c.cancelled_at.is_(None))
    )
    query = select(issuance.c.id).where(issuance.c.published_at.is_(None), issuance.c.id > after)
    query = query.where(issuance.c.state.in_(on_the_way), ~at_work.exists())
    return list(connection.scalars(query.order_by(issuance.c.id).limit(limit)))
