"""Names that nobody can guess and that die by themselves: offer links, codes, nonces.

Shape: base64url of ``name (16 bytes) + expiry (4 bytes, Unix seconds) + tag (16 bytes)``; the tag
is HMAC-SHA-256 over purpose, organisation, name and expiry, cut to 128 bits.
So a ticket made for one organisation or purpose means nothing to another, the database holds
none of them, and only what must be used *once* needs a row.
"""

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from badges.errors import MalformedCredential
from badges.proofs.jws import b64url_decode, b64url_encode

__all__ = ["NAME_BYTES", "Purpose", "TicketInvalid", "Tickets", "new_name"]

NAME_BYTES = 16
"""128 random bits name a thing."""

_TAG_BYTES = 16
_SIZE = NAME_BYTES + 4 + _TAG_BYTES


class Purpose(StrEnum):
    """What a ticket opens."""

    OFFER = "offer"
    CODE = "code"
    STATE = "state"
    NONCE = "nonce"


class TicketInvalid(Exception):
    """This ticket was never ours, is for something else, or has expired."""


def new_name() -> str:
    """Return a new random name, as text."""
    return b64url_encode(secrets.token_bytes(NAME_BYTES))


@dataclass(frozen=True, slots=True)
class Tickets:
    """The ticket office of one organisation."""

    key: bytes
    organisation: int

    def create(self, purpose: Purpose, name: str, expires: datetime) -> str:
        """Return a ticket that opens `name` until `expires`."""
        body = b64url_decode(name) + struct.pack(">I", int(expires.timestamp()))
        return b64url_encode(body + self._tag(purpose, body))

    def parse(self, purpose: Purpose, text: str, now: datetime) -> str:
        """Return the name that `text` opens.

        Raises:
            TicketInvalid: not a ticket of this organisation for this purpose, or too late.
        """
        try:
            raw = b64url_decode(text)
        except MalformedCredential as error:
            raise TicketInvalid from error
        body, tag = raw[:-_TAG_BYTES], raw[-_TAG_BYTES:]
        if len(raw) != _SIZE or not hmac.compare_digest(tag, self._tag(purpose, body)):
            raise TicketInvalid
        (expires,) = struct.unpack(">I", body[NAME_BYTES:])
        if now.timestamp() >= expires:
            raise TicketInvalid
        return b64url_encode(body[:NAME_BYTES])

    def _tag(self, purpose: Purpose, body: bytes) -> bytes:
        message = f"{purpose}\n{self.organisation}\n".encode() + body
        return hmac.digest(self.key, message, hashlib.sha256)[:_TAG_BYTES]
