"""A letter, and how it becomes a message.

Spec: RFC 5322 (message), RFC 6532 (addresses in every script), RFC 3834 (automatic mail).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from issuer.errors import InvalidLetter

__all__ = ["Letter", "write_message"]

_ADDRESS = re.compile(
    r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]{1,255}"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
MAX_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody is told."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    language: str = "en"
    sender_name: str = ""
    """Who it is from, as people know them."""

    sender_address: str = ""
    """The address it is from; empty = the service's. Mail that comes back always goes there."""

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.to):
            raise InvalidLetter("the address is not one address like name@university.example")
        if self.sender_address and not _ADDRESS.fullmatch(self.sender_address):
            raise InvalidLetter("the sender's address is not one address")
        for header in (self.subject, self.sender_name, self.language):
            if _CONTROL.search(header):
                raise InvalidLetter("a header holds a line end or a control character")
        if not 0 < len(self.subject) <= MAX_SUBJECT:
            raise InvalidLetter(f"a subject has 1 to {MAX_SUBJECT} characters")


def write_message(letter: Letter, sender: str, message_id: str, now: datetime) -> EmailMessage:
    """Return the message; its Message-ID stays the same however often it is tried.

    Raises:
        InvalidLetter: an address or a header cannot be written.
    """
    shown = letter.sender_address or sender
    plain = all(address.isascii() for address in (letter.to, sender, shown))
    message = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    try:
        message["From"] = _named(letter.sender_name, shown)
        if shown != sender:
            message["Sender"] = sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message["Content-Language"] = letter.language
    except (ValueError, IndexError) as error:
        raise InvalidLetter("a header cannot be written") from error
    return message


def _named(name: str, address: str) -> str:
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{address}>' if quoted else address
