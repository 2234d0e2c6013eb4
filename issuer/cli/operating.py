"""`init`, `serve` and `migrate`: found a service, run it, keep its database current."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from issuer.app import create_app
from issuer.cli import console, logs
from issuer.cli.opening import found, open_existing, read_settings
from issuer.db.session import reading
from issuer.errors import InvalidSettings
from issuer.instance import Instance
from issuer.organisations.accounts import first_link
from issuer.organisations.setup import establish_alliance
from issuer.organisations.store import all_organisations

__all__ = ["Data", "listen", "register"]

Data = Annotated[Path | None, typer.Option(help="Folder of the service (LEARNSEAL_DATA).")]
Tls = tuple[Path, Path]
"""Certificate and private key of an https listener."""


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.command()(serve)
    program.command()(migrate)
    program.command()(init)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    data: Data = None,
) -> None:
    """Serve the pages and interfaces; settings come from LEARNSEAL_*."""
    settings = read_settings(data=data)
    logs.configure(settings)
    listen(open_existing(settings), host=host, port=port)


def migrate(data: Data = None) -> None:
    """Create the database, or bring it up to date; harmless when it is."""
    instance = found(read_settings(data=data))
    console.note(f"the database of {instance.settings.data} is up to date")


def init(
    alliance: Annotated[
        Path | None, typer.Option(help="YAML file of the alliance and its members.")
    ] = None,
    data: Data = None,
) -> None:
    """Found a service, and print the link that opens the first account of its staff.

    Run again, it founds nothing anew and prints a new link.
    """
    instance = found(read_settings(data=data))
    with reading(instance.engine) as connection:
        is_new = not all_organisations(connection)
    if is_new and alliance is None:
        raise InvalidSettings("name the alliance and its members with --alliance FILE.yaml")
    if is_new and alliance is not None:
        made = establish_alliance(instance, alliance)
        console.note(f"founded {made[0].particulars.legal_name} with {len(made) - 1} members")
    console.note("Open this link in a browser; it works once, for 30 minutes:")
    console.out.print(first_link(instance), markup=False)


def listen(instance: Instance, *, host: str, port: int, tls: Tls | None = None) -> None:
    """Serve `instance` until the process is told to stop."""
    certificate, key = tls or (None, None)
    uvicorn.run(
        create_app(instance),
        host=host,
        port=port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
        proxy_headers=True,
    )
