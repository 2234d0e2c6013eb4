"""Prove that the mail of an award's address reaches the person at this browser.

Shape: asking keeps a row with a random name and the hash of the browser's cookie. Link and number
of the mail are keyed hashes of that name, made when the mail is written: no store holds them. The
link works once, in the browser that asked, for 15 minutes; so does the number, with five tries.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import Connection, select

from badges.proofs.jws import b64url_encode
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.awarding.decision_json import from_json
from issuer.claiming import proving_store as store
from issuer.claiming.letters import facts_of, signed
from issuer.claiming.model import Claim
from issuer.claiming.proving_store import Proof
from issuer.claiming.rules import rules_of_award
from issuer.db.secret import secret
from issuer.db.session import unit_of_work
from issuer.db.tables import award
from issuer.db.token_hash import token_hash
from issuer.errors import NotFound, SpentLink, TooManyAttempts
from issuer.instance import Instance
from issuer.mail import store as mails
from issuer.mail.letter import Letter
from issuer.web.i18n import gettext as _

__all__ = [
    "KIND",
    "LIFE",
    "TRIES",
    "ask",
    "is_let_in",
    "known_address",
    "prove_by_link",
    "prove_by_number",
    "write_proof",
]

KIND = "proof"
"""The kind of mail; its subject is the row of the proof."""

LIFE = timedelta(minutes=15)
"""How long link and number work."""

STAY = timedelta(hours=12)
"""How long a browser that proved it is let in."""

TRIES = 5
MAILS_AN_HOUR = 5
"""Most mails about one claim link in an hour: nobody's mailbox is filled from here."""


def is_let_in(instance: Instance, connection: Connection, claim: Claim, browser: str) -> bool:
    """Tell whether this browser may see a claim: nothing is asked, or it has proved it."""
    if not rules_of_award(connection, claim.award_id).prove_email:
        return True
    since = instance.now() - STAY
    return bool(browser) and store.has_proved(connection, claim.id, token_hash(browser), since)


def known_address(connection: Connection, claim: Claim) -> str | None:
    """Return the address a mail would go to, cut so that it says nothing to a stranger."""
    query = select(award.c.content).where(award.c.id == claim.award_id, award.c.erased_at.is_(None))
    content = connection.scalar(query)
    address = from_json(content).learner.email if content else None
    if not address:
        return None
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}"


def ask(instance: Instance, claim: Claim, browser: str) -> None:
    """Queue a mail with a link and a number for this browser.

    Raises:
        NotFound: no address is known for this award.
        TooManyAttempts: it was asked for too often within the hour.
    """
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        if known_address(connection, claim) is None:
            raise NotFound("no e-mail address is known: ask the organisation to add yours")
        if store.asked_since(connection, claim.id, now - timedelta(hours=1)) >= MAILS_AN_HOUR:
            raise TooManyAttempts("mails were sent already: look for them, or try in an hour")
        name = b64url_encode(secrets.token_bytes(16))
        number = store.add(connection, claim.id, name, token_hash(browser), now)
        mails.add(connection, KIND, [number], now)


def prove_by_link(instance: Instance, token: str, browser: str) -> None:
    """Let the browser in that asked for the mail with this link.

    Raises:
        SpentLink: used, too old, never sent, or opened in another browser; all look the same.
    """
    name, _dot, _tag = token.partition(".")
    with unit_of_work(instance.engine) as connection:
        found = store.by_name(connection, name)
        if found is None or not hmac.compare_digest(_link(instance, connection, found), token):
            raise SpentLink(_elsewhere())
        if not hmac.compare_digest(found.browser_hash, token_hash(browser)):
            raise SpentLink(_elsewhere())
        _let_in(instance, connection, found)


def prove_by_number(instance: Instance, claim: Claim, number: str, browser: str) -> bool:
    """Let the browser in that asked for the mail with this number; False when it is wrong.

    Raises:
        SpentLink: nothing was asked for, it is too old, or all tries are used.
    """
    given = "".join(number.split())
    with unit_of_work(instance.engine) as connection:
        found = store.newest(connection, claim.id, token_hash(browser))
        if found is None or not _is_open(instance, found):
            raise SpentLink("this number has ended: have a new one sent")
        if not store.count_try(connection, found.id, TRIES):
            raise SpentLink("too many wrong numbers: have a new one sent")
        right = hmac.compare_digest(_number(instance, connection, found), given)
        if right:
            _let_in(instance, connection, found)
    return right


def write_proof(instance: Instance, number: int) -> Letter | None:
    """Write the mail of one proof; None when nobody waits for it any more."""
    with unit_of_work(instance.engine) as connection:  # the key is made the first time
        found = store.by_number(connection, number)
        if found is None or not _is_open(instance, found):
            return None
        facts = facts_of(connection, store.award_of(connection, found.claim_id))
        link, digits = _link(instance, connection, found), _number(instance, connection, found)
    if facts is None:
        return None
    parts = (
        _("Hello %(learner)s,"),
        _("Somebody, probably you, is about to take your micro-credential “%(title)s”."),
        _("Open this link in the same browser:"),
        "%(url)s",
        _("Or type this number on the page that waits for it: %(number)s"),
        _("Both work once and for 15 minutes. Was it not you? Then do nothing."),
    )
    more = {"url": f"{instance.settings.origin}/claim-proof/{link}", "number": digits}
    return signed(facts, _("Your number is %(number)s"), parts, more)


def _let_in(instance: Instance, connection: Connection, found: Proof) -> None:
    now = instance.now()
    if not _is_open(instance, found) or not store.mark_proved(connection, found.id, now):
        raise SpentLink(_elsewhere())
    award_id = store.award_of(connection, found.claim_id)
    append(connection, [Event("claim", "claim.address-proved", f"award:{award_id}")], now)


def _is_open(instance: Instance, found: Proof) -> bool:
    return found.proved_at is None and instance.now() < found.created_at + LIFE


def _elsewhere() -> str:
    return "open it in the browser where you asked for it, or have a new one sent"


def _link(instance: Instance, connection: Connection, found: Proof) -> str:
    return f"{found.name}.{b64url_encode(_keyed(instance, connection, 'link', found)[:16])}"


def _number(instance: Instance, connection: Connection, found: Proof) -> str:
    keyed = _keyed(instance, connection, "number", found)
    return f"{int.from_bytes(keyed[:8], 'big') % 10**6:06d}"


def _keyed(instance: Instance, connection: Connection, what: str, found: Proof) -> bytes:
    key = secret(connection, "claim-proof", instance.now())
    return hmac.digest(key, f"{what}\n{found.name}".encode(), hashlib.sha256)
