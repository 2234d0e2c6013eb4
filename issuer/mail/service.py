"""Send what is queued: each mail is written when it is sent, so that no text waits in the store.

Two workers never send the same mail at once: who takes one puts its next try off first. After a
failure it is tried again, later each time, with the same Message-ID.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from issuer.db.session import unit_of_work
from issuer.errors import InvalidLetter, IssuerError, MailRefused, MailUnavailable
from issuer.instance import Instance
from issuer.mail import store
from issuer.mail.letter import Letter, write_message
from issuer.mail.store import Waiting
from issuer.mail.transport import Transport, sender_of, transport_of

__all__ = ["BACKOFF", "Postman", "Writer", "postman_of"]

BACKOFF = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60)
)
"""How long we wait after each failed try; then we give up."""

AT_ONCE = 100
"""Most mails of one round."""

Writer = Callable[[Instance, int], Letter | None]
"""Writes the mail about one subject; None where there is nobody to write to."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Postman:
    """Sends mail of the kinds it has writers for."""

    instance: Instance
    transport: Transport
    writers: Mapping[str, Writer]

    def round(self) -> int:
        """Try every mail whose time has come; return how many were sent."""
        now = self.instance.now()
        with unit_of_work(self.instance.engine) as connection:
            waiting = store.due(connection, now, AT_ONCE)
            for found in waiting:
                store.postpone(connection, found.id, now + _pause(found))
        return sum(self._try(found) for found in waiting)

    def _try(self, waiting: Waiting) -> bool:
        try:
            sent = self._send(waiting)
        except MailUnavailable as error:
            log.warning("mail %d is tried again later: %s", waiting.id, error)
            if waiting.attempts >= len(BACKOFF) - 1:
                self._give_up(waiting, str(error))
            return False
        except (InvalidLetter, MailRefused) as error:
            self._give_up(waiting, f"{error.code}: {error}")
            return False
        except IssuerError as error:
            self._give_up(waiting, error.code)
            return False
        return sent

    def _send(self, waiting: Waiting) -> bool:
        writer = self.writers.get(waiting.kind)
        letter = writer(self.instance, waiting.subject_id) if writer else None
        if letter is None:
            self._give_up(waiting, "nobody to write to")
            return False
        settings, now = self.instance.settings, self.instance.now()
        host = urlsplit(settings.origin).hostname or "localhost"
        message_id = f"<{waiting.id}.{waiting.token}@{host}>"
        self.transport.send(write_message(letter, sender_of(settings), message_id, now))
        with unit_of_work(self.instance.engine) as connection:
            store.mark_sent(connection, waiting.id, now)
        return True

    def _give_up(self, waiting: Waiting, why: str) -> None:
        log.warning("mail %d is given up: %s", waiting.id, why)
        with unit_of_work(self.instance.engine) as connection:
            store.give_up(connection, waiting.id, self.instance.now(), why)


def postman_of(instance: Instance, writers: Mapping[str, Writer]) -> Postman | None:
    """Return who sends this service's mail; None where it sends none."""
    transport = transport_of(instance.settings)
    return Postman(instance, transport, writers) if transport else None


def _pause(waiting: Waiting) -> timedelta:
    return BACKOFF[min(waiting.attempts, len(BACKOFF) - 1)]
