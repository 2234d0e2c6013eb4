"""`learnseal esco search` and `learnseal esco load`: skills from the command line."""

import json
from pathlib import Path
from typing import Annotated

import typer

from issuer.catalogue import esco
from issuer.settings import Settings

__all__ = ["program", "register"]

program = typer.Typer(help="Skills of the European classification ESCO.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="Folder of the service (LEARNSEAL_DATA).")]


def register(learnseal: typer.Typer) -> None:
    """Add the group `esco`."""
    learnseal.add_typer(program, name="esco")


@program.command()
def search(
    text: Annotated[str, typer.Argument(help="Words, or the beginnings of words.")],
    lang: Annotated[str, typer.Option(help="Language, two letters.")] = "en",
    limit: Annotated[int, typer.Option(min=1, max=esco.MAX_RESULTS)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: Data = None,
) -> None:
    """Find skills by their names."""
    index = esco.index_in(data or Settings().data)
    for found in esco.search(index, text, lang=lang, limit=limit):
        line = {"uri": found.uri, "label": found.label, "type": found.kind}
        shown = json.dumps(line, ensure_ascii=False) if as_json else f"{found.label}  {found.uri}"
        typer.echo(shown)
    if not as_json:
        typer.echo(esco.ATTRIBUTION, err=True)
        if not index.languages()[lang]:
            typer.echo("Only the selection that comes with learnseal was searched.", err=True)


@program.command()
def load(
    file: Annotated[Path, typer.Argument(help="The official skills_xx.csv.")],
    lang: Annotated[str, typer.Option(help="Language, where the file's name lacks it.")] = "",
    data: Data = None,
) -> None:
    """Load all skills of one language; what was loaded in that language before is replaced."""
    count = esco.load_file(data or Settings().data, file, lang)
    typer.echo(f"{count} skills loaded")
