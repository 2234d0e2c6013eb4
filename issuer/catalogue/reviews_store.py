"""The rows of reviews: links, comments, sign-offs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from issuer.db.catalogue_tables import review_comment, review_invitation, review_sign_off

__all__ = [
    "Comment",
    "Invitation",
    "SignOff",
    "add",
    "add_comment",
    "add_sign_off",
    "by_hash",
    "comments_of",
    "of_achievement",
    "sign_offs_of",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which somebody outside reads one achievement."""

    id: int
    organisation_id: int
    key: str
    invitee: str
    """Whom the office invited, in its own words."""

    created_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reviewer said, and of which text."""

    invitation_id: int
    digest: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SignOff:
    """That somebody outside agrees with exactly the text of this digest."""

    invitation_id: int
    name: str
    organisation: str
    digest: str
    signed_at: datetime
    withdrawn_at: datetime | None


def add(connection: Connection, token_hash: bytes, new: Invitation) -> int:
    """Keep a new link and return its number."""
    row = {
        "token_hash": token_hash,
        "organisation_id": new.organisation_id,
        "key": new.key,
        "invitee": new.invitee,
        "created_at": new.created_at,
        "expires_at": new.expires_at,
    }
    statement = insert(review_invitation).values(row).returning(review_invitation.c.id)
    number: int = connection.execute(statement).scalar_one()
    return number


def by_hash(connection: Connection, token_hash: bytes) -> Invitation | None:
    """Return the link with this hash."""
    query = select(review_invitation).where(review_invitation.c.token_hash == token_hash)
    row = connection.execute(query).one_or_none()
    return _read(row) if row else None


def of_achievement(connection: Connection, organisation_id: int, key: str) -> Sequence[Invitation]:
    """Return the links of one achievement, newest first."""
    query = select(review_invitation).where(
        review_invitation.c.organisation_id == organisation_id, review_invitation.c.key == key
    )
    ordered = query.order_by(review_invitation.c.id.desc())
    return [_read(row) for row in connection.execute(ordered)]


def add_comment(connection: Connection, new: Comment) -> None:
    """Keep what a reviewer said."""
    row = {
        "invitation_id": new.invitation_id,
        "digest": new.digest,
        "text": new.text,
        "created_at": new.created_at,
    }
    connection.execute(insert(review_comment).values(row))


def comments_of(connection: Connection, numbers: Sequence[int]) -> Sequence[Comment]:
    """Return the comments given by these links, oldest first."""
    query = select(review_comment).where(review_comment.c.invitation_id.in_(numbers))
    return [
        Comment(row.invitation_id, row.digest, row.text, row.created_at)
        for row in connection.execute(query.order_by(review_comment.c.id))
    ]


def add_sign_off(connection: Connection, new: SignOff) -> None:
    """Keep a sign-off; a second one by the same link breaks a constraint."""
    row = {
        "invitation_id": new.invitation_id,
        "name": new.name,
        "organisation": new.organisation,
        "digest": new.digest,
        "signed_at": new.signed_at,
    }
    connection.execute(insert(review_sign_off).values(row))


def sign_offs_of(connection: Connection, numbers: Sequence[int]) -> Sequence[SignOff]:
    """Return the sign-offs given by these links, oldest first, withdrawn ones too."""
    query = select(review_sign_off).where(review_sign_off.c.invitation_id.in_(numbers))
    return [
        SignOff(
            row.invitation_id,
            row.name,
            row.organisation,
            row.digest,
            row.signed_at,
            row.withdrawn_at,
        )
        for row in connection.execute(query.order_by(review_sign_off.c.signed_at))
    ]


def withdraw(connection: Connection, number: int, now: datetime) -> None:
    """Close a link, and take its sign-off back if there is one."""
    link, signed = review_invitation, review_sign_off
    still_open = (link.c.id == number) & link.c.withdrawn_at.is_(None)
    connection.execute(update(link).where(still_open).values(withdrawn_at=now))
    still_there = (signed.c.invitation_id == number) & signed.c.withdrawn_at.is_(None)
    connection.execute(update(signed).where(still_there).values(withdrawn_at=now))


def _read(row: Row[*tuple[Any, ...]]) -> Invitation:
    return Invitation(
        id=row.id,
        organisation_id=row.organisation_id,
        key=row.key,
        invitee=row.invitee,
        created_at=row.created_at,
        expires_at=row.expires_at,
        withdrawn_at=row.withdrawn_at,
    )
