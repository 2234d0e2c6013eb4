"""`learnseal achievement check|import|export`: achievements as files, by the rules of the desk.

Exit codes: 0 when every file may be published as what it says it is; 64 when one needs mending.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from badges.award import Element
from issuer.catalogue import drafts, store
from issuer.catalogue.examining import FIELDS, MICRO_CREDENTIAL, Examination, examine
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.service import import_achievements, uri_of
from issuer.catalogue.yaml_file import achievement_files, read_achievement
from issuer.cli import console
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAchievement, NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.yaml_file import write_yaml

__all__ = ["program", "register"]

program = typer.Typer(
    help="Achievements: check files, publish them, take them out.", no_args_is_help=True
)

NEEDS_MENDING = 64


def register(room: typer.Typer) -> None:
    """Add the group of commands."""
    room.add_typer(program, name="achievement")


Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="YAML or JSON, or folders.")]


@program.command()
def check(
    files: Files,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
    data: Data = None,
) -> None:
    """Count the EU standard elements of each file, and say what is wrong or missing."""
    instance = open_existing(read_settings(data=data))
    entries = [(path, read_achievement(path)) for path in _each(files)]
    good = True
    for path, entry in entries:
        found = _examined(instance, entry)
        good = good and _stands(entry, found)
        if as_json:
            console.print_json(_as_json(path, entry, found))
        else:
            _tell(path, entry, found)
    raise typer.Exit(0 if good else NEEDS_MENDING)


@program.command(name="import")
def bring_in(files: Files, *, data: Data = None) -> None:
    """Publish every file, or none if one needs mending."""
    instance = open_existing(read_settings(data=data))
    entries = [read_achievement(path) for path in _each(files)]
    with unit_of_work(instance.engine) as connection:
        for version in import_achievements(instance, connection, entries):
            console.out.print(f"{version.key} version {version.number}", markup=False)


@program.command()
def export(
    key: Annotated[str, typer.Argument(help="The achievement, by its id.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
    data: Data = None,
) -> None:
    """Print the newest version of an achievement as a file that `import` reads."""
    instance = open_existing(read_settings(data=data))
    with reading(instance.engine) as connection:
        version = store.latest(connection, key)
    if version is None:
        raise NotFound(f"there is no achievement {key[:120]!r}")
    entry = version.entry
    head = {"id": entry.id, "awarding_body": entry.awarding_body}
    content = head | drafts.content_of(entry)
    if as_json:
        console.print_json(content)
    else:
        typer.echo(write_yaml(content), nl=False)


def _each(files: list[Path]) -> list[Path]:
    found = [path for given in files for path in achievement_files(given)]
    if not found:
        raise InvalidAchievement("there is no YAML file in that folder")
    return found


def _examined(instance: Instance, entry: AchievementEntry) -> Examination:
    with reading(instance.engine) as connection:
        body = organisations.by_slug(connection, entry.awarding_body)
    return examine(entry.model_dump(), body.particulars, uri_of(instance, body, entry.id))


def _stands(entry: AchievementEntry, found: Examination) -> bool:
    return found.entry is not None and not (entry.type == MICRO_CREDENTIAL and found.missing)


def _as_json(path: Path, entry: AchievementEntry, found: Examination) -> dict[str, Any]:
    return {
        "input": str(path),
        "id": entry.id,
        "type": entry.type,
        "publishable": _stands(entry, found),
        **found.to_json(),
    }


def _tell(path: Path, entry: AchievementEntry, found: Examination) -> None:
    said = "ready" if _stands(entry, found) else "needs mending"
    line = f"{path}: {entry.type}, {found.count}/11 EU standard elements, {said}"
    console.out.print(line, markup=False)
    for element in found.missing:
        console.out.print(f"  missing: {_named(element)}", markup=False)
    for remark in found.problems:
        console.out.print(f"  {remark.field}: {remark.message}", markup=False)
    for remark in found.advice:
        console.out.print(f"  remark on {remark.field}: {remark.message}", markup=False)


def _named(element: Element) -> str:
    return f"{element.value} ({FIELDS.get(element, element)})"
