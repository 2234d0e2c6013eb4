"""Mandates: a member lets the organisation above it sign its awards, and keeps the paper here.

Shape: at most one is in force for each organisation (a constraint); it is ended, never changed.
Without one an organisation signs for itself. What was signed before stays as it was signed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.mandate_tables import mandate
from issuer.errors import InvalidOrganisation, NotFound
from issuer.organisations import store
from issuer.organisations.model import Organisation

__all__ = [
    "MAX_BYTES",
    "Mandate",
    "Paper",
    "document",
    "end",
    "give",
    "of_organisation",
    "signer_of",
]

MAX_BYTES = 2 * 2**20
"""A signed letter, scanned."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The document that says so."""

    file_name: str
    content: bytes
    since: date


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate as it is kept, without its document."""

    id: int
    signer_id: int
    since: date
    file_name: str
    digest: str
    ended_at: datetime | None


def signer_of(connection: Connection, organisation: Organisation) -> Organisation:
    """Return who signs what `organisation` awards: itself, or whom its mandate names."""
    query = select(mandate.c.signer_id).where(
        mandate.c.organisation_id == organisation.id, mandate.c.ended_at.is_(None)
    )
    number = connection.execute(query).scalar_one_or_none()
    return organisation if number is None else store.by_id(connection, number)


def give(
    connection: Connection, organisation: Organisation, paper: Paper, actor: str, now: datetime
) -> None:
    """Let the organisation above sign from now on; the mandate before, if any, ends.

    Raises:
        InvalidOrganisation: nobody stands above, or the paper is none; nothing was changed.
    """
    if organisation.parent_id is None:
        raise InvalidOrganisation("an alliance signs for itself: there is nobody above it")
    if organisation.is_sandbox:
        raise InvalidOrganisation("nobody signs for a sandbox: what it awards is not real")
    _require_pdf(paper)
    _end(connection, organisation, now)
    digest = hashlib.sha256(paper.content).hexdigest()
    row = {
        "organisation_id": organisation.id,
        "signer_id": organisation.parent_id,
        "since": paper.since,
        "file_name": paper.file_name[:200] or "mandate.pdf",
        "document": paper.content,
        "digest": digest,
        "created_at": now,
    }
    connection.execute(insert(mandate).values(row))
    event = Event(actor, "mandate.given", organisation.did, {"sha256": digest})
    append(connection, [event], now)


def end(connection: Connection, organisation: Organisation, actor: str, now: datetime) -> None:
    """Let the organisation sign for itself again.

    Raises:
        NotFound: no mandate is in force.
    """
    if not _end(connection, organisation, now):
        raise NotFound("no mandate is in force: this organisation signs for itself")
    append(connection, [Event(actor, "mandate.ended", organisation.did)], now)


def of_organisation(connection: Connection, organisation: Organisation) -> Sequence[Mandate]:
    """Return every mandate of an organisation, the newest first."""
    columns = [mandate.c[name] for name in Mandate.__slots__]
    query = select(*columns).where(mandate.c.organisation_id == organisation.id)
    rows = connection.execute(query.order_by(mandate.c.id.desc())).mappings()
    return [Mandate(**row) for row in rows]


def document(connection: Connection, organisation: Organisation, number: int) -> bytes:
    """Return the paper of one mandate of this organisation.

    Raises:
        NotFound: it has no such mandate.
    """
    mine = (mandate.c.id == number) & (mandate.c.organisation_id == organisation.id)
    found = connection.execute(select(mandate.c.document).where(mine)).scalar_one_or_none()
    if found is None:
        raise NotFound("look at the list of mandates again")
    return bytes(found)


def _require_pdf(paper: Paper) -> None:
    if not paper.content.startswith(b"%PDF-"):
        raise InvalidOrganisation("send the mandate as a PDF file")
    if len(paper.content) > MAX_BYTES:
        raise InvalidOrganisation(
            f"the mandate has more than {MAX_BYTES // 2**20} MiB: scan smaller"
        )


def _end(connection: Connection, organisation: Organisation, now: datetime) -> bool:
    mine = (mandate.c.organisation_id == organisation.id) & mandate.c.ended_at.is_(None)
    return connection.execute(update(mandate).where(mine).values(ended_at=now)).rowcount == 1
