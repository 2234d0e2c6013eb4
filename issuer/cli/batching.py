"""`batch submit|status|cancel|resume`: lists awarded in the background."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from issuer.awarding import batches
from issuer.awarding.bulk import BulkReport, Upload, error_sheet
from issuer.awarding.person_row import Problem
from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.edc import batches as edc
from issuer.errors import InvalidUpload
from issuer.instance import Instance

__all__ = ["register"]

Number = Annotated[int, typer.Argument(metavar="BATCH", help="Its number, told by `submit`.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]

batch = typer.Typer(name="batch", help="Lists awarded in the background.", no_args_is_help=True)


def register(program: typer.Typer) -> None:
    """Add the commands."""
    program.add_typer(batch)


@batch.command()
def submit(  # noqa: PLR0913 - one argument per option
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: one person a row.")],
    *,
    achievement: Annotated[str, typer.Option(help="What is awarded, by its id.")],
    issuer: Annotated[str | None, typer.Option(help="Organisation that signs.")] = None,
    at: Annotated[datetime | None, typer.Option(help="Not before this time (UTC).")] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Keep a list to be awarded by the workers, and tell the number of its batch."""
    if not path.is_file():
        raise InvalidUpload(f"{path}: there is no such file")
    instance = open_existing(read_settings(data=data))
    starts_at = at.replace(tzinfo=UTC) if at else None
    number = batches.submit(instance, Upload(path, achievement, issuer), starts_at)
    _tell(instance, number, as_json=as_json)


@batch.command()
def status(
    number: Number,
    *,
    errors: Annotated[Path | None, typer.Option(help="Write the rows to mend here.")] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Tell how far a batch is."""
    instance = open_existing(read_settings(data=data))
    if errors:
        report = BulkReport(problems=_problems(instance, number))
        errors.write_text(error_sheet(report), encoding="utf-8")
    _tell(instance, number, as_json=as_json)


@batch.command()
def cancel(number: Number, *, as_json: AsJson = False, data: Data = None) -> None:
    """Stop a batch; what is issued stays issued."""
    instance = open_existing(read_settings(data=data))
    batches.cancel(instance, number, "cli")
    _tell(instance, number, as_json=as_json)


@batch.command()
def resume(number: Number, *, as_json: AsJson = False, data: Data = None) -> None:
    """Go on with a batch that was cancelled or stands still."""
    instance = open_existing(read_settings(data=data))
    batches.resume(instance, number, "cli")
    _tell(instance, number, as_json=as_json)


def _problems(instance: Instance, number: int) -> list[Problem]:
    return [*batches.problems_of(instance, number), *edc.problems_of(instance, number)]


def _tell(instance: Instance, number: int, *, as_json: bool) -> None:
    progress, sealing = batches.progress_of(instance, number), edc.progress_of(instance, number)
    found: dict[str, Any] = asdict(progress)
    if as_json:
        console.print_json(found | {"edc": asdict(sealing) if sealing else None})
        return
    counted = ", ".join(f"{rows} {what}" for what, rows in found["counts"].items() if rows)
    if sealing:
        refused = f", {sealing.refused} without" if sealing.refused else ""
        counted += f"; EDC: {sealing.sealed} of {sealing.wanted} sealed{refused}"
    console.out.print(
        f"batch {progress.batch_id}: {progress.stage}, {progress.rows} rows ({counted or 'none'})"
    )
