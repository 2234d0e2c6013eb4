"""The rows of issuances, as they are found."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from issuer.awarding.model import Issuance, State
from issuer.db.tables import award, issuance, issuance_draft, issuance_proof
from issuer.errors import NotFound

__all__ = [
    "awards_of",
    "by_credential_id",
    "by_number",
    "document_parts",
    "numbers_of",
    "of_award",
    "of_batch",
    "siblings_of",
    "with_parts",
]


_BY_NUMBER = select(issuance).where(issuance.c.id == bindparam("number"))
_OF_AWARD = (
    select(issuance).where(issuance.c.award_id == bindparam("number")).order_by(issuance.c.id)
)
_WITH_PARTS = (
    select(
        *issuance.c,
        issuance_draft.c.bytes.label("draft"),
        issuance_proof.c.bytes.label("proof"),
    )
    .outerjoin(issuance_draft, issuance_draft.c.issuance_id == issuance.c.id)
    .outerjoin(issuance_proof, issuance_proof.c.issuance_id == issuance.c.id)
    .where(issuance.c.id == bindparam("number"))
)


def by_number(connection: Connection, number: int) -> Issuance:
    """Return issuance `number`.

    Raises:
        NotFound: there is none.
    """
    return _one(connection, _BY_NUMBER, {"number": number})


def by_credential_id(connection: Connection, credential_id: str) -> Issuance:
    """Return the issuance of a credential.

    Raises:
        NotFound: it was not issued here.
    """
    return _one(connection, select(issuance).where(issuance.c.credential_id == credential_id))


def of_batch(connection: Connection, batch_id: int) -> list[int]:
    """Return the published issuances of a batch, in the order of its rows."""
    query = (
        select(issuance.c.id)
        .join(award)
        .where(award.c.batch_id == batch_id, issuance.c.state == State.PUBLISHED)
        .order_by(award.c.row_number)
    )
    return list(connection.scalars(query))


def numbers_of(connection: Connection, credential_ids: Sequence[str]) -> list[int]:
    """Return the issuances of these credentials, in order, each once.

    Raises:
        NotFound: one was not issued here.
    """
    found: dict[str, int] = {}
    for start in range(0, len(credential_ids), 500):
        some = credential_ids[start : start + 500]
        query = select(issuance.c.credential_id, issuance.c.id)
        rows = connection.execute(query.where(issuance.c.credential_id.in_(some)))
        found.update((row.credential_id, row.id) for row in rows)
    if missing := [wanted for wanted in credential_ids if wanted not in found]:
        raise NotFound(f"{missing[0][:100]} was not issued here")
    return [found[wanted] for wanted in dict.fromkeys(credential_ids)]


def of_award(connection: Connection, award_id: int) -> list[Issuance]:
    """Return every artefact of an award."""
    return [_read(row) for row in connection.execute(_OF_AWARD, {"number": award_id})]


def awards_of(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Return the awards of these issuances, each once."""
    query = select(issuance.c.award_id).where(issuance.c.id.in_(numbers)).distinct()
    return sorted(connection.scalars(query))


def siblings_of(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Return the other artefacts of the awards of these issuances."""
    awards = select(issuance.c.award_id).where(issuance.c.id.in_(numbers))
    query = select(issuance.c.id).where(issuance.c.award_id.in_(awards))
    return list(connection.scalars(query.where(issuance.c.id.not_in(numbers))))


def with_parts(connection: Connection, number: int) -> tuple[Issuance, tuple[bytes, bytes] | None]:
    """Return an issuance, with its draft and proof once it is signed.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(_WITH_PARTS, {"number": number}).one_or_none()
    if row is None:
        raise NotFound("no credential with this id was issued here")
    whole = row.draft is not None and row.proof is not None
    return _read(row), (bytes(row.draft), bytes(row.proof)) if whole else None


def document_parts(connection: Connection, number: int) -> tuple[bytes, bytes] | None:
    """Return draft and proof of a signed issuance, None before it is signed.

    Raises:
        NotFound: there is no such issuance.
    """
    return with_parts(connection, number)[1]


def _one(
    connection: Connection, query: Select[*tuple[Any, ...]], values: dict[str, Any] | None = None
) -> Issuance:
    row = connection.execute(query, values or {}).one_or_none()
    if row is None:
        raise NotFound("no credential with this id was issued here")
    return _read(row)


def _read(row: Row[*tuple[Any, ...]]) -> Issuance:
    return Issuance(
        id=row.id,
        award_id=row.award_id,
        organisation_id=row.organisation_id,
        format=row.format,
        holder=row.holder,
        credential_id=row.credential_id,
        state=State(row.state),
        signing_key_id=row.signing_key_id,
        draft_hash=None if row.draft_hash is None else bytes(row.draft_hash),
        intended_at=row.intended_at,
        signed_at=row.signed_at,
        published_at=row.published_at,
        void_reason=row.void_reason,
    )
