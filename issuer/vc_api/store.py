"""What was signed through VC-API: the draft is kept first, its proof after."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from issuer.db.tables import vc_api_credential as table
from issuer.errors import StoredBytesChanged

__all__ = ["Intent", "draft_of", "keep_intent", "keep_proof"]


@dataclass(frozen=True, slots=True)
class Intent:
    """The exact bytes that are to be signed, by whom and how."""

    organisation_id: int
    signing_key_id: int
    suite: str
    draft: bytes


def keep_intent(connection: Connection, intent: Intent, now: datetime) -> int:
    """Keep what is to be signed; return its number."""
    row = {
        "organisation_id": intent.organisation_id,
        "signing_key_id": intent.signing_key_id,
        "suite": intent.suite,
        "draft": intent.draft,
        "draft_hash": hashlib.sha256(intent.draft).digest(),
        "intended_at": now,
    }
    number: int = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
    return number


def draft_of(connection: Connection, number: int) -> bytes:
    """Read back the bytes that are to be signed.

    Raises:
        StoredBytesChanged: they are not those that were kept.
    """
    query = select(table.c.draft, table.c.draft_hash).where(table.c.id == number)
    found = connection.execute(query).one()
    draft = bytes(found.draft)
    if hashlib.sha256(draft).digest() != bytes(found.draft_hash):
        raise StoredBytesChanged("the stored draft is not the one that was checked")
    return draft


def keep_proof(connection: Connection, number: int, proof: bytes, now: datetime) -> None:
    """Keep the proof of a draft."""
    unsigned = (table.c.id == number) & table.c.signed_at.is_(None)
    connection.execute(update(table).where(unsigned).values(proof=proof, signed_at=now))
