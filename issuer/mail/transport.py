"""Where messages go: to a mail server, or into a folder on this machine.

Spec: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 8314 (implicit TLS).
"""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from issuer.errors import MailRefused, MailUnavailable
from issuer.settings import Settings

__all__ = ["Folder", "Smtp", "Transport", "sender_of", "transport_of"]

PATIENCE = 20.0
"""Seconds we wait for a mail server."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Transport(Protocol):
    """Takes a message, or says why not."""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            MailUnavailable: not now; try again later.
            MailRefused: not ever.
        """
        ...


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server."""

    settings: Settings

    def send(self, message: EmailMessage) -> None:
        """Hand a message to the server, over TLS unless the operator said otherwise."""
        try:
            with self._connect() as server:
                self._enter(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(found[0] for found in error.recipients.values())
            raise (MailRefused if code >= 500 else MailUnavailable)(f"answer {code}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused("the mail server does not take such an address") from error
        except smtplib.SMTPResponseException as error:
            raise MailUnavailable(f"answer {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        said = self.settings
        if said.smtp_security != "tls":
            return smtplib.SMTP(said.smtp_host, said.smtp_port, timeout=PATIENCE)
        tls = ssl.create_default_context()
        return smtplib.SMTP_SSL(said.smtp_host, said.smtp_port, timeout=PATIENCE, context=tls)

    def _enter(self, server: smtplib.SMTP) -> None:
        """Protect the connection and say who we are, as far as the operator wants."""
        server.ehlo()
        if self.settings.smtp_security == "starttls":
            if not server.has_extn("starttls"):
                raise MailUnavailable("the mail server offers no STARTTLS")
            server.starttls(context=ssl.create_default_context())
        if self.settings.smtp_user:
            server.login(self.settings.smtp_user, self.settings.smtp_password)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: nothing leaves this machine; for demos and tests."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        """Keep a message as a file only its owner can read."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = "".join(sign for sign in message["Message-ID"] if sign.isalnum() or sign in "-.")
        handle = os.open(self.path / f"{name}.eml", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())


def transport_of(settings: Settings) -> Transport | None:
    """Return where this service's mail goes; None where it sends none."""
    if settings.smtp_host:
        return Smtp(settings)
    if settings.mail_folder and urlsplit(settings.origin).hostname in LOCAL:
        return Folder(settings.mail_folder)
    return None


def sender_of(settings: Settings) -> str:
    """Return the address mail comes from."""
    return settings.smtp_from or f"no-reply@{urlsplit(settings.origin).hostname or 'localhost'}"
