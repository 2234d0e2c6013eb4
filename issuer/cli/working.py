"""`worker`: background work, on this machine or on one of many."""

import signal
import threading
from typing import Annotated

import typer

from issuer.cli import console, logs
from issuer.cli.opening import open_existing, read_settings
from issuer.cli.operating import Data
from issuer.jobs.worker import start_worker
from issuer.work import work_of

__all__ = ["register"]


def register(program: typer.Typer) -> None:
    """Add the command."""
    program.command()(worker)


def worker(
    *,
    name: Annotated[str | None, typer.Option(help="Own name of this process.")] = None,
    hands: Annotated[int, typer.Option(min=1, max=64, help="Chunks at a time.")] = 2,
    data: Data = None,
) -> None:
    """Do background work until told to stop; any number of machines on one PostgreSQL."""
    settings = read_settings(data=data)
    logs.configure(settings)
    instance = open_existing(settings)
    ended = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: ended.set())
    running = start_worker(instance, work_of(instance, hands), name)
    console.note(f"worker {running.slot.name} is ready")
    ended.wait()
    running.stop()
