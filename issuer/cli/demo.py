"""`demo`: the main job from end to end on an invented alliance, then the pages.

Everything is real but the people and the seal: real keys, a real database, real signatures, and
the verifier that employers use, fed only with what anyone could fetch.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from issuer.cli import console, throwaway_tls
from issuer.cli.demo_steps import STEPS, Tour
from issuer.cli.opening import found, read_settings
from issuer.cli.serving import Tls, listen
from issuer.errors import InvalidSettings
from issuer.instance import Instance
from issuer.organisations.accounts import first_link

__all__ = ["demo", "register"]

MARK = ".learnseal-demo"
"""A folder with this file in it was made by a demo and may be made anew."""


class DidMethod(StrEnum):
    """How the demo's organisations are named."""

    WEB = "web"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Done:
    """One step that went well."""

    title: str
    result: str
    seconds: float


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(demo)


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop after the table.")] = False,
    data: Annotated[Path, typer.Option(help="Folder to work in; made anew.")] = Path("demo-data"),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    tls: Annotated[bool, typer.Option("--tls", help="https with a throw-away CA.")] = False,
    did: Annotated[DidMethod, typer.Option(help="DIDs of the organisations.")] = DidMethod.WEB,
) -> None:
    """Award, sign, verify and revoke for an invented alliance; then serve the pages."""
    _clear(data)
    scheme = "https" if tls else "http"
    origin, letters = f"{scheme}://localhost:{port}", data / "mail"
    instance = found(read_settings(data=data, base_url=origin, mail_folder=letters))
    pair = throwaway_tls.make(data / "tls", instance.now()) if tls else None
    done = _run(Tour(instance, data, did.value), STEPS)
    _tell(done, data)
    if not once:
        _serve(instance, data, port, pair)


def _clear(data: Path) -> None:
    """Take away what an earlier demo left, and nothing else.

    Raises:
        InvalidSettings: the folder holds something that no demo made.
    """
    if data.exists() and any(data.iterdir()) and not (data / MARK).exists():
        raise InvalidSettings(f"{data} is not empty and no demo made it: name another with --data")
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    (data / MARK).touch()


def _run(tour: Tour, steps: Sequence[tuple[str, Callable[[Tour], str]]]) -> list[Done]:
    done: list[Done] = []
    with console.err.status("") as working:
        for title, step in steps:
            working.update(title)
            start = time.perf_counter()
            done.append(Done(title, step(tour), time.perf_counter() - start))
    return done


def _tell(done: Sequence[Done], data: Path) -> None:
    table = Table(title="learnseal demo: an invented alliance, a real job", title_justify="left")
    table.add_column("", justify="right")
    table.add_column("step")
    table.add_column("result")
    table.add_column("seconds", justify="right")
    for number, step in enumerate(done, 1):
        table.add_row(str(number), step.title, step.result, f"{step.seconds:.2f}")
    console.out.print(table)
    console.out.print(f"What was issued lies in {data / 'issued'}.", markup=False)


def _serve(instance: Instance, data: Path, port: int, pair: Tls | None) -> None:
    origin = instance.settings.origin
    console.out.print(f"\nOpen {origin}/ (Ctrl-C to stop)", markup=False)
    console.out.print(f"  verify a credential  {origin}/verify", markup=False)
    console.out.print(f"  web wallet           {origin}/wallet/", markup=False)
    console.out.print(f"  mails to learners    {origin}/outbox", markup=False)
    for line in (data / "claims.txt").read_text().splitlines()[:1]:
        console.out.print(f"  claim one            {line}", markup=False)
    console.out.print(f"  staff desk           {first_link(instance)}", markup=False)
    console.out.print("                       (opens the first account: once, for 30 minutes)")
    listen(instance, host="127.0.0.1", port=port, tls=pair)
