"""`audit verify` and `audit checkpoint`: has anybody rewritten what was done?"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.signing import checkpoints

__all__ = ["register"]

audit = typer.Typer(name="audit", help="The log of everything done.", no_args_is_help=True)


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.add_typer(audit)


@audit.command()
def verify(
    *,
    against: Annotated[
        Path | None, typer.Option(help="Checkpoints kept elsewhere; those of the service if none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    data: Data = None,
) -> None:
    """Walk the whole log and compare it with every signed checkpoint; 64 if it was altered."""
    found = checkpoints.verify(open_existing(read_settings(data=data)), against)
    if as_json:
        console.print_json(asdict(found))
        return
    console.out.print(
        f"the audit log is whole: {found.lines} lines, {found.checkpoints} signed checkpoints fit, "
        f"its hash is {found.hash}"
    )


@audit.command()
def checkpoint(data: Data = None) -> None:
    """Sign how far the log is; a running service does this every hour."""
    console.out.print(checkpoints.checkpoint(open_existing(read_settings(data=data))), markup=False)
