"""`award`: a list of people, tried first, then awarded row by row.

Exit codes: 0 when every row was awarded, is ready, or had been awarded before; 64 when a row needs
mending (the others are awarded all the same).
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from issuer.awarding.bulk import BulkReport, Upload, award_list, dry_run, error_sheet
from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.cli.telling import plain
from issuer.errors import InvalidUpload
from issuer.instance import Instance

__all__ = ["register"]

MOST_SHOWN = 50
"""Problems printed as a table; ``--errors`` writes them all."""

NEEDS_MENDING = 64


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(award)


def award(  # noqa: PLR0913 - one argument per option
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: one person a row.")],
    *,
    achievement: Annotated[str, typer.Option(help="What is awarded, by its id.")],
    rehearsal: Annotated[bool, typer.Option("--dry-run", help="Only look.")] = False,
    issuer: Annotated[str | None, typer.Option(help="Organisation that signs.")] = None,
    errors: Annotated[Path | None, typer.Option(help="Write the rows to mend here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    data: Data = None,
) -> None:
    """Award a list of people; rows that cannot be awarded are told with reason and fix."""
    if not path.is_file():
        raise InvalidUpload(f"{path}: there is no such file")
    instance = open_existing(read_settings(data=data))
    upload = Upload(path, achievement, issuer)
    report = dry_run(instance, upload) if rehearsal else _award(instance, upload)
    if errors:
        errors.write_text(error_sheet(report), encoding="utf-8")
    console.print_json(_as_json(report)) if as_json else _tell(report, rehearsal=rehearsal)
    raise typer.Exit(NEEDS_MENDING if report.invalid else 0)


def _award(instance: Instance, upload: Upload) -> BulkReport:
    total = dry_run(instance, upload).rows
    with console.progress() as progress:
        task = progress.add_task("awarding", total=total)
        return award_list(
            instance, upload, lambda report: progress.update(task, completed=report.rows)
        )


def _as_json(report: BulkReport) -> dict[str, Any]:
    return asdict(report)


def _tell(report: BulkReport, *, rehearsal: bool) -> None:
    done = f"{report.good} could be awarded" if rehearsal else f"{report.issued} awarded"
    console.out.print(
        f"{report.rows} rows: {done}, {report.duplicates} already awarded or listed twice, "
        f"{report.invalid} to mend"
    )
    if report.unused:
        console.out.print(f"columns not used: {plain(', '.join(report.unused))}", markup=False)
    if report.problems:
        _show_problems(report)


def _show_problems(report: BulkReport) -> None:
    table = Table()
    for heading in ("row", "column", "value", "reason", "fix"):
        table.add_column(heading)
    for problem in report.problems[:MOST_SHOWN]:
        cells = (problem.column, problem.value, problem.reason, problem.fix)
        table.add_row(str(problem.row), *(plain(cell) for cell in cells))
    console.out.print(table, markup=False)
    if len(report.problems) > MOST_SHOWN:
        console.out.print(f"… and {len(report.problems) - MOST_SHOWN} more: use --errors FILE")
