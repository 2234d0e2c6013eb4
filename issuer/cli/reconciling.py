"""`reconcile`: after an old backup was restored, catch up with what is published."""

from dataclasses import asdict
from typing import Annotated

import typer

from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.status.publication import publish_due
from issuer.status.reconciling import reconcile

__all__ = ["register"]


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command("reconcile")(reconcile_lists)


def reconcile_lists(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    data: Data = None,
) -> None:
    """After a restored backup: merge the published status lists, then go on.

    Stop the service first. Nothing that was revoked comes back, no place is used twice.
    """
    instance = open_existing(read_settings(data=data))
    caught = reconcile(instance, "cli")
    publish_due(instance, "cli")
    if as_json:
        console.print_json(asdict(caught))
        return
    console.out.print(
        f"{caught.lists} published lists merged, {caught.adopted} adopted, "
        f"{caught.revoked} credentials revoked again; new credentials go to new lists"
    )
