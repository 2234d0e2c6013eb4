"""`init`: found a service, and open the first account of its staff."""

from pathlib import Path
from typing import Annotated

import typer

from issuer.cli import console
from issuer.cli.opening import found, read_settings
from issuer.cli.operating import Data
from issuer.db.session import reading
from issuer.errors import InvalidSettings
from issuer.organisations.accounts import first_link
from issuer.organisations.setup import establish_alliance
from issuer.organisations.store import all_organisations

__all__ = ["register"]


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(init)


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
