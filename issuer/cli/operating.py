"""`serve`, `worker` and `migrate`: the processes of production."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from issuer.app import create_app
from issuer.cli import console
from issuer.cli.opening import found, open_existing, read_settings
from issuer.instance import Instance

__all__ = ["Data", "listen", "register"]

Data = Annotated[Path | None, typer.Option(help="Folder of the service (LEARNSEAL_DATA).")]
Tls = tuple[Path, Path]
"""Certificate and private key of an https listener."""


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.command()(serve)
    program.command()(migrate)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    data: Data = None,
) -> None:
    """Serve the pages and interfaces; settings come from LEARNSEAL_*."""
    listen(open_existing(read_settings(data=data)), host=host, port=port)


def migrate(data: Data = None) -> None:
    """Create the database, or bring it up to date; harmless when it is."""
    instance = found(read_settings(data=data))
    console.note(f"the database of {instance.settings.data} is up to date")


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
