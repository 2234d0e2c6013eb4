"""Mail that came back: read a delivery status notification and mark the mail it is about.

Spec: RFC 3464 (delivery status), RFC 6522 (multipart/report).
Shape: the returned message or its header lines name our Message-ID, whose middle nobody can guess.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.errors import InvalidBounce
from issuer.instance import Instance
from issuer.mail import store

__all__ = ["Bounce", "read_bounce", "record_bounce"]

MAX_BYTES = 5 * 2**20
_OURS = re.compile(r"<(\d{1,18})\.([0-9a-f]{24})@[^\s<>@]{1,255}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server tells of one of our mails."""

    mail_id: int
    token: str
    failed: bool
    """False for what is only delayed, relayed or delivered."""

    status: str
    """The status code of RFC 3463, like ``5.1.1``; empty when it has none."""


def read_bounce(data: bytes) -> Bounce:
    """Read a delivery status notification.

    Raises:
        InvalidBounce: it is none, or it is not about a mail of ours.
    """
    if len(data) > MAX_BYTES:
        raise InvalidBounce(f"longer than {MAX_BYTES} bytes")
    message = message_from_bytes(data, policy=default)
    parts = list(message.walk())
    told = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if message.get_content_type() != "multipart/report" or not told:
        raise InvalidBounce("this is not a delivery status notification (multipart/report)")
    fields = [block for part in told for block in _blocks(part)]
    actions = {str(block.get("Action", "")).strip().lower() for block in fields}
    statuses = [str(block.get("Status", "")) for block in fields]
    named = next((found for part in parts for found in _message_ids(part)), None)
    if named is None:
        raise InvalidBounce("it does not name a mail of this service")
    codes = [found[0] for status in statuses if (found := _STATUS.match(status.strip()))]
    return Bounce(int(named[1]), named[2], "failed" in actions, codes[-1] if codes else "")


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if payload else []


def _message_ids(part: Message) -> list[re.Match[str]]:
    """Find our Message-ID in the returned message, or in its header lines."""
    if part.get_content_type() == "text/rfc822-headers":
        raw = part.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
        lines = [line for line in text.splitlines() if line.lower().startswith("message-id:")]
    elif part.get_content_type() == "message/rfc822":
        lines = [str(block.get("Message-ID", "")) for block in _blocks(part)]
    else:
        lines = []
    return [found for line in lines if (found := _OURS.search(line))]


def record_bounce(instance: Instance, data: bytes) -> Bounce:
    """Mark the mail that came back; one that is only late is left as it is.

    Raises:
        InvalidBounce: it is no notification, or not about a mail of ours.
    """
    bounce = read_bounce(data)
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        why = f"bounced: {bounce.status or 'no reason given'}"
        if not store.is_ours(connection, bounce.mail_id, bounce.token):
            raise InvalidBounce("this service sent no such mail")
        if bounce.failed and store.mark_bounced(connection, bounce.mail_id, now, why):
            event = Event("mail", "mail.bounced", f"mail:{bounce.mail_id}")
            append(connection, [event], now)
    return bounce
