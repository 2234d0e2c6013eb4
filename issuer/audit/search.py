"""Find lines of the audit log: by time, by who, by what and by what it was done to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from issuer.db.tables import audit_line

__all__ = ["Found", "Wanted", "export", "search"]

PAGE = 2_000
MOST_LOOKED_AT = 100_000
"""Lines one search looks at; the page offers to go on from there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; what is empty does not narrow."""

    actor: str = ""
    action: str = ""
    """The beginning of an act's name: ``credential.`` finds all acts on credentials."""

    subject: str = ""
    """A part of what it was done to."""

    words: str = ""
    """A part of the line as it is written."""

    since: datetime | None = None
    until: datetime | None = None

    def fits(self, text: bytes, line: dict[str, Any]) -> bool:
        """Tell whether a line is wanted."""
        at = datetime.fromisoformat(line["at"])
        return (
            (not self.actor or line["actor"] == self.actor)
            and line["action"].startswith(self.action)
            and self.subject in line["subject"]
            and self.words.encode("utf-8", "replace") in text
            and (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, newest first."""

    lines: list[dict[str, Any]]
    older: int | None
    """Where to go on: lines before this one; None at the beginning of the log."""


def search(connection: Connection, wanted: Wanted, before: int | None, most: int) -> Found:
    """Return the newest lines that fit."""
    found: list[dict[str, Any]] = []
    for looked_at, (seq, text) in enumerate(_backwards(connection, before), start=1):
        if line := _fitting(wanted, text):
            found.append(line)
        if len(found) == most or looked_at == MOST_LOOKED_AT:
            return Found(found, seq if seq > 1 else None)
    return Found(found, None)


def export(connection: Connection, wanted: Wanted) -> Iterator[bytes]:
    """Give the lines that fit as they are written, oldest first."""
    after = 0
    while True:
        query = select(audit_line.c.seq, audit_line.c.line).where(audit_line.c.seq > after)
        page = connection.execute(query.order_by(audit_line.c.seq).limit(PAGE)).all()
        if not page:
            return
        chosen = [bytes(row.line) for row in page if _fitting(wanted, bytes(row.line))]
        if chosen:
            yield b"\n".join(chosen) + b"\n"
        after = page[-1].seq


def _backwards(connection: Connection, before: int | None) -> Iterator[tuple[int, bytes]]:
    while before is None or before > 1:
        query = select(audit_line.c.seq, audit_line.c.line)
        if before is not None:
            query = query.where(audit_line.c.seq < before)
        page = connection.execute(query.order_by(audit_line.c.seq.desc()).limit(PAGE)).all()
        if not page:
            return
        yield from ((row.seq, bytes(row.line)) for row in page)
        before = page[-1].seq


def _fitting(wanted: Wanted, text: bytes) -> dict[str, Any] | None:
    """Return a line that fits; one that was tampered with until it cannot be read fits always."""
    try:
        line: dict[str, Any] = orjson.loads(text)
        fits = wanted.fits(text, line)
        whole = {name: line[name] for name in _UNREADABLE}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return dict(_UNREADABLE)
    return whole if fits else None


_UNREADABLE: dict[str, Any] = {
    "seq": "?",
    "at": "",
    "actor": "",
    "action": "",
    "subject": "unreadable",
    "detail": {},
}
