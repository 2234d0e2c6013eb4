"""Reviews by invited outsiders: a link, comments, and a sign-off of exactly one text.

Shape: the token of a link is 256 random bits, the store keeps its SHA-256. Reading does not use a
link up; signing off does. A sign-off holds for the text whose digest it names, so a change of one
letter ends it. The audit log names links by number, never people.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.catalogue import drafts, drafts_store, store
from issuer.catalogue import reviews_store as rows
from issuer.catalogue.drafts import Author
from issuer.catalogue.examining import MICRO_CREDENTIAL, Examination, examine
from issuer.catalogue.reviews_store import Comment, Invitation, SignOff
from issuer.catalogue.service import uri_of
from issuer.db.token_hash import token_hash
from issuer.errors import DraftChanged, InvalidAchievement, NotFound, SpentLink
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.model import Organisation

__all__ = [
    "LIFETIME",
    "Review",
    "Text",
    "comment",
    "constructed_with",
    "find",
    "invite",
    "reviewed",
    "reviews_of",
    "sign_off",
    "text_of",
    "withdraw",
]

LIFETIME = timedelta(days=30)
LONGEST_COMMENT = 4_000
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Review:
    """One link with everything that came of it."""

    invitation: Invitation
    comments: tuple[Comment, ...]
    sign_off: SignOff | None


@dataclass(frozen=True, slots=True)
class Text:
    """What is reviewed: the draft, or what is published where there is no draft."""

    organisation: Organisation
    key: str
    examination: Examination
    languages: tuple[str, ...]
    number: int
    """The published version; 0 for a draft."""

    @property
    def digest(self) -> str:
        """The fingerprint of the text; empty while it is not finished and cannot be signed off."""
        found = self.examination
        if found.missing and found.entry and found.entry.type == MICRO_CREDENTIAL:
            return ""
        return found.digest


def invite(author: Author, key: str, invitee: str) -> str:
    """Return a link by which somebody outside may read, comment and sign off.

    Raises:
        NotFound: this organisation has no such achievement.
        InvalidAchievement: it is not said whom it is for.
    """
    text_of(author.instance, author.connection, author.organisation, key)
    named = " ".join(invitee.split())[:LONGEST_NAME]
    if not named:
        raise InvalidAchievement("say whom the link is for: a name, an office, a company")
    token, now = secrets.token_urlsafe(32), author.instance.now()
    new = Invitation(0, author.organisation.id, key, named, now, now + LIFETIME, None)
    number = rows.add(author.connection, token_hash(token), new)
    author.tell("achievement.review-invited", key, {"link": number})
    return f"{author.instance.settings.origin}/review/{token}"


def find(instance: Instance, connection: Connection, token: str) -> Review:
    """Return the review a link leads to.

    Raises:
        NotFound: there is none.
        SpentLink: it was withdrawn, has ended, or was used to sign off.
    """
    invitation = rows.by_hash(connection, token_hash(token))
    if invitation is None:
        raise NotFound("check the link: it has to be copied whole")
    if invitation.withdrawn_at or instance.now() >= invitation.expires_at:
        raise SpentLink("ask the people who invited you for a new link")
    (review,) = _whole(connection, [invitation])
    if review.sign_off is not None:
        raise SpentLink("you have signed off: thank you. Ask for a new link to read it again")
    return review


def text_of(
    instance: Instance, connection: Connection, organisation: Organisation, key: str
) -> Text:
    """Return what is reviewed.

    Raises:
        NotFound: this organisation has no such achievement.
    """
    draft, version = drafts_store.by_key(connection, key), store.latest(connection, key)
    owners = {each.organisation_id for each in (draft, version) if each}
    if owners != {organisation.id}:
        raise NotFound("this organisation has no such achievement")
    if draft is not None:
        found = drafts.examine_draft(instance, organisation, draft)
        return Text(organisation, key, found, draft.languages, 0)
    if version is None:
        raise NotFound("this organisation has no such achievement")
    content, uri = version.entry.model_dump(), uri_of(instance, organisation, key)
    found = examine(content, organisation.particulars, uri, version=version.number)
    return Text(organisation, key, found, tuple(version.entry.title), version.number)


def reviewed(instance: Instance, connection: Connection, review: Review) -> Text:
    """Return the text that a link leads to."""
    organisation = organisations.by_id(connection, review.invitation.organisation_id)
    return text_of(instance, connection, organisation, review.invitation.key)


def comment(instance: Instance, connection: Connection, review: Review, said: str) -> None:
    """Keep what a reviewer says.

    Raises:
        InvalidAchievement: it says nothing.
    """
    text = said.strip()[:LONGEST_COMMENT]
    if not text:
        raise InvalidAchievement("write your comment first")
    digest = reviewed(instance, connection, review).digest
    now, number = instance.now(), review.invitation.id
    rows.add_comment(connection, Comment(number, digest, text, now))
    event = Event(f"review:{number}", "achievement.review-commented", review.invitation.key)
    append(connection, [event], now)


def sign_off(  # noqa: PLR0913 - who signs what, each named
    instance: Instance,
    connection: Connection,
    review: Review,
    *,
    name: str,
    organisation: str,
    digest: str,
) -> None:
    """Record that somebody outside agrees with the text of `digest`; the link is used up.

    Raises:
        InvalidAchievement: it is not said who signs, or the text is not whole yet.
        DraftChanged: the text is another one by now.
    """
    who, where = (" ".join(each.split())[:LONGEST_NAME] for each in (name, organisation))
    if not who or not where:
        raise InvalidAchievement("write your name and your organisation")
    current = reviewed(instance, connection, review).digest
    if not current:
        raise InvalidAchievement("the text is not finished yet: it can be signed off later")
    if current != digest:
        raise DraftChanged("the text was changed while you were reading: read it again")
    now, number = instance.now(), review.invitation.id
    rows.add_sign_off(connection, SignOff(number, who, where, digest, now, None))
    detail: dict[str, str | int] = {"digest": digest}
    event = Event(f"review:{number}", "achievement.signed-off", review.invitation.key, detail)
    append(connection, [event], now)


def withdraw(author: Author, key: str, number: int) -> None:
    """Close a link and take its sign-off back.

    Raises:
        NotFound: this achievement has no such link.
    """
    known = rows.of_achievement(author.connection, author.organisation.id, key)
    if number not in {each.id for each in known}:
        raise NotFound("this achievement has no such review")
    rows.withdraw(author.connection, number, author.instance.now())
    author.tell("achievement.review-withdrawn", key, {"link": number})


def reviews_of(connection: Connection, organisation: Organisation, key: str) -> list[Review]:
    """Return every review of an achievement, newest first."""
    return _whole(connection, [*rows.of_achievement(connection, organisation.id, key)])


def constructed_with(
    connection: Connection, organisation: Organisation, key: str, digest: str
) -> list[SignOff]:
    """Return who outside signed off exactly the text of `digest`."""
    return [
        review.sign_off
        for review in reversed(reviews_of(connection, organisation, key))
        if review.sign_off
        and review.sign_off.withdrawn_at is None
        and digest
        and review.sign_off.digest == digest
    ]


def _whole(connection: Connection, invitations: list[Invitation]) -> list[Review]:
    numbers = [each.id for each in invitations]
    said, signed = rows.comments_of(connection, numbers), rows.sign_offs_of(connection, numbers)
    return [
        Review(
            each,
            tuple(found for found in said if found.invitation_id == each.id),
            next((found for found in signed if found.invitation_id == each.id), None),
        )
        for each in invitations
    ]
