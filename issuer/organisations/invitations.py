"""Invite somebody to work at an organisation by mail: the link of an account, sent.

Shape: the link is a keyed hash of a random seed, made again when the mail is written: no store
holds it. The address is kept beside the link, and forgotten when the link was used or is over.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from badges.proofs.jws import b64url_encode
from issuer.db.secret import secret
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAccount, InvalidLetter
from issuer.instance import Instance
from issuer.mail import store as mails
from issuer.mail.letter import Letter
from issuer.mail.transport import transport_of
from issuer.organisations import accounts, accounts_store
from issuer.organisations import store as organisations
from issuer.organisations.accounts_store import Invited
from issuer.organisations.branding.store import look
from issuer.organisations.roles import Grant
from issuer.web.i18n import DEFAULT, moment, speak
from issuer.web.i18n import gettext as _

__all__ = ["KIND", "LIFE", "Invitation", "can_invite", "forget_over", "invite", "write_invitation"]

KIND = "invitation"
"""The kind of mail; its subject is the link."""

LIFE = timedelta(days=3)
"""How long a link works that comes by mail: over a weekend."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, and to what."""

    grant: Grant
    email: str = field(repr=False)


def can_invite(instance: Instance) -> bool:
    """Tell whether this service sends mail."""
    return transport_of(instance.settings) is not None


def invite(instance: Instance, connection: Connection, invitation: Invitation, actor: str) -> str:
    """Queue a mail with a link that opens one account, once; return the link.

    Raises:
        InvalidAccount: this is no address, or this service sends no mail.
    """
    if not can_invite(instance):
        raise InvalidAccount({"email": _("Leave it empty: this service sends no mail.")})
    if not _is_address(invitation.email):
        text = _("Write an e-mail address like ada@university.example.")
        raise InvalidAccount({"email": text})
    seed, now = secrets.token_bytes(16), instance.now()
    ticket = accounts.Ticket(invitation.grant, _token(instance, connection, seed), LIFE)
    number = accounts.keep_link(instance, connection, ticket, actor)
    accounts_store.forget_invited(connection, now)
    accounts_store.add_invited(connection, number, Invited(invitation.email, seed))
    mails.add(connection, KIND, [number], now)
    return accounts.address_of(instance, ticket)


def write_invitation(instance: Instance, number: int) -> Letter | None:
    """Write the mail with a link; None where it was used, or its time is over."""
    with reading(instance.engine) as connection:
        link = accounts_store.link_by_number(connection, number)
        invited = accounts_store.invited(connection, number)
        if link is None or invited is None or not link.is_open(instance.now()):
            return None
        at = organisations.by_id(connection, link.grant.organisation_id)
        seen = look(connection, at)
        ticket = accounts.Ticket(link.grant, _token(instance, connection, invited.seed), LIFE)
    language = seen.languages[0] if seen.languages else DEFAULT
    speak(language)
    name = " ".join(at.particulars.legal_name.split())
    words = {
        "organisation": name,
        "url": accounts.address_of(instance, ticket),
        "moment": moment(link.expires_at),
    }
    return Letter(
        to=invited.email,
        subject=(_("Your account at the staff desk of %(organisation)s") % words)[:200],
        text="\n\n".join(part % words for part in _parts()) + "\n",
        language=language,
        sender_name=(seen.sender_name or name)[:120],
        sender_address=seen.sender_address,
    )


def forget_over(instance: Instance) -> None:
    """Forget the addresses of links that were used or are over."""
    with unit_of_work(instance.engine) as connection:
        accounts_store.forget_invited(connection, instance.now())


def _parts() -> tuple[str, ...]:
    return (
        _("Hello,"),
        _("%(organisation)s invites you to its staff desk, where micro-credentials are awarded."),
        _("Open your account:"),
        "%(url)s",
        _("The link works once, until %(moment)s, and is yours alone."),
        _("You do not know why you get this? Do nothing: no account is made without you."),
    )


def _is_address(email: str) -> bool:
    try:
        Letter(email, KIND, "")
    except InvalidLetter:
        return False
    return accounts.is_address(email)


def _token(instance: Instance, connection: Connection, seed: bytes) -> str:
    key = secret(connection, KIND, instance.now())
    return b64url_encode(hmac.digest(key, seed, hashlib.sha256))
