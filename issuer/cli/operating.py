"""`migrate`: keep the database current; and the option that names the folder of the service."""

from pathlib import Path
from typing import Annotated

import typer

from issuer.cli import console
from issuer.cli.opening import found, read_settings

__all__ = ["Data", "register"]

Data = Annotated[Path | None, typer.Option(help="Folder of the service (LEARNSEAL_DATA).")]


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(migrate)


def migrate(data: Data = None) -> None:
    """Create the database, or bring it up to date; harmless when it is."""
    instance = found(read_settings(data=data))
    console.note(f"the database of {instance.settings.data} is up to date")
