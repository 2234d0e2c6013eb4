"""`mail bounce`: tell the service which of its mails came back."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.mail.bounces import MAX_BYTES, record_bounce

__all__ = ["register"]

mail = typer.Typer(name="mail", help="The mail to learners.", no_args_is_help=True)


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.add_typer(mail)


@mail.callback()
def group() -> None:
    """Keep the name of the group in front of its only command."""


@mail.command()
def bounce(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Delivery status notifications (RFC 3464); standard input if none."),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines, one a message.")] = False,
    data: Data = None,
) -> None:
    """Mark mails that came back; a mail server may pipe its notifications here."""
    instance = open_existing(read_settings(data=data))
    texts = [path.read_bytes() for path in files or []] or [sys.stdin.buffer.read(MAX_BYTES + 1)]
    for text in texts:
        found = record_bounce(instance, text)
        told = "came back" if found.failed else "is only late: nothing was changed"
        if as_json:
            console.print_json(asdict(found) | {"token": None})
        else:
            console.out.print(f"mail {found.mail_id} {told} {found.status}".rstrip())
