"""`serve`: the pages and interfaces, until the process is told to stop."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from issuer.app import create_app
from issuer.cli import logs
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.instance import Instance
from issuer.web.http_protocol import BoundedProtocol

__all__ = ["Tls", "listen", "register"]

Tls = tuple[Path, Path]
"""Certificate and private key of an https listener."""

KEEP_ALIVE = 75
"""Seconds an idle connection stays open: longer than proxies keep theirs (60 and less), so that
none is closed in the moment a proxy sends the next request on it."""


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    data: Data = None,
) -> None:
    """Serve the pages and interfaces; settings come from LEARNSEAL_*."""
    settings = read_settings(data=data)
    logs.configure(settings)
    listen(open_existing(settings), host=host, port=port)


def listen(instance: Instance, *, host: str, port: int, tls: Tls | None = None) -> None:
    """Serve `instance` until the process is told to stop."""
    certificate, key = tls or (None, None)
    uvicorn.run(
        create_app(instance),
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=KEEP_ALIVE,
        proxy_headers=True,
    )
