"""The outbox of a demo: the mails that would have gone out. Never there on a public service."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from issuer.errors import NotFound
from issuer.instance import Instance
from issuer.mail.transport import Folder, transport_of
from issuer.web import instance_of
from issuer.web.layout import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

MAX_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One mail as the page shows it."""

    to: str
    subject: str
    text: str
    links: tuple[str, ...]


@router.get("/outbox")
def outbox(request: Request) -> HTMLResponse:
    """Show the newest mails of a demo."""
    shown = mails(instance_of(request))
    return render(request, "mail/outbox.html", private=True, mails=shown)


def mails(instance: Instance) -> list[Shown]:
    """Read the newest mails.

    Raises:
        NotFound: this service sends its mail, or none.
    """
    transport = transport_of(instance.settings)
    if not isinstance(transport, Folder):
        raise NotFound("this service keeps no outbox")
    files = sorted(transport.path.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [_read(file.read_bytes(), instance) for file in files[: -MAX_SHOWN - 1 : -1]]


def _read(data: bytes, instance: Instance) -> Shown:
    message = message_from_bytes(data, policy=default)
    body = message.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if body else ""
    own = f"{instance.settings.origin}/"
    links = tuple(word for word in text.split() if word.startswith(own))
    return Shown(str(message["To"]), str(message["Subject"]), text, links)
