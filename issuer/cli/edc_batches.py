"""`edc export`: the awards of this service as sealed European Digital Credentials, many at once.

Exit codes: 0 when all were sealed, 1 when some were refused (each is told), 64 wrong call.
"""

from pathlib import Path
from typing import Annotated

import typer

from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.db.session import reading
from issuer.edc import store
from issuer.edc.commands import program as edc
from issuer.edc.exporting import seal_many, sealed
from issuer.signing.sealer import sealer_of

__all__ = ["export", "register"]


def register(program: typer.Typer) -> None:
    """Add the group `edc`."""
    program.add_typer(edc, name="edc")


@edc.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go.")],
    batch: Annotated[int | None, typer.Option(help="Only this batch.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: Data = None,
) -> None:
    """Seal every award for Europass; what was sealed before is only written out again."""
    instance = open_existing(read_settings(data=data))
    sealer = sealer_of(instance)
    with reading(instance.engine) as connection:
        numbers = store.badges_of(connection, batch)
    with console.progress() as progress:
        task = progress.add_task("sealing", total=len(numbers))
        done = seal_many(
            instance,
            numbers,
            sealer,
            actor="cli",
            tell=lambda n: progress.update(task, completed=n),
        )
    folder.mkdir(parents=True, exist_ok=True)
    for number in done.sealed:
        (folder / f"{number}.jsonld").write_bytes(sealed(instance, number, sealer, "cli"))
    if as_json:
        console.print_json({"sealed": len(done.sealed), "refused": done.refused})
    else:
        console.out.print(f"{len(done.sealed)} sealed, {len(done.refused)} refused")
        for number, reason in done.refused.items():
            console.note(f"{number}: {reason}")
    raise typer.Exit(1 if done.refused else 0)
