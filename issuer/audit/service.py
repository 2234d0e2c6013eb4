"""Check that nobody changed, removed or added a line of the audit log."""

from dataclasses import dataclass

import orjson
from sqlalchemy import Engine

from issuer.audit.model import GENESIS, chain
from issuer.audit.store import Row, head, rows
from issuer.db.session import reading
from issuer.errors import AuditBroken

__all__ = ["Checkpoint", "verify"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the log goes and the hash that stands for all of it."""

    lines: int
    hash: str


def verify(engine: Engine) -> Checkpoint:
    """Walk the whole chain and return its end.

    Raises:
        AuditBroken: naming the first line that was altered, is missing or was added.
    """
    with reading(engine) as connection:
        last, expected = head(connection)
        seq, previous = 0, GENESIS
        for row in rows(connection):
            seq += 1
            previous = _follow(row, seq, previous)
    if seq < last:
        raise AuditBroken(f"line {seq + 1} is missing, and with it {last - seq} at the end")
    if seq > last or previous != expected:
        raise AuditBroken(f"line {seq} is not the one the log ended with")
    return Checkpoint(seq, previous.hex())


def _follow(row: Row, seq: int, previous: bytes) -> bytes:
    if row.seq != seq:
        raise AuditBroken(f"line {seq} is missing: line {row.seq} comes in its place")
    found = chain(previous, row.line)
    if found != row.hash or _claimed_seq(row.line) != seq:
        raise AuditBroken(f"line {seq} was altered")
    return found


def _claimed_seq(text: bytes) -> object:
    try:
        return orjson.loads(text)["seq"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
